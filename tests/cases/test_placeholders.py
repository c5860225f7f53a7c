"""The closed list of placeholders: what is filled, what never is, and how each word agrees without a guess."""

from dataclasses import dataclass

import pytest

from cases import languages, placeholders
from cases.models import Person


@dataclass(frozen=True)
class Someone:
    public_name: str
    pronouns: str = ""
    kind: str = "person"


HE = Someone("Nagyz", "he/him")
SHE = Someone("Aygul", "she/her")
SAM = Someone("Sam", "they/them")
KIM = Someone("Kim")
ANA = Someone("Ana", "she/her")
ALI = Someone("Ali", "he/him")
WAMPIS = Someone("The Wampís", kind="community")


def word(name: str, language: str, *people: Someone) -> str:
    return placeholders.values(people, "Director", language)[name]


# --- Filling ----------------------------------------------------------------------------------------------------------

VALUES = {"names": "Nagyz", "they": "he", "them": "him", "their": "his", "role": "Director"}


def test_listed_placeholders_are_filled() -> None:
    text = "{role}: release {names}. {they} wants {their} freedom, give it to {them}. {names}!"

    assert placeholders.fill(text, VALUES) == "Director: release Nagyz. he wants his freedom, give it to him. Nagyz!"


@pytest.mark.parametrize(
    "text",
    [
        "{name}",
        "{ names }",
        "{}",
        "{0}",
        "{NAMES}",
        "{names.__class__}",
        "{names!r}",
        "{names:>1000000}",
        "%(names)s $names",
        "{% include 'x' %}",
        "{settings.SECRET_KEY}",
        "{na\nmes}",
        "{",
        "}",
    ],
)
def test_anything_else_in_braces_stays_as_it_is(text: str) -> None:
    assert placeholders.fill(text, VALUES) == text


def test_a_value_is_never_filled_again() -> None:
    assert placeholders.fill("{names}", {**VALUES, "names": "{role} {names}"}) == "{role} {names}"

    values = placeholders.values([Someone("{role} {names}")], "{names} {they}", "zh")
    assert placeholders.fill("{their}/{role}", values) == "{role} {names}的/{names} {they}"


def test_unknown_placeholders_are_named() -> None:
    assert placeholders.found("{names} {nmaes} {They} {x} {}") == ["names", "nmaes", "They", "x", ""]
    assert placeholders.unknown("{names} {nmaes} {They} {x} {}", "en") == ["nmaes", "x", ""]
    assert placeholders.unknown("{names} {they} {Them} {their} {role} {are}", "en") == []


# --- The list of each language ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en",
            "names role they them their theirs themselves are have were "
            "They Them Their Theirs Themselves Are Have Were",
        ),
        ("fr", "names role they They"),
        ("ru", "names role they their They Their"),
        ("zh", "names role they them their They Them Their"),
        ("de", "names role they"),  # no capital: “Sie” and “Lei” would be “you”
        ("it", "names role they"),
        ("fa", "names role"),
    ],
)
def test_each_language_has_its_closed_list(language: str, names: str) -> None:
    assert placeholders.names(language) == tuple(names.split())


def test_a_word_of_another_language_is_unknown() -> None:
    assert placeholders.unknown("{names} {role} {They} {them} {are}", "fr") == ["them", "are"]
    assert placeholders.unknown("{they} {They}", "de") == ["They"]
    assert placeholders.unknown("{they} {their}", "vi") == ["they", "their"]


@pytest.mark.parametrize("language", languages.TAGS)
@pytest.mark.parametrize(
    "people", [(), (HE,), (SHE,), (KIM,), (WAMPIS,), (HE, SHE), (SHE, ANA), (KIM, SAM), (HE, SHE, WAMPIS)]
)
def test_everything_on_the_list_is_filled(language: str, people: tuple[Someone, ...]) -> None:
    names = placeholders.names(language)
    letter = " ".join(f"{{{name}}}" for name in names)

    values = placeholders.values(people, "Director", language)

    assert tuple(values) == names
    assert placeholders.found(placeholders.fill(letter, values)) == []
    assert [name for name, value in values.items() if not value] == ([] if people else ["names"])


def test_every_language_with_words_is_one_of_ours() -> None:
    assert set(placeholders.WORDS) - set(languages.TAGS) == set()


# --- Names and titles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "two", "three"),
    [
        ("en", "Ana and Ali", "Ana, Ali, and Kim"),
        ("es", "Ana y Ali", "Ana, Ali y Kim"),
        ("fr", "Ana et Ali", "Ana, Ali et Kim"),
        ("ar", "Ana وAli", "Ana وAli وKim"),
        ("zh", "Ana和Ali", "Ana、Ali和Kim"),
        ("ru", "Ana и Ali", "Ana, Ali и Kim"),
        ("kk", "Ana және Ali", "Ana, Ali, Kim"),
        ("ug", "Ana ۋە Ali", "Ana، Ali ۋە Kim"),
    ],
)
def test_names_are_joined_as_the_language_joins_them(language: str, two: str, three: str) -> None:
    assert word("names", language, ANA, ALI) == two
    assert word("names", language, ANA, ALI, KIM) == three
    assert word("names", language, ANA) == "Ana"
    assert word("names", language) == ""


@pytest.mark.parametrize("name", ["Inés", "Íñigo", "Hilario", "irene"])
def test_spanish_has_another_and_before_the_sound_of_i(name: str) -> None:
    assert word("names", "es", ANA, Someone(name)) == f"Ana e {name}"
    assert word("names", "es", ANA, ALI, Someone(name)) == f"Ana, Ali e {name}"
    assert word("names", "es", Someone(name), ANA) == f"{name} y Ana"


@pytest.mark.parametrize("name", ["Ian", "Hielo", "Yolanda", "Hugo"])
def test_spanish_keeps_its_and_before_any_other_sound(name: str) -> None:
    assert word("names", "es", ANA, Someone(name)) == f"Ana y {name}"


def test_names_and_titles_are_one_line_of_what_can_be_printed() -> None:
    values = placeholders.values([Someone(" Nagyz\u202e\r\n Muhammed ", "he")], "Director\n\x00of  prisons", "fr")

    assert values == {"names": "Nagyz Muhammed", "role": "Director of prisons", "they": "il", "They": "Il"}


# --- Agreement --------------------------------------------------------------------------------------------------------

ENGLISH_HE = "he him his his himself is has was He Him His His Himself Is Has Was"
ENGLISH_SHE = "she her her hers herself is has was She Her Her Hers Herself Is Has Was"
ENGLISH_THEY = "they them their theirs themselves are have were They Them Their Theirs Themselves Are Have Were"


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ((HE,), ENGLISH_HE),
        ((SHE,), ENGLISH_SHE),
        ((SAM,), ENGLISH_THEY),
        ((KIM,), ENGLISH_THEY),
        ((WAMPIS,), ENGLISH_THEY),
        ((Someone("The Wampís", "he/him", "community"),), ENGLISH_THEY),
        ((HE, ALI), ENGLISH_THEY),
        ((SHE, ANA), ENGLISH_THEY),
        ((), ENGLISH_THEY),
    ],
)
def test_english_words_agree_with_the_people(people: tuple[Someone, ...], words: str) -> None:
    values = placeholders.values(people, "Director", "en")

    assert [values[name] for name in placeholders.names("en")[2:]] == words.split()


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        # one: he, she, not given | several: men, women, mixed | a community
        ("ar", "هو هي Kim | هم هنّ هم | هم"),
        ("de", "er sie Kim | sie sie sie | sie"),
        ("es", "él ella Kim | ellos ellas ellos | ellos"),
        ("fr", "il elle Kim | ils elles ils | ils"),
        ("it", "lui lei Kim | loro loro loro | loro"),
        ("kk", "ол ол ол | олар олар олар | олар"),
        ("pt", "ele ela Kim | eles elas eles | eles"),
        ("ru", "он она Kim | они они они | они"),
        ("tr", "o o o | onlar onlar onlar | onlar"),
        ("uk", "він вона Kim | вони вони вони | вони"),
        ("zh", "他 她 Kim | 他们 她们 他们 | 他们"),
    ],
)
def test_they_agrees_in_every_language_that_has_it(language: str, forms: str) -> None:
    groups = [(HE,), (SHE,), (KIM,), (HE, ALI, ALI), (SHE, ANA, ANA), (SHE, ANA, ALI), (WAMPIS,)]

    assert [word("they", language, *people) for people in groups] == forms.replace("|", "").split()


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("kk", "оның оның оның | олардың олардың"),
        ("pt", "dele dela de_Kim | deles delas"),
        ("ru", "его её Kim | их их"),
        ("tr", "onun onun onun | onların onların"),
        ("uk", "його її Kim | їх їх"),
        ("zh", "他的 她的 Kim的 | 他们的 她们的"),
    ],
)
def test_their_agrees_where_it_depends_on_the_owner_alone(language: str, forms: str) -> None:
    groups = [(HE,), (SHE,), (KIM,), (HE, ALI), (SHE, ANA)]
    expected = [form.replace("_", " ") for form in forms.replace("|", "").split()]

    assert [word("their", language, *people) for people in groups] == expected


def test_two_people_have_a_form_of_their_own_in_arabic() -> None:
    assert [word("they", "ar", HE, ALI), word("they", "ar", SHE, ANA), word("they", "ar", KIM, SAM)] == ["هما"] * 3
    assert word("they", "ar", HE, WAMPIS) == "هم"


@pytest.mark.parametrize(("language", "names"), [("fr", "Kim et Aygul"), ("es", "Kim y Aygul"), ("zh", "Kim和Aygul")])
def test_several_who_may_all_be_women_are_named(language: str, names: str) -> None:
    assert word("they", language, KIM, SHE) == names
    assert word("they", language, KIM, SHE, HE) != names


@pytest.mark.parametrize(("language", "they"), [("ru", "они"), ("de", "sie"), ("kk", "олар")])
def test_several_need_no_pronouns_where_the_plural_has_no_gender(language: str, they: str) -> None:
    assert word("they", language, KIM, SAM) == they


def test_a_community_of_women_is_feminine_when_it_says_so() -> None:
    mothers = Someone("Las Madres", "she/her", "community")

    assert word("they", "es", mothers) == "ellas"
    assert word("they", "es", mothers, HE) == word("they", "es", WAMPIS) == "ellos"


def test_a_name_that_begins_a_sentence_has_a_capital() -> None:
    sister = Someone("sister of Aygul")

    assert (word("They", "fr", sister), word("they", "fr", sister)) == ("Sister of Aygul", "sister of Aygul")
    assert (word("They", "kk", sister), word("Their", "zh", HE)) == ("Ол", "他的")


# --- What staff write as pronouns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pronouns",
    ["he", "He/Him", " he / him ", "(he/him)", "he, they", "il/lui", "él", "e\u0301l", "он/его", "他", "هو", "er/ihm"],
)
def test_he_is_read_in_many_spellings(pronouns: str) -> None:
    assert word("they", "fr", Someone("Kim", pronouns)) == "il"


@pytest.mark.parametrize(
    "pronouns", ["she", "SHE/her", "elle", "ella/la", "она", "她/她的", "هي", "ela", "lei", "вона"]
)
def test_she_is_read_in_many_spellings(pronouns: str) -> None:
    assert word("they", "fr", Someone("Kim", pronouns)) == "elle"


@pytest.mark.parametrize(
    "pronouns",
    [
        "",
        " / ",
        "they/them",
        "they/he",  # the first counts
        "he/she",  # both
        "she/he",
        "il ou elle",
        "ze/zir",
        "any",
        "iel",
        "the",
        "shelter",
        "他们",
        "sie",  # one woman or several people
    ],
)
def test_gender_is_never_guessed(pronouns: str) -> None:
    kim = Someone("Kim", pronouns)

    assert [word("they", language, kim) for language in ("en", "fr", "zh", "ar", "ru")] == ["they", *["Kim"] * 4]
    assert [word("their", language, kim) for language in ("en", "zh", "pt")] == ["their", "Kim的", "de Kim"]


def test_a_person_of_the_record_is_someone() -> None:
    person = Person(name="Nagyz", pronouns="he/him", may_be_named=True, consent="x")
    community = Person(name="Awajún", kind=Person.Kind.COMMUNITY, may_be_named=True, consent="x")
    kept_back = Person(name="Aygul Secret", pronouns="she/her", role="her sister")

    assert placeholders.values([person], "Director", "fr")["they"] == "il"
    assert placeholders.values([community], "Director", "fr")["they"] == "ils"
    assert placeholders.values([kept_back], "Director", "fr")["names"] == "her sister"


# --- The help for staff -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "help_text"),
    [
        (
            "en",
            "Subject and body may use {names}, {role}, {they} (he, she, they), {them} (him, her, them), "
            "{their} (his, her, their), {theirs} (his, hers, theirs), {themselves} (himself, herself, themselves), "
            "{are} (is, are), {have} (has, have), {were} (was, were). At the beginning of a sentence write {They}. "
            "{are}, {have} and {were} go with {they}, never with {names}.",
        ),
        (
            "fr",
            "Subject and body may use {names}, {role}, {they} (il, elle, ils, elles). "
            "At the beginning of a sentence write {They}. "
            "Where a person's pronouns are not known, the name stands instead.",
        ),
        (
            "de",
            "Subject and body may use {names}, {role}, {they} (er, sie). "
            "Begin a sentence with {names}: the capital letter would turn {they} into “you”. "
            "Where a person's pronouns are not known, the name stands instead.",
        ),
        (
            "tr",
            "Subject and body may use {names}, {role}, {they} (o, onlar), {their} (onun, onların). "
            "At the beginning of a sentence write {They}.",
        ),
        ("fa", "Subject and body may use {names}, {role}."),
    ],
)
def test_staff_are_told_what_may_be_used(language: str, help_text: str) -> None:
    assert placeholders.described(language) == help_text


@pytest.mark.parametrize("language", languages.TAGS)
def test_staff_are_told_of_nothing_that_is_not_on_the_list(language: str) -> None:
    assert placeholders.unknown(placeholders.described(language), language) == []
