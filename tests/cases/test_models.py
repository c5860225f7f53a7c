"""What the database promises, whoever writes to it, and the facts about single rows."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from cases import languages, publishing
from cases.models import (
    Case,
    ContactChannel,
    CountryAdvice,
    LetterText,
    NoticeText,
    Official,
    Person,
    Salutation,
    Target,
    UrgentAction,
)
from cases.models.case import GOOD_NEWS, Outcome
from tests.factories import make_case, make_notice, make_published, today

State = UrgentAction.State

pytestmark = pytest.mark.django_db


def refused(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


# --- Constraints hold even where no model code runs -------------------------------------------------------------------

NOON = datetime.datetime(2020, 11, 1, 12, tzinfo=datetime.UTC)
WRONG: list[tuple[type[models.Model], dict[str, Any]]] = [
    (Case, {"number": 0}),
    (Case, {"number": 10000}),
    (Case, {"year": 20}),
    (Case, {"year": 1972}),
    (Case, {"year": 2073}),
    (Case, {"closed_at": NOON}),
    (Person, {"may_be_named": True, "consent": ""}),
    (UrgentAction, {"sequence": 0}),
    (UrgentAction, {"index": ""}),
    (UrgentAction, {"issued_on": datetime.date(2020, 11, 2), "act_by": datetime.date(2020, 11, 1)}),
    (UrgentAction, {"status": "published"}),
    (UrgentAction, {"status": "published", "published_at": NOON, "headline": ""}),
    (UrgentAction, {"status": "published", "published_at": NOON, "issued_on": None}),
    (UrgentAction, {"status": "published", "published_at": NOON, "act_by": None}),
    (Official, {"represents": "CN"}),
]
RIGHT: list[tuple[type[models.Model], dict[str, Any]]] = [
    (Case, {"number": 9999, "year": 2072}),
    (Case, {"closed_at": NOON, "outcome": "died"}),
    (Person, {"may_be_named": False, "consent": ""}),
    (UrgentAction, {"issued_on": datetime.date(2020, 11, 1), "act_by": datetime.date(2020, 11, 1)}),
    (UrgentAction, {"status": "published", "published_at": NOON}),
    (UrgentAction, {"status": "published", "published_at": NOON, "act_by": None, "kind": "stop"}),
    (UrgentAction, {"status": "withdrawn", "headline": "", "issued_on": None, "act_by": None}),
    (Official, {"represents": "CN", "accredited_to": "US"}),
    (Official, {"accredited_to": "US"}),
]


def name(value: object) -> str:
    return value.__name__ if isinstance(value, type) else str(value)[:60]


@pytest.mark.parametrize(("model", "fields"), WRONG, ids=name)
def test_the_database_refuses_what_must_not_be(model: type[models.Model], fields: dict[str, Any]) -> None:
    make_notice()

    assert refused(lambda: model._default_manager.update(**fields))


@pytest.mark.parametrize(("model", "fields"), RIGHT, ids=name)
def test_the_database_takes_what_may_be(model: type[models.Model], fields: dict[str, Any]) -> None:
    make_notice()

    assert not refused(lambda: model._default_manager.update(**fields))


def test_nothing_is_there_twice() -> None:
    notice = make_notice(index="ASA 17/3279/2020")
    target = notice.targets.get()
    official = target.official
    own = LetterText.objects.create(urgent_action=notice, language="en", target=target, body="To you")
    copies: list[Callable[[], object]] = [
        lambda: Case.objects.create(number=notice.case.number, year=notice.case.year, country="FR"),
        lambda: UrgentAction.objects.create(case=notice.case, sequence=1),
        lambda: UrgentAction.objects.create(case=notice.case, sequence=2, index="ASA 17/3279/2020"),
        lambda: NoticeText.objects.create(urgent_action=notice, language="en", summary="again"),
        lambda: LetterText.objects.create(urgent_action=notice, language="en", body="again"),
        lambda: LetterText.objects.create(urgent_action=notice, language="en", target=own.target, body="again"),
        lambda: Target.objects.create(urgent_action=notice, official=official),
        lambda: Salutation.objects.create(official=official, language="en", text="again"),
        lambda: ContactChannel.objects.create(official=official, kind="email", value="office@example.org"),
        lambda: Official.objects.create(role="x", country="FR", slug=official.slug),
    ]

    assert [refused(copy) for copy in copies] == [True] * len(copies)


def test_two_notices_may_both_have_no_index() -> None:
    make_notice()
    make_notice()

    assert UrgentAction.objects.filter(index=None).count() == 2


def test_what_was_issued_is_not_deleted_with_its_case() -> None:
    notice = make_published()

    with pytest.raises(models.ProtectedError):
        notice.case.delete()
    with pytest.raises(models.ProtectedError):
        notice.targets.get().official.delete()


# --- States -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (30, State.LIVE),
        (8, State.LIVE),
        (7, State.ENDS_SOON),
        (1, State.ENDS_SOON),
        (0, State.LAST_DAY),
        (-1, State.PASSED),
    ],
)
def test_the_state_follows_the_deadline(days: int, state: State) -> None:
    notice = make_published(act_by=today() + datetime.timedelta(days=days))

    assert notice.state(timezone.now()) == state


@pytest.mark.parametrize("days", [30, -1])
def test_stop_and_outcome_win_over_the_deadline_and_stop_over_the_outcome(days: int) -> None:
    notice = make_published(act_by=today() + datetime.timedelta(days=days))

    publishing.close(notice.case, Outcome.RELEASED, today())
    assert UrgentAction.objects.get().state() == State.CLOSED

    stop = publishing.stop(notice.case, by=None)
    assert [stop.state(), UrgentAction.objects.get(pk=notice.pk).state()] == [State.STOPPED, State.SUPERSEDED]


def test_a_draft_update_changes_nothing_for_the_public_notice() -> None:
    notice = make_published()
    make_notice(notice.case, sequence=2, kind="update")

    assert (notice.is_newest(), notice.state()) == (True, State.LIVE)


def test_good_news_is_said_of_four_outcomes_and_only_of_a_closed_case() -> None:
    good = {"released", "charges_dropped", "sentence_changed", "access"}

    assert good == GOOD_NEWS
    assert {outcome for outcome in Outcome if Case(outcome=outcome, closed_at=NOON).is_good_news} == good
    assert not Case(outcome="released").is_good_news


def test_ordinals_are_said_as_the_field_says_them() -> None:
    ordinals = [UrgentAction(sequence=number).ordinal for number in (1, 2, 6, 7, 12)]

    assert ordinals == ["First UA", "Second UA", "Sixth UA", "UA no. 7", "UA no. 12"]
    assert UrgentAction(sequence=3, kind="stop").ordinal == "Stop action"


# --- People -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"may_be_named": True, "consent": "x", "role": "writer"}, "Nagyz Muhammed"),
        ({"may_be_named": False, "role": "a writer"}, "a writer"),
        ({"may_be_named": False, "role": "a writer", "consent": "x"}, "a writer"),
        ({"may_be_named": False}, "a person at risk"),
    ],
)
def test_a_name_is_public_only_where_that_was_decided(fields: dict[str, Any], shown: str) -> None:
    assert Person(name="Nagyz Muhammed", **fields).public_name == shown


# --- Channels and languages -------------------------------------------------------------------------------------------

CHANNELS = [
    ("email", "office@example.org", "mailto:office@example.org"),
    ("phone", "+1 202 495 2266", "tel:+12024952266"),
    ("phone", "+86 (991) 230-3040", "tel:+869912303040"),
    ("fax", "+1 202 495 2138", ""),
    ("handle", "@ChineseEmbinUS", ""),
]


def channel_in(country: str, kind: str, value: str) -> ContactChannel:
    """Of an office there, both as staff type them in before anything is saved."""
    return ContactChannel(official=Official(role="Ambassador", country=country), kind=kind, value=value)


@pytest.mark.parametrize("country", ["CN", "US"])
@pytest.mark.parametrize(("kind", "value", "link"), CHANNELS)
def test_a_channel_opens_on_the_readers_own_device(kind: str, value: str, link: str, country: str) -> None:
    channel = channel_in(country, kind, value)

    channel.clean()

    assert (channel.link, channel.value) == (link, value)


@pytest.mark.parametrize("kind", ["phone", "fax"])
@pytest.mark.parametrize(
    ("country", "typed", "kept", "dialled"),
    [
        ("US", "202 495 2266", "+1 202-495-2266", "+12024952266"),
        ("US", "(202) 495-2266", "+1 202-495-2266", "+12024952266"),
        ("CN", "0991 230 3040", "+86 991 230 3040", "+869912303040"),
        ("GB", "020 7299 4049", "+44 20 7299 4049", "+442072994049"),
        ("US", "+86 991 230 3040", "+86 991 230 3040", "+869912303040"),
        ("US", "+44 (0)20 7299 4049", "+44 (0)20 7299 4049", "+442072994049"),
    ],
)
def test_a_number_without_country_code_is_one_of_the_offices_own_country(
    kind: str, country: str, typed: str, kept: str, dialled: str
) -> None:
    channel = channel_in(country, kind, typed)

    channel.clean()

    assert (channel.value, channel.e164) == (kept, dialled)


@pytest.mark.parametrize("value", ["12", "202 495", "+1 202", "+999 202 495 2266", "office", "+1 202 495 2266 000 111"])
@pytest.mark.parametrize("kind", ["phone", "fax"])
def test_a_number_that_nobody_can_dial_is_refused(kind: str, value: str) -> None:
    channel = channel_in("US", kind, value)

    with pytest.raises(ValidationError) as refusal:
        channel.clean()

    assert refusal.value.message_dict == {"value": ["Write the number with its country code: +1 202 495 2266."]}
    assert channel.value == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "office"),
        ("email", "office@example.org?bcc=x@example.org"),
        ("email", "javascript:alert(1)"),
        ("phone", "202 495 2266"),
        ("phone", "+1 202;ext=javascript"),
        ("fax", "+"),
        ("handle", "ChineseEmbinUS"),
        ("handle", "@a/b"),
        ("handle", "https://example.org/a"),
    ],
)
def test_a_channel_that_does_not_fit_its_kind_is_refused(kind: str, value: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ContactChannel(kind=kind, value=value).clean()

    assert set(refusal.value.message_dict) == {"value"}


def test_a_number_from_before_that_nobody_can_dial_opens_nothing() -> None:
    channel = channel_in("US", "phone", "+1 1")

    assert (channel.link, channel.e164) == ("", "")


def test_an_embassy_says_where_it_is_accredited() -> None:
    embassy = Official(role="Ambassador", country="US", slug="embassy", represents="CN")

    with pytest.raises(ValidationError) as refusal:
        embassy.full_clean()
    assert refusal.value.messages == ["Say which country the embassy is accredited to."]

    embassy.accredited_to = "US"
    embassy.full_clean()


def test_a_time_zone_is_one_that_there_is() -> None:
    official = Official(role="Ambassador", country="US", slug="embassy", time_zone="America/New_York")
    official.full_clean()

    for wrong in ("Washington", "EDT!", "../../etc/passwd"):
        official.time_zone = wrong
        with pytest.raises(ValidationError) as refusal:
            official.full_clean()
        assert set(refusal.value.message_dict) == {"time_zone"}


def test_a_page_with_postage_is_one_that_nobody_on_the_way_can_change() -> None:
    advice = CountryAdvice(country="FR", checked_on=NOON.date(), postage_url="https://post.example.org/")
    advice.full_clean()

    for wrong in ("http://post.example.org/", "javascript:alert(1)"):
        advice.postage_url = wrong
        with pytest.raises(ValidationError) as refusal:
            advice.full_clean()
        assert set(refusal.value.message_dict) == {"postage_url"}


def test_preferred_languages_are_kept_in_their_order() -> None:
    languages.validate_list("zh, en")

    assert UrgentAction(preferred_languages="zh, en , ").languages_preferred == ["zh", "en"]
    for wrong in ("xx", "English", "zh; en", "zh, xx"):
        with pytest.raises(ValidationError):
            languages.validate_list(wrong)


def test_letters_are_offered_where_text_and_greeting_are_there_preferred_first() -> None:
    notice = make_notice(preferred_languages="zh, en")
    target = notice.targets.get()
    for language, state, greeting in (
        ("zh", "checked", True),
        ("fr", "checked", True),
        ("ar", "checked", True),
        ("es", "draft", True),
        ("de", "checked", False),
    ):
        LetterText.objects.create(urgent_action=notice, language=language, state=state, body="x")
        if greeting:
            Salutation.objects.create(official=target.official, language=language, text="x")

    assert notice.letter_languages(target) == ["zh", "en", "ar", "fr"]


def test_every_language_of_letters_has_a_name_and_a_direction() -> None:
    assert {tag for tag in languages.TAGS if languages.direction(tag) == "rtl"} == {"ar", "fa", "ps", "ug", "ur"}
    assert [languages.own_name(tag) for tag in ("en", "zh", "ar", "fr", "kk")] == [
        "English",
        "中文",
        "العربية",
        "Français",
        "Қазақ тілі",
    ]


def test_a_case_is_named_by_its_number() -> None:
    case = make_case(number=63, year=2020)

    assert (str(case), case.get_absolute_url()) == ("UA 63/20", "/cases/ua-63-20/")
