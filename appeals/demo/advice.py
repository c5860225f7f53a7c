"""What a writer should know about the countries of the demonstration's officials."""

import datetime

from appeals.demo.shape import prose
from cases.models import CountryAdvice

RISKS = {
    "CN": prose("""
        If you live in China or have family there, think before you write: mail from abroad may be opened, and a letter
        about Xinjiang can lead to questions for you or for your relatives. Initials and a town are enough as a sender.
        (Text and days by post are examples for the demonstration: check them before you rely on them.)
    """),
    "US": prose("""
        Writing to an embassy in Washington carries no risk that we know of for most people. If you need a visa from
        that embassy or have family in its country, bear in mind that it may keep what it receives. (Text and days by
        post are examples for the demonstration: check them before you rely on them.)
    """),
}

DAYS_BY_POST = {"CN": 14, "US": 7}


def add(today: datetime.date) -> list[str]:
    """Give advice where there is none. Returns the codes of the countries that now have some."""
    made = []
    for code, risk in RISKS.items():
        _advice, is_new = CountryAdvice.objects.get_or_create(
            country=code, defaults={"risk": risk, "days_by_post": DAYS_BY_POST[code], "checked_on": today}
        )
        if is_new:
            made.append(code)
    return made
