"""What stands between a notice and its publication: each check found, and not found where all is well."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from cases import checks
from cases.checks import LONGEST_LETTER, MOST_LINES, Level
from cases.models import ContactChannel, LetterText, NoticeText, Official, Person, Salutation, Target, UrgentAction
from tests.factories import add_language, make_notice, make_official

TODAY = datetime.date(2020, 11, 1)

pytestmark = pytest.mark.django_db


def make_ready(officials: int = 1, **fields: Any) -> UrgentAction:
    values: dict[str, Any] = {"issued_on": TODAY, "act_by": datetime.date(2020, 12, 29), **fields}
    return make_notice(officials=officials, **values)


def found(notice: UrgentAction, today: datetime.date = TODAY) -> list[str]:
    fresh = UrgentAction.objects.get(pk=notice.pk)
    return [finding.code for finding in checks.run(fresh, today)]


def official(notice: UrgentAction) -> int:
    return notice.targets.get().official_id


def test_a_whole_notice_has_no_findings() -> None:
    assert found(make_ready()) == []
    assert found(make_ready(officials=3)) == []


def update(**fields: object) -> Callable[[UrgentAction], object]:
    return lambda notice: UrgentAction.objects.filter(pk=notice.pk).update(**fields)


def letter(**fields: object) -> Callable[[UrgentAction], object]:
    return lambda notice: notice.letters.update(**fields)


def directory(model: type[Model], **fields: object) -> Callable[[UrgentAction], object]:
    return lambda notice: model._default_manager.update(**fields)


def second_official_without_a_letter(notice: UrgentAction) -> None:
    target = notice.targets.get()
    notice.letters.update(target=target)
    Target.objects.create(urgent_action=notice, official=make_official(), order=2)


BROKEN: list[tuple[str, Callable[[UrgentAction], object]]] = [
    ("no-headline", update(headline=" ")),
    ("no-issue-date", update(issued_on=None)),
    ("no-deadline", update(act_by=None)),
    ("deadline-passed", update(act_by=TODAY - datetime.timedelta(days=1), issued_on=datetime.date(2020, 9, 1))),
    ("no-text", lambda notice: notice.texts.all().delete()),
    ("no-text", lambda notice: notice.texts.update(state="draft")),
    ("no-salutation", lambda notice: Salutation.objects.all().delete()),
    ("no-salutation-in-language", lambda notice: Salutation.objects.update(language="fr")),
    ("no-letter", lambda notice: notice.letters.all().delete()),
    ("no-letter", letter(state="draft")),
    ("no-letter", second_official_without_a_letter),
    ("unknown-placeholder", letter(subject="{name}")),
    ("unknown-placeholder", letter(body="Release {Him}.")),
    ("unknown-placeholder", letter(closing="Yours, {role}")),
    ("unknown-placeholder", letter(short_email="{names}")),
    ("unknown-placeholder", letter(post_text="{names}")),
    ("unknown-placeholder", letter(call_script="{names}")),
    ("greeting-in-body", letter(body="Dear Sir,\n\nI write.")),
    ("greeting-in-body", letter(body="\n dear director wang,\n\nI write.")),
    ("greeting-in-body", letter(body="Sehr geehrte Frau Wang,\n\nIch schreibe.")),
    ("letter-too-long", letter(body="a " * (LONGEST_LETTER // 2 + 1))),
    ("letter-too-long", letter(body="a\n" * (MOST_LINES + 1))),
    ("signs-not-printable", letter(subject="{names} 🙂")),
    ("signs-not-printable", letter(body="ปล่อย {names}")),
    ("signs-not-printable", letter(closing="Yours 💛")),
    ("signs-not-printable", directory(Person, name="สมชาย")),
    ("signs-not-printable", directory(Salutation, text="Dear 🙂,")),
    ("signs-not-printable", directory(Official, address="No 380\n서울")),
    ("signs-not-printable", directory(Official, institution="משרד")),
    ("signs-not-printable", directory(Official, role="Director ✅")),
    ("signs-not-printable", directory(Official, name="समीर")),
]


@pytest.mark.parametrize(("code", "break_it"), BROKEN)
def test_what_blocks_is_found(code: str, break_it: Callable[[UrgentAction], object]) -> None:
    notice = make_ready()
    break_it(notice)
    fresh = UrgentAction.objects.get(pk=notice.pk)

    findings = {finding.code: finding for finding in checks.run(fresh, TODAY) if finding.blocks}

    assert list(findings) == [code]
    assert findings[code].message


def test_signs_that_cannot_be_printed_are_named_with_their_place() -> None:
    notice = make_ready()
    notice.letters.update(body="Release {names} 🙂 ปล่อย")
    Official.objects.update(name="Wang", institution="משרד")

    findings = checks.run(UrgentAction.objects.get(pk=notice.pk), TODAY)

    assert [finding.message for finding in findings] == [
        "Letter in English: our fonts cannot print 🙂 (SLIGHTLY SMILING FACE), ป (THAI CHARACTER PO PLA), "
        "ล (THAI CHARACTER LO LING), ◌่ (THAI CHARACTER MAI EK), อ (THAI CHARACTER O ANG). Write it in another way.",
        "Director Wang: our fonts cannot print מ (HEBREW LETTER MEM), ש (HEBREW LETTER SHIN), ר (HEBREW LETTER RESH), "
        "ד (HEBREW LETTER DALET). Write it in another way.",
    ]


@pytest.mark.parametrize(
    "harmless",
    [
        letter(short_email="Please release him 🙂"),
        letter(post_text="Release him 💛"),
        letter(call_script="ปล่อย"),
        letter(subject="Нағыз Мұхаммед, مُحَمَّد, 纳格孜, Đài", body="“Œuvrez” – ½ €: Қазақ, Київ, می\u200cخواهم."),
        letter(state="draft", body="🙂"),
        update(headline="Life imprisonment 🙂"),
        directory(Official, address="新疆维吾尔自治区\nУрумчи\nKöln"),
        lambda notice: Salutation.objects.create(official_id=official(notice), language="fr", text="🙂"),
    ],
)
def test_signs_that_are_printable_or_on_no_paper_pass(harmless: Callable[[UrgentAction], object]) -> None:
    notice = make_ready()

    harmless(notice)

    assert "signs-not-printable" not in found(notice)


def test_a_stop_action_is_not_printed_so_its_signs_do_not_matter() -> None:
    notice = make_ready()
    notice.letters.update(body="🙂")
    UrgentAction.objects.filter(pk=notice.pk).update(kind="stop")

    assert found(notice) == []


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"short_email": "a" * 1800}, ["email-too-long"]),
        ({"short_email": "a" * 1489}, []),  # with {names} as its subject, which takes eleven
        ({"short_email": "a" * 1490}, ["email-too-long"]),
        ({"short_email": "释" * 300}, ["email-too-long"]),
        ({"short_email": "释" * 160}, []),
        ({"subject": "释" * 60, "short_email": "释" * 120}, ["email-too-long"]),
        ({"post_text": "a" * 280}, ["post-too-long"]),
        ({"post_text": "a" * 256}, []),
        ({"post_text": "a" * 257}, ["post-too-long"]),
        ({"post_text": "释" * 140}, ["post-too-long"]),
        ({"post_text": "释" * 128}, []),
        ({"post_text": "释" * 129}, ["post-too-long"]),
        ({"post_text": ""}, []),
        ({"short_email": "a" * 1800, "post_text": "a" * 280}, ["email-too-long", "post-too-long"]),
    ],
    ids=lambda value: "",
)
def test_a_short_text_that_others_would_cut_is_doubtful(fields: dict[str, str], codes: list[str]) -> None:
    notice = make_ready()

    notice.letters.update(**fields)
    add_language(notice, "fr", "Monsieur,", "x", state="draft", short_email="a" * 1800, post_text="a" * 280)

    assert found(notice) == codes


def test_an_official_who_cannot_be_reached_blocks() -> None:
    notice = make_ready()
    notice.targets.get().official.channels.update(works=False)
    assert found(notice) == []  # there is the address

    type(notice.targets.get().official).objects.update(address=" \n")

    assert found(notice) == ["no-channel"]
    ContactChannel.objects.create(official_id=official(notice), kind="fax", value="+1 202 495 2138")
    assert found(notice) == []


def test_a_notice_without_officials_blocks() -> None:
    notice = make_ready()
    notice.targets.all().delete()

    assert found(notice) == ["no-target"]


def test_a_letter_as_long_as_allowed_passes() -> None:
    notice = make_ready()
    notice.letters.update(body="a " * (LONGEST_LETTER // 2))
    assert found(notice) == []

    notice.letters.update(body="a" + "\n" * MOST_LINES)
    assert found(notice) == []


def test_a_word_that_only_begins_like_a_greeting_passes() -> None:
    notice = make_ready()
    notice.letters.update(body="Dearest to me are human rights.")

    assert found(notice) == []


def test_a_word_that_the_language_of_the_letter_has_not_blocks() -> None:
    notice = make_ready()
    add_language(notice, "es", "Señor Director:", "Pido que liberen a {names}, {role}. {They} no es culpable.")
    assert found(notice) == []

    notice.letters.filter(language="es").update(body="Pido que {them} liberen.")

    assert found(notice) == ["unknown-placeholder"]


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        (-1, ["deadline-passed"]),
        (0, ["deadline-near"]),
        (6, ["deadline-near"]),
        (7, []),
        (90, []),
        (91, ["deadline-far"]),
    ],
)
def test_a_deadline_near_or_far_is_doubtful(days: int, codes: list[str]) -> None:
    deadline = datetime.date(2020, 12, 29)

    assert found(make_ready(), deadline - datetime.timedelta(days=days)) == codes


@pytest.mark.parametrize("address", ["embassy@gmail.com", "embassy@QQ.com", "a@b@163.com"])
def test_a_free_mail_address_is_doubtful(address: str) -> None:
    notice = make_ready()
    ContactChannel.objects.update(value=address)
    assert found(notice) == ["free-mail"]

    ContactChannel.objects.update(works=False)  # not shown, so nobody need check it
    assert found(notice) == []


@pytest.mark.parametrize("address", ["embassy@notgmail.com", "gmail.com@example.org"])
def test_an_address_that_looks_like_free_mail_passes(address: str) -> None:
    notice = make_ready()
    ContactChannel.objects.update(value=address)

    assert found(notice) == []


def test_a_preferred_language_without_a_letter_is_doubtful() -> None:
    notice = make_ready(preferred_languages="zh, en")
    assert found(notice) == ["preferred-language-missing"]

    add_language(notice, "zh", "尊敬的王江局长：", "请释放 {names}。")

    assert found(notice) == []


def test_what_blocks_comes_before_what_warns() -> None:
    notice = make_ready(preferred_languages="zh")
    notice.texts.all().delete()
    notice.letters.update(short_email="a" * 1800, post_text="a" * 280)
    ContactChannel.objects.update(value="embassy@gmail.com")

    findings = checks.run(UrgentAction.objects.get(pk=notice.pk), TODAY)

    assert [(finding.code, finding.level) for finding in findings] == [
        ("no-text", Level.BLOCKS),
        ("free-mail", Level.WARNS),
        ("preferred-language-missing", Level.WARNS),
        ("email-too-long", Level.WARNS),
        ("post-too-long", Level.WARNS),
    ]


def test_a_stop_action_needs_neither_officials_nor_letters_nor_a_deadline() -> None:
    notice = make_ready()
    notice.targets.all().delete()
    notice.letters.all().delete()
    UrgentAction.objects.filter(pk=notice.pk).update(kind="stop", act_by=None)

    assert found(notice) == []


# --- Names that are kept back -----------------------------------------------------------------------------------------

NAME = "Aygul Secret"
TEXTS = [
    *((UrgentAction, field) for field in ("headline", "reason")),
    *((NoticeText, field) for field in ("translated_headline", "summary", "demands", "additional_information")),
    *((LetterText, field) for field in ("subject", "body", "short_email", "post_text", "call_script")),
]


@pytest.mark.parametrize(("model", "field"), TEXTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_name_that_is_kept_back_blocks_wherever_it_stands(model: type[UrgentAction], field: str) -> None:
    notice = make_ready()
    person = Person.objects.create(case=notice.case, name=NAME, role="her sister")
    assert found(notice) == []

    model.objects.update(**{field: "We met aygul SECRET, her sister."})
    assert found(notice) == ["name-kept-back"]

    Person.objects.filter(pk=person.pk).update(may_be_named=True, consent="herself, 2020")
    assert found(notice) == []


def test_a_name_that_is_kept_back_blocks_in_the_outcome_too() -> None:
    notice = make_ready()
    Person.objects.create(case=notice.case, name=NAME, role="her sister")
    notice.case.outcome_text = f"{NAME} told us."
    notice.case.save()

    assert found(notice) == ["name-kept-back"]


def test_a_handle_that_is_put_behind_a_post_counts_too() -> None:
    notice = make_notice()
    LetterText.objects.update(post_text="a" * 250)
    assert "post-too-long" not in found(UrgentAction.objects.get(pk=notice.pk))

    official = notice.targets.get().official
    ContactChannel.objects.create(official=official, kind="handle", value="@Example")
    assert "post-too-long" in found(UrgentAction.objects.get(pk=notice.pk))

    LetterText.objects.update(post_text="a" * 241 + " @Example")
    assert "post-too-long" not in found(UrgentAction.objects.get(pk=notice.pk))
