"""The closed list of `{placeholders}` that staff may use in a letter. Nothing else in a text is ever interpreted.

They agree with one person, with several, and with a community. Gender is never guessed: where pronouns are not given
and the language has no word that leaves gender open, the name stands in place of the pronoun.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from babel.lists import format_list
from django.utils.translation import gettext as _

from cases import plain_text

ALWAYS = ("names", "role")

_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")
_SOUNDS_LIKE_Y = re.compile(r"h?[ií](?![ae])", re.IGNORECASE)  # “Ana e Inés”, but “Ana y Ian”


class Someone(Protocol):
    """What a letter says of somebody at risk."""

    @property
    def public_name(self) -> str: ...
    @property
    def pronouns(self) -> str: ...
    @property
    def kind(self) -> str: ...


class Forms(NamedTuple):
    """A word in each form that it takes."""

    he: str
    she: str
    several: str  # and a community
    women: str = ""  # several who are all “she”; empty where the language has one word for any several
    unsaid: str = "{names}"  # one person who is neither “he” nor “she”, or of whom it is not known
    two: str = ""  # exactly two people, in Arabic


# Only forms that are right wherever a translator may put them. Left out is what depends on the thing owned (son, sa,
# ses), on the case that a verb or preposition asks for (его, ему, ним), or is part of another word (Arabic endings).
WORDS: dict[str, dict[str, Forms]] = {
    "en": {
        "they": Forms("he", "she", "they", unsaid="they"),
        "them": Forms("him", "her", "them", unsaid="them"),
        "their": Forms("his", "her", "their", unsaid="their"),
        "theirs": Forms("his", "hers", "theirs", unsaid="theirs"),
        "themselves": Forms("himself", "herself", "themselves", unsaid="themselves"),
        "are": Forms("is", "is", "are", unsaid="are"),
        "have": Forms("has", "has", "have", unsaid="have"),
        "were": Forms("was", "was", "were", unsaid="were"),
    },
    "ar": {"they": Forms("هو", "هي", "هم", "هنّ", two="هما")},
    "de": {"they": Forms("er", "sie", "sie")},
    "es": {"they": Forms("él", "ella", "ellos", "ellas")},
    "fr": {"they": Forms("il", "elle", "ils", "elles")},
    "it": {"they": Forms("lui", "lei", "loro")},
    # Kazakh and Turkish have no gender, so nothing is guessed by using their words.
    "kk": {
        "they": Forms("ол", "ол", "олар", unsaid="ол"),
        "their": Forms("оның", "оның", "олардың", unsaid="оның"),
    },
    "pt": {
        "they": Forms("ele", "ela", "eles", "elas"),
        "their": Forms("dele", "dela", "deles", "delas", unsaid="de {names}"),
    },
    # “Of him” needs the name in the genitive, and in Russian and Ukrainian a name is declined by gender. Undeclined,
    # as foreign names often are, it takes no side.
    "ru": {
        "they": Forms("он", "она", "они"),
        "their": Forms("его", "её", "их"),
    },
    "tr": {
        "they": Forms("o", "o", "onlar", unsaid="o"),
        "their": Forms("onun", "onun", "onların", unsaid="onun"),
    },
    "uk": {
        "they": Forms("він", "вона", "вони"),
        "their": Forms("його", "її", "їх"),
    },
    "zh": {
        "they": Forms("他", "她", "他们", "她们"),
        "them": Forms("他", "她", "他们", "她们"),
        "their": Forms("他的", "她的", "他们的", "她们的", unsaid="{names}的"),
    },
}

# A sentence that begins with “Sie” or “Lei” may speak to the official who reads it: there it begins with the name.
_CAPITAL_MEANS_YOU = ("de", "it")

# “sie” is missing: it may be several people, or one woman.
_HE = frozenset({"he", "er", "él", "il", "lui", "egli", "ele", "он", "він", "他", "هو"})
_SHE = frozenset({"she", "ella", "elle", "lei", "ela", "она", "вона", "她", "هي"})


def names(language: str) -> tuple[str, ...]:
    """The placeholders of letters in `language`."""
    words = tuple(WORDS.get(language, ()))
    return ALWAYS + words + (() if language in _CAPITAL_MEANS_YOU else tuple(map(_capital, words)))


def found(text: str) -> list[str]:
    """Whatever stands in braces in `text`."""
    return _PLACEHOLDER.findall(text)


def unknown(text: str, language: str) -> list[str]:
    """What stands in braces in `text` and is not on the list for `language`."""
    return [name for name in found(text) if name not in names(language)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each listed placeholder replaced once; a value's own braces are left as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def values(people: Sequence[Someone], role: str, language: str) -> dict[str, str]:
    """What each placeholder stands for in a letter about `people` to an official whose title is `role`."""
    each = [_one_line(someone.public_name) for someone in people]
    together = _joined(each, language)
    filled = {"names": together, "role": _one_line(role)}
    for name, forms in WORDS.get(language, {}).items():
        filled[name] = _agreeing(forms, people).replace("{names}", together)
        filled[_capital(name)] = _capital(filled[name])
    return {name: filled[name] for name in names(language)}


def described(language: str) -> str:
    """A help text for staff: what may be used in letters in `language`, and what it stands for."""
    words = WORDS.get(language, {})
    listed = [f"{{{name}}}" for name in ALWAYS]
    listed += [f"{{{name}}} ({', '.join(_examples(forms))})" for name, forms in words.items()]
    sentences = [_("Subject and body may use %(placeholders)s.") % {"placeholders": ", ".join(listed)}]
    if language in _CAPITAL_MEANS_YOU:
        sentences.append(_("Begin a sentence with {names}: the capital letter would turn {they} into “you”."))
    elif words:
        sentences.append(_("At the beginning of a sentence write {They}."))
    if "are" in words:
        sentences.append(_("{are}, {have} and {were} go with {they}, never with {names}."))
    if any("{names}" in forms.unsaid for forms in words.values()):
        sentences.append(_("Where a person's pronouns are not known, the name stands instead."))
    return " ".join(sentences)


def _examples(forms: Forms) -> list[str]:
    every = (forms.he, forms.she, forms.two, forms.several, forms.women)
    return [form for form in dict.fromkeys(every) if form]


def _agreeing(forms: Forms, people: Sequence[Someone]) -> str:
    said = [_said(someone) for someone in people]
    has_community = any(someone.kind == "community" for someone in people)
    if len(people) == 1 and not has_community:
        return {"he": forms.he, "she": forms.she}.get(said[0], forms.unsaid)
    if len(people) == 2 and forms.two and not has_community:
        return forms.two
    if not forms.women:
        return forms.several
    if said and set(said) == {"she"}:
        return forms.women
    # One man or a community among them makes the masculine plural right, whoever the others are. Without, those whose
    # pronouns are not known may all be women.
    return forms.several if "he" in said or has_community or not people else forms.unsaid


def _said(someone: Someone) -> str:
    """“he” or “she” if the pronouns say one of them first and not the other; else nothing is known."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", someone.pronouns).casefold())
    if words and words[0] in _HE and _SHE.isdisjoint(words):
        return "he"
    if words and words[0] in _SHE and _HE.isdisjoint(words):
        return "she"
    return ""


def _joined(each: Sequence[str], language: str) -> str:
    *others, last = each or [""]
    if others and language == "ug":  # babel would say “and” in English
        return f"{'، '.join(others)} ۋە {last}"
    if others and language == "es" and _SOUNDS_LIKE_Y.match(last):
        return f"{', '.join(others)} e {last}"
    return str(format_list([*others, last], locale=language))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _one_line(text: str) -> str:
    return " ".join(plain_text.clean(text).split())
