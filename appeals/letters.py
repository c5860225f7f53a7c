"""The letter, composed once. Page, PDF and text all show what `compose` returned."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from babel.dates import format_date
from django.utils.functional import cached_property
from django.utils.translation import override
from django_countries import countries

from cases import languages, placeholders, plain_text
from cases.models import Addressee, Target, UrgentAction

# How letters end where the sample does not say so. One line or two, as the language does it.
CLOSINGS = {
    "ar": "وتفضلوا بقبول فائق الاحترام،",
    "de": "Mit freundlichen Grüßen",
    "en": "Yours sincerely,",
    "es": "Atentamente,",
    "fr": "Veuillez agréer l’expression de ma haute considération.",
    "it": "Distinti saluti,",
    "kk": "Құрметпен,",
    "pt": "Atenciosamente,",
    "ru": "С уважением,",
    "tr": "Saygılarımla,",
    "uk": "З повагою,",
    "zh": "此致\n敬礼",
}


class NoLetter(LookupError):
    """There is no checked letter to this official in this language."""


@dataclass(frozen=True)
class Letter:
    """What is printed, in the order in which it is printed. Every part is plain text."""

    language: str
    sender: tuple[str, ...]
    date: str
    addressee: tuple[str, ...]
    subject: str
    salutation: str
    paragraphs: tuple[str, ...]
    closing: tuple[str, ...]
    title: str
    filename: str  # without an ending

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @cached_property
    def content_hash(self) -> str:
        """Differs whenever anything printed differs."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def as_text(self) -> str:
        """The letter as plain text, blocks apart by a blank line."""
        blocks = ["\n".join(self.sender), self.date, "\n".join(self.addressee), self.subject, self.salutation]
        blocks += [*self.paragraphs, "\n".join(self.closing)]
        return "\n\n".join(block for block in blocks if block) + "\n"


def compose(
    notice: UrgentAction,
    target: Target,
    language: str,
    sender: Sequence[str] | None = None,
    own_words: str | None = None,
    today: datetime.date | None = None,
    writing_from: str = "",
) -> Letter:
    """The letter of `notice` to `target` in `language`.

    `sender` are the writer's lines, `own_words` replace the sample's body, and `today` dates the letter in its own
    language; a sample without them leaves room for the writer's hand. `writing_from` (ISO 3166 alpha-2) leaves the
    country out of the address where the letter does not cross a border. Raises NoLetter where there is no checked text
    or no stored greeting: a greeting is never made from a name.
    """
    text = notice.letter_text(target, language)
    addressee = target.addressee
    salutation = addressee.salutations.get(language)
    if text is None or salutation is None:
        raise NoLetter(f"{target} ({language})")
    values = placeholders.values(notice.people, addressee.role, language)
    subject = placeholders.fill(_one_line(text.subject), values)
    body = placeholders.fill(text.body, values) if own_words is None else _without_greeting(own_words, salutation)
    return Letter(
        language=language,
        sender=tuple(_one_line(line) for line in sender or ()),
        date=format_date(today, "long", locale=language) if today else "",
        addressee=envelope_lines(addressee, writing_from),
        subject=subject,
        salutation=_one_line(salutation),
        paragraphs=tuple(plain_text.paragraphs(body)),
        closing=tuple(plain_text.lines(text.closing or CLOSINGS.get(language, CLOSINGS["en"]))),
        title=f"{subject or notice.case} – {addressee}",
        filename=f"UA-{notice.case.number}-{notice.case.year % 100:02d}-{target.slug}-{language}",
    )


def _without_greeting(own_words: str, salutation: str) -> str:
    """The greeting stands above every letter: a writer who typed it as well would greet twice."""
    first, _line_end, rest = plain_text.clean(own_words).lstrip().partition("\n")
    return rest if _one_line(first).casefold() == _one_line(salutation).casefold() else own_words


def envelope_lines(addressee: Addressee, writing_from: str = "") -> tuple[str, ...]:
    """The address as the post wants it: as the office writes it, then the country alone in capitals.

    Post that stays in the country needs no such line.
    """
    with override("en"):
        country = _country_name(addressee.country).upper()
    lines = [str(addressee), addressee.institution, *addressee.address]
    if writing_from != addressee.country:
        lines.append(country)
    return tuple(line for line in map(_one_line, lines) if line)


def _one_line(text: str) -> str:
    return " ".join(plain_text.clean(text).split())


def _country_name(code: str) -> str:
    return str(countries.name(code))
