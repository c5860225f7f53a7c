"""The letter, composed once: to the right official, in the right words, with nothing made up."""

import dataclasses
import datetime
from typing import Any

import pytest
from django.utils.translation import override

from appeals import letters
from appeals.letters import CLOSINGS, Letter, NoLetter, compose, envelope_lines
from cases import languages, placeholders
from cases.models import Addressee, LetterText, Person, Target, UrgentAction
from tests.factories import add_language, make_notice, make_published

pytestmark = pytest.mark.django_db

WANG = Addressee(
    role="Director",
    name="Wang Jiang",
    institution="Prison Administration Bureau",
    address=("No 380, Huanghe lu", "830000 Urumqi"),
    country="CN",
    salutations={"en": "Dear Director Wang,"},
)


def make_one(**fields: Any) -> tuple[UrgentAction, Target]:
    """A notice to Wang Jiang alone."""
    notice = make_notice(**fields)
    target = notice.targets.get()
    target.official.name, target.official.slug = "Wang Jiang", "director-wang"
    target.official.save()
    return notice, target


def test_a_letter_has_all_its_parts() -> None:
    notice, target = make_one()
    number = f"UA-{notice.case.number}-20"

    assert compose(notice, target, "en") == Letter(
        language="en",
        sender=(),
        date="",
        addressee=(
            "Director Wang Jiang",
            "Prison Administration Bureau",
            "No 380, Huanghe lu",
            "830000 Urumqi",
            "CHINA",
        ),
        subject="Nagyz Muhammed",
        salutation="Dear Director Wang,",
        paragraphs=("I write about Nagyz Muhammed.", "Please release him."),
        closing=("Yours sincerely,",),
        title="Nagyz Muhammed – Director Wang Jiang",
        filename=f"{number}-director-wang-en",
    )


def test_a_letter_as_text_has_its_parts_in_their_order() -> None:
    notice, target = make_one()
    letter = compose(notice, target, "en", sender=["Ada Reader", "1 Road"], today=datetime.date(2020, 11, 1))

    assert letter.as_text() == (
        "Ada Reader\n1 Road\n\nNovember 1, 2020\n\n"
        "Director Wang Jiang\nPrison Administration Bureau\nNo 380, Huanghe lu\n830000 Urumqi\nCHINA\n\n"
        "Nagyz Muhammed\n\nDear Director Wang,\n\nI write about Nagyz Muhammed.\n\nPlease release him.\n\n"
        "Yours sincerely,\n"
    )


# --- Never to the wrong official --------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_published", [False, True])
def test_each_official_gets_a_letter_of_their_own(is_published: bool) -> None:
    notice = make_notice(officials=3)
    for target in notice.targets.all():
        target.official.salutations.update(text=f"Dear {target.official.name},")
        target.official.address = f"Street of {target.official.name}"
        target.official.save()
        if is_published:
            target.take_snapshot()
            target.save()
    targets = list(notice.targets.all())

    composed = [compose(notice, target, "en") for target in targets]

    for target, letter in zip(targets, composed, strict=True):
        name = target.official.name
        assert letter.addressee[0] == f"Director {name}"
        assert letter.addressee[2] == f"Street of {name}"
        assert letter.salutation == f"Dear {name},"
        assert letter.filename.endswith(f"{target.slug}-en")
        for other in targets:
            if other != target:
                assert other.official.name not in letter.as_text() + letter.title
    assert len({letter.content_hash for letter in composed}) == 3


def test_a_letter_written_for_one_official_goes_to_that_one_alone() -> None:
    notice = make_notice(officials=2)
    first, second = notice.targets.all()
    LetterText.objects.create(
        urgent_action=notice, language="en", target=second, state="checked", subject="Embassy", body="Tell {role}."
    )

    assert compose(notice, first, "en").paragraphs == ("I write about Nagyz Muhammed.", "Please release him.")
    assert (compose(notice, second, "en").subject, compose(notice, second, "en").paragraphs) == (
        "Embassy",
        ("Tell Director.",),
    )


def test_a_letter_for_one_official_that_is_not_checked_is_not_used() -> None:
    notice = make_notice()
    target = notice.targets.get()
    LetterText.objects.create(urgent_action=notice, language="en", target=target, state="draft", body="Draft")

    assert compose(notice, target, "en").paragraphs[0] == "I write about Nagyz Muhammed."


def test_a_letter_only_to_another_official_is_none() -> None:
    notice = make_notice(officials=2)
    first, second = notice.targets.all()
    notice.letters.update(target=second)

    with pytest.raises(NoLetter):
        compose(notice, first, "en")


@pytest.mark.parametrize("missing", ["text", "checked text", "greeting", "greeting in it", "language"])
def test_without_text_or_greeting_there_is_no_letter(missing: str) -> None:
    notice = make_notice()
    target = notice.targets.get()
    language = "zh" if missing == "language" else "en"
    if missing == "text":
        notice.letters.all().delete()
    elif missing == "checked text":
        notice.letters.update(state="draft")
    elif missing == "greeting":
        target.official.salutations.all().delete()
    elif missing == "greeting in it":
        target.official.salutations.update(language="fr")

    with pytest.raises(NoLetter):
        compose(notice, target, language)


def test_a_greeting_is_the_stored_one_even_where_the_directory_has_another() -> None:
    notice, target = make_one()
    target.take_snapshot()
    target.save()
    target.official.salutations.update(text="Dear Madam,")

    assert compose(notice, Target.objects.get(), "en").salutation == "Dear Director Wang,"


# --- Address ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "line"),
    [("CN", "CHINA"), ("US", "UNITED STATES OF AMERICA"), ("CI", "CÔTE D'IVOIRE"), ("GB", "UNITED KINGDOM")],
)
def test_the_country_stands_last_alone_in_english_capitals(country: str, line: str) -> None:
    with override("ar"):
        lines = envelope_lines(dataclasses.replace(WANG, country=country))

    assert lines == ("Director Wang Jiang", *WANG.institution.split("\n"), *WANG.address, line)


@pytest.mark.parametrize("writing_from", ["", "FR", "TW", "cn"])
def test_post_across_a_border_needs_the_country(writing_from: str) -> None:
    notice, target = make_one()

    assert envelope_lines(WANG, writing_from)[-1] == "CHINA"
    assert compose(notice, target, "en", writing_from=writing_from) == compose(notice, target, "en")


def test_post_within_the_country_needs_no_country() -> None:
    notice, target = make_one()
    abroad, domestic = compose(notice, target, "en"), compose(notice, target, "en", writing_from="CN")

    assert (
        envelope_lines(WANG, "CN")
        == envelope_lines(WANG)[:-1]
        == ("Director Wang Jiang", WANG.institution, *WANG.address)
    )
    assert domestic == dataclasses.replace(abroad, addressee=abroad.addressee[:-1])
    assert domestic.content_hash != abroad.content_hash


def test_an_envelope_has_no_empty_lines_and_no_line_breaks() -> None:
    bare = dataclasses.replace(WANG, name="", institution="", address=("a\nb\u202e", " "))

    assert envelope_lines(bare) == ("Director", "a b", "CHINA")


# --- Words that agree with the people ---------------------------------------------------------------------------------


def person(name: str, pronouns: str = "", **fields: Any) -> Person:
    return Person(name=name, pronouns=pronouns, **{"may_be_named": True, "consent": "x", **fields})


@pytest.mark.parametrize(
    ("people", "names", "pronouns"),
    [
        ([person("Nagyz", "he/him")], "Nagyz", ("he", "him", "his")),
        ([person("Aygul", "she/her")], "Aygul", ("she", "her", "her")),
        ([person("Aygul", " She / her ")], "Aygul", ("she", "her", "her")),
        ([person("Sam", "they/them")], "Sam", ("they", "them", "their")),
        ([person("Sam")], "Sam", ("they", "them", "their")),
        ([person("Nagyz", "he/him"), person("Ali", "he/him")], "Nagyz and Ali", ("they", "them", "their")),
        (
            [person("Nagyz", "he/him"), person("Ali"), person("Aygul")],
            "Nagyz, Ali, and Aygul",
            ("they", "them", "their"),
        ),
        ([person("The Wampís", "he/him", kind="community")], "The Wampís", ("they", "them", "their")),
        ([], "", ("they", "them", "their")),
    ],
)
def test_pronouns_agree_with_one_with_several_and_with_a_community(
    people: list[Person], names: str, pronouns: tuple[str, str, str]
) -> None:
    values = placeholders.values(people, WANG.role, "en")

    assert [values[name] for name in ("names", "role", "they", "them", "their")] == [names, "Director", *pronouns]


@pytest.mark.parametrize(
    ("language", "names"), [("es", "Ana e Inés"), ("fr", "Ana et Inés"), ("zh", "Ana和Inés"), ("ar", "Ana وInés")]
)
def test_names_are_joined_as_the_language_joins_them(language: str, names: str) -> None:
    assert placeholders.values([person("Ana"), person("Inés")], WANG.role, language)["names"] == names


def test_words_in_a_letter_agree_with_who_is_in_the_case() -> None:
    notice, target = make_one()
    add_language(notice, "fr", "Monsieur le Directeur,", "{They} : {names}. {they}, {role}.")
    notice.letters.filter(language="en").update(body="{They} and {their} book. {Them}, {themselves}: {names} {are}.")
    assert compose(notice, target, "en").paragraphs == ("He and his book. Him, himself: Nagyz Muhammed is.",)
    assert compose(notice, target, "fr").paragraphs == ("Il : Nagyz Muhammed. il, Director.",)

    Person.objects.create(case=notice.case, name="Aygul", pronouns="she/her", may_be_named=True, consent="x", order=2)

    notice = UrgentAction.objects.get()
    both = "They and their book. Them, themselves: Nagyz Muhammed and Aygul are."
    assert compose(notice, target, "en").paragraphs == (both,)
    assert compose(notice, target, "fr").paragraphs == ("Ils : Nagyz Muhammed et Aygul. ils, Director.",)


def test_who_is_not_to_be_named_is_called_by_the_role_in_letters() -> None:
    _notice, target = make_one()
    Person.objects.update(may_be_named=False)
    letter = compose(UrgentAction.objects.get(), target, "en")

    assert (letter.subject, letter.paragraphs) == ("writer", ("I write about writer.", "Please release him."))
    assert "Nagyz" not in letter.as_text() + letter.title + letter.filename


def test_a_name_with_braces_is_printed_as_it_is() -> None:
    _notice, target = make_one()
    Person.objects.update(name="{role}\n{{x}} {% load %}")

    assert compose(UrgentAction.objects.get(), target, "en").subject == "{role} {{x}} {% load %}"


# --- Closing, sender, date, own words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(CLOSINGS))
def test_a_letter_without_a_closing_ends_as_its_language_does(language: str) -> None:
    notice, target = make_one()
    notice.letters.all().delete()
    target.official.salutations.all().delete()
    add_language(notice, language, "?", "x")

    assert compose(notice, target, language).closing == tuple(CLOSINGS[language].split("\n"))


def test_closings_are_in_languages_that_letters_can_have() -> None:
    assert set(CLOSINGS) <= set(languages.TAGS)
    assert CLOSINGS["zh"] == "此致\n敬礼"


def test_a_closing_of_its_own_wins_and_another_language_ends_in_english() -> None:
    notice, target = make_one()
    notice.letters.update(closing="Respectfully,\n\nyours")
    add_language(notice, "sw", "Mheshimiwa,", "x")

    assert compose(notice, target, "en").closing == ("Respectfully,", "yours")
    assert compose(notice, target, "sw").closing == ("Yours sincerely,",)


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("en", "November 1, 2020"),
        ("zh", "2020年11月1日"),
        ("fr", "1 novembre 2020"),
        ("es", "1 de noviembre de 2020"),
        ("ru", "1 ноября 2020\u202fг."),
    ],
)
def test_a_date_is_written_in_the_language_of_the_letter(language: str, date: str) -> None:
    notice, target = make_one()
    if language != "en":
        add_language(notice, language, "?", "x")

    assert compose(notice, target, language, today=datetime.date(2020, 11, 1)).date == date


def test_own_words_replace_the_body_and_nothing_else() -> None:
    notice, target = make_one()
    sample = compose(notice, target, "en")
    own = compose(notice, target, "en", own_words="I am a teacher.\r\n\r\nLet {them} go.\u202e")

    assert own == dataclasses.replace(sample, paragraphs=("I am a teacher.", "Let {them} go."))


@pytest.mark.parametrize(
    ("own_words", "paragraphs"),
    [
        ("Dear Director Wang,\r\n\r\nLet him go.", ("Let him go.",)),
        ("\n dear  director wang, \nLet him go.", ("Let him go.",)),
        ("Dear Director Wang, let him go.", ("Dear Director Wang, let him go.",)),
        ("Let him go.\n\nDear Director Wang,", ("Let him go.", "Dear Director Wang,")),
    ],
)
def test_a_writer_who_types_the_greeting_greets_once(own_words: str, paragraphs: tuple[str, ...]) -> None:
    notice, target = make_one()
    letter = compose(notice, target, "en", own_words=own_words)

    assert (letter.salutation, letter.paragraphs) == ("Dear Director Wang,", paragraphs)


def test_a_sender_is_cleaned_line_by_line() -> None:
    notice, target = make_one()
    letter = compose(notice, target, "en", sender=["Ada\nReader\x00", "1  Road\u202e"])

    assert letter.sender == ("Ada Reader", "1 Road")


# --- The name of the content ------------------------------------------------------------------------------------------


def test_the_same_letter_has_the_same_hash() -> None:
    notice, target = make_one()

    assert compose(notice, target, "en").content_hash == compose(notice, target, "en").content_hash
    assert len(compose(notice, target, "en").content_hash) == 64


@pytest.mark.parametrize("part", [field.name for field in dataclasses.fields(Letter)])
def test_the_hash_differs_with_any_part(part: str) -> None:
    notice, target = make_one()
    letter = compose(notice, target, "en")
    value = getattr(letter, part)
    other: Any = (*value, "x") if isinstance(value, tuple) else f"{value}x"

    assert dataclasses.replace(letter, **{part: other}).content_hash != letter.content_hash


def test_moving_a_word_from_one_part_to_the_next_changes_the_hash() -> None:
    notice, target = make_one()
    letter = compose(notice, target, "en")
    left = dataclasses.replace(letter, paragraphs=("a b", "c"))
    right = dataclasses.replace(letter, paragraphs=("a", "b c"))

    assert left.content_hash != right.content_hash


def test_directions_are_those_of_the_language() -> None:
    notice, target = make_one()
    add_language(notice, "ar", "?", "x")

    assert compose(notice, target, "en").direction == "ltr"
    assert compose(notice, target, "ar").direction == "rtl"


def test_composing_asks_nothing_of_the_database_once_prefetched(django_assert_num_queries: Any) -> None:
    make_published(officials=3)
    notice = UrgentAction.objects.prefetched_for_letters().get()

    with django_assert_num_queries(0):
        for target in notice.targets.all():
            letters.compose(notice, target, "en")
