"""Small makers of real rows. Each has just enough to be valid; a test names what it is about."""

import datetime
import itertools
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from appeals.models import Subscription
from cases import publishing
from cases.deadlines import date_of_last_place
from cases.models import (
    Case,
    ContactChannel,
    LetterText,
    NoticeText,
    Official,
    Person,
    Salutation,
    Target,
    UrgentAction,
)

_count = itertools.count(1)


def today() -> datetime.date:
    return date_of_last_place(timezone.now())


def make_case(**fields: Any) -> Case:
    values: dict[str, Any] = {"number": next(_count), "year": 2020, "country": "CN", **fields}
    case = Case.objects.create(**values)
    Person.objects.create(
        case=case,
        name="Nagyz Muhammed",
        pronouns="he/him",
        role="writer",
        may_be_named=True,
        consent="his family, 2020",
    )
    return case


def make_official(**fields: Any) -> Official:
    number = next(_count)
    values: dict[str, Any] = {
        "role": "Director",
        "name": f"Wang Jiang {number}",
        "institution": "Prison Administration Bureau",
        "address": "No 380, Huanghe lu\n830000 Urumqi",
        "country": "CN",
        "slug": f"director-{number}",
        **fields,
    }
    official = Official.objects.create(**values)
    Salutation.objects.create(official=official, language="en", text="Dear Director Wang,")
    ContactChannel.objects.create(official=official, kind="email", value="office@example.org")
    return official


def make_notice(case: Case | None = None, officials: int = 1, **fields: Any) -> UrgentAction:
    """A draft that passes every publish check."""
    values: dict[str, Any] = {
        "case": case or make_case(),
        "headline": "Life imprisonment for missing writer",
        "issued_on": today() - datetime.timedelta(days=10),
        "act_by": today() + datetime.timedelta(days=30),
        "preferred_languages": "en",
        **fields,
    }
    notice = UrgentAction.objects.create(**values)
    NoticeText.objects.create(
        urgent_action=notice,
        language="en",
        state="checked",
        summary="He was sentenced to life imprisonment.",
        demands="Release him.\nLet him see a doctor.",
        additional_information="He worked in Altay.",
    )
    for order in range(1, officials + 1):
        Target.objects.create(urgent_action=notice, official=make_official(), order=order)
    LetterText.objects.create(
        urgent_action=notice,
        language="en",
        state="checked",
        subject="{names}",
        body="I write about {names}.\n\nPlease release {them}.",
        closing="Yours sincerely,",
    )
    return notice


def make_published(case: Case | None = None, officials: int = 1, **fields: Any) -> UrgentAction:
    notice = make_notice(case, officials, **fields)
    before_deadline = datetime.datetime.combine(notice.issued_on or today(), datetime.time(12), datetime.UTC)
    publishing.publish(notice, by=None, now=before_deadline)
    return notice


def make_subscription(case: Case | None = None, **fields: Any) -> Subscription:
    """Confirmed, to one case or to all."""
    values: dict[str, Any] = {
        "email": f"reader{next(_count)}@example.org",
        "scope": "case" if case else "all",
        "case": case,
        "state": "confirmed",
        "confirmed_at": timezone.now(),
        **fields,
    }
    return Subscription.objects.create(**values)


def make_staff(**fields: Any) -> AbstractBaseUser:
    return get_user_model().objects.create_superuser(username=f"staff{next(_count)}", password="x", **fields)


def add_language(notice: UrgentAction, language: str, greeting: str, body: str, **fields: Any) -> LetterText:
    """A checked letter to every official of `notice` in one more language, and their greeting in it."""
    for target in notice.targets.all():
        Salutation.objects.create(official=target.official, language=language, text=greeting)
    values: dict[str, Any] = {"state": "checked", "subject": "{names}", **fields}
    return LetterText.objects.create(urgent_action=notice, language=language, body=body, **values)
