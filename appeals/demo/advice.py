"""What a writer should know about the countries of the demonstration's officials, and of those who write."""

import datetime
from dataclasses import dataclass

from appeals.demo.shape import prose
from cases.models import CountryAdvice


@dataclass(frozen=True)
class DemoAdvice:
    risk: str = ""
    days_by_post: int | None = None
    postal_operator: str = ""  # of those who write from this country
    postage_url: str = ""


ADVICE = {
    "CN": DemoAdvice(
        risk=prose("""
            If you live in China or have family there, think before you write: mail from abroad may be opened, and a
            letter about Xinjiang can lead to questions for you or for your relatives. Initials and a town are enough as
            a sender. (Text and days by post are examples for the demonstration: check them before you rely on them.)
        """),
        days_by_post=14,
    ),
    "US": DemoAdvice(
        risk=prose("""
            Writing to an embassy in Washington carries no risk that we know of for most people. If you need a visa from
            that embassy or have family in its country, bear in mind that it may keep what it receives. (Text and days
            by post are examples for the demonstration: check them before you rely on them.)
        """),
        days_by_post=7,
        postal_operator="USPS",
        postage_url="https://www.usps.com/",
    ),
    "GB": DemoAdvice(postal_operator="Royal Mail", postage_url="https://www.royalmail.com/"),
    "FR": DemoAdvice(postal_operator="La Poste", postage_url="https://www.laposte.fr/"),
    "DE": DemoAdvice(postal_operator="Deutsche Post", postage_url="https://www.deutschepost.de/"),
    "KZ": DemoAdvice(postal_operator="Qazpost", postage_url="https://post.kz/"),
    "ES": DemoAdvice(postal_operator="Correos", postage_url="https://www.correos.es/"),
}


def add(today: datetime.date) -> list[str]:
    """Give advice where there is none. Returns the codes of the countries that now have some."""
    made = []
    for code, demo in ADVICE.items():
        _advice, is_new = CountryAdvice.objects.get_or_create(
            country=code,
            defaults={
                "risk": demo.risk,
                "days_by_post": demo.days_by_post,
                "checked_on": today,
                "postal_operator": demo.postal_operator,
                "postage_url": demo.postage_url,
                "postage_checked_on": today if demo.postage_url else None,
            },
        )
        if is_new:
            made.append(code)
    return made
