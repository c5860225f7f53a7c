"""Embassies of China in the directory: they belong to no notice and serve every case about that country."""

from appeals.demo import loading
from appeals.demo.shape import DemoOfficial
from cases.models import Official

CAVEAT = "address as known in 2024, for the demonstration: check before anyone writes"

# Who holds the office is not told, so no greeting guesses a name or whether a man or a woman is greeted.
GREETINGS = {
    "en": "Your Excellency,",
    "zh": "尊敬的大使阁下：",
    "fr": "Excellence,",
    "es": "Excelencia:",
    "ru": "Ваше Превосходительство!",
    "kk": "Құрметті Елші!",
}


def _embassy(city: str, host: str, time_zone: str, *address: str) -> DemoOfficial:
    return DemoOfficial(
        slug=f"embassy-of-china-{city.lower()}",
        role="Ambassador",
        name="",
        institution="Embassy of the People's Republic of China",
        address=address,
        country=host,
        represents="CN",
        accredited_to=host,
        time_zone=time_zone,
        salutations=GREETINGS,
    )


EMBASSIES = {
    "London": _embassy("London", "GB", "Europe/London", "49-51 Portland Place", "London W1B 1JL"),
    "Paris": _embassy("Paris", "FR", "Europe/Paris", "20 rue Monsieur", "75007 Paris"),
    "Berlin": _embassy("Berlin", "DE", "Europe/Berlin", "Märkisches Ufer 54", "10179 Berlin"),
    "Astana": _embassy("Astana", "KZ", "Asia/Almaty", "37 Kabanbay Batyr Avenue", "Astana"),
    "Madrid": _embassy("Madrid", "ES", "Europe/Madrid", "Calle Arturo Soria 113", "28043 Madrid"),
    "Moscow": _embassy("Moscow", "RU", "Europe/Moscow", "ul. Druzhby 6", "119285 Moscow"),
}


def add() -> list[str]:
    """Enter each embassy where the directory has none. Returns the cities of those that were entered."""
    made = []
    for city, embassy in EMBASSIES.items():
        there = Official.objects.embassies_of(embassy.represents).accredited_to(embassy.accredited_to)
        if not there.exists() and loading.enter(embassy):
            made.append(city)
    return made
