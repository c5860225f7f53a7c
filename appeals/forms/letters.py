"""What a reader may say about the letter that they want, and a letter in their own words."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from appeals import sending
from appeals.models import Handover, LetterFile
from cases import checks, languages, plain_text, printable
from cases.forms import WritingFromForm

LONGEST_LINE, MOST_ADDRESS_LINES = 120, 8


@dataclass(frozen=True)
class Reader:
    """What the address of a page says of its reader; nothing of it is kept anywhere else."""

    writing_from: str = ""  # ISO 3166 alpha-2
    paper: LetterFile.Paper = LetterFile.Paper.A4
    has_chosen_paper: bool = False
    language: str = ""  # of a page for the reader alone that goes with the letter

    @property
    def query(self) -> str:
        """For links to other pages: `?from=FR`, or empty."""
        return self.query_with()

    def query_with(self, **more: str) -> str:
        chosen = {"from": self.writing_from, "paper": self.paper.value if self.has_chosen_paper else ""}
        said = {name: value for name, value in {**chosen, **more}.items() if value}
        return f"?{urlencode(said)}" if said else ""


class ReaderForm(WritingFromForm):
    """Every part may be empty, and a value that is not on offer counts as empty: an old link still works."""

    use_required_attribute = False

    paper = forms.ChoiceField(choices=LetterFile.Paper, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with"] = forms.ChoiceField(choices=languages.choices, required=False)

    def reader(self) -> Reader:
        writing_from = self.country()
        data = self.cleaned_data
        chosen = data.get("paper", "")
        usual = LetterFile.Paper.LETTER if writing_from in sending.US_LETTER else LetterFile.Paper.A4
        return Reader(
            writing_from=writing_from,
            paper=LetterFile.Paper(chosen) if chosen else usual,
            has_chosen_paper=bool(chosen),
            language=data.get("with", ""),
        )


class OwnWordsForm(forms.Form):
    """The letter as its writer changed it, and how they sign."""

    use_required_attribute = False

    FULL, TOWN, INITIALS, BY_HAND = "full", "town", "initials", "hand"
    WAYS_TO_SIGN = (
        (FULL, _("with my full name and address: it shows that the letter is genuine")),
        (TOWN, _("with my name and town")),
        (INITIALS, _("with my initials and town: safer if somebody could be put at risk")),
        (BY_HAND, _("by hand, on the paper")),
    )

    opening = forms.CharField(
        label=_("Say who you are (optional)"),
        required=False,
        max_length=200,
        help_text=_("In the letter’s language, such as “I am a teacher in Lyon.” The letter begins with it."),
    )
    words = forms.CharField(
        label=_("Your letter"),
        widget=forms.Textarea(attrs={"rows": 18}),
        strip=False,
        help_text=_("Greeting and closing are added. An empty line begins a new paragraph."),
        error_messages={"required": _("Write what the letter should say.")},
    )
    sign = forms.ChoiceField(
        label=_("How do you want to sign? (optional)"),
        choices=WAYS_TO_SIGN,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Without a choice room is left to sign by hand."),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    address = forms.CharField(
        label=_("Your address"),
        required=False,
        max_length=LONGEST_LINE * MOST_ADDRESS_LINES,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address", "spellcheck": "false"}),
        help_text=_("Only printed if you sign with it."),
    )
    town = forms.CharField(
        label=_("Your town"),
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    is_dated = forms.BooleanField(label=_("Print today’s date"), required=False)
    kind = forms.ChoiceField(choices=Handover.Kind, required=False)

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        for name in ("opening", "words"):  # in the letter's language, not in the page's
            self.fields[name].widget.attrs |= {"lang": language, "dir": languages.direction(language)}
        for name in ("name", "address", "town"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def clean_opening(self) -> str:
        return self._printable("opening")

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if len(words) <= 2 * checks.LONGEST_LETTER:  # to look at each sign of what is longer takes seconds
            words = self._printable("words")
        if not words.strip():
            raise forms.ValidationError(self.fields["words"].error_messages["required"], code="required")
        if len(words) > checks.LONGEST_LETTER or words.count("\n") >= checks.MOST_LINES:
            raise forms.ValidationError(
                _(
                    "The letter has %(signs)s characters in %(lines)s lines. At most %(most_signs)s in %(most_lines)s "
                    "can be printed; one page is read more often."
                ),
                params={
                    "signs": f"{len(words):,}",
                    "lines": f"{words.count(chr(10)) + 1:,}",
                    "most_signs": f"{checks.LONGEST_LETTER:,}",
                    "most_lines": checks.MOST_LINES,
                },
            )
        longest = max(words.split(), key=len, default="")
        if self.language != "zh" and len(longest) > checks.LONGEST_WORD:
            raise forms.ValidationError(
                _("There is a word of %(length)s letters. Put spaces into it."), params={"length": len(longest)}
            )
        return words

    def clean_name(self) -> str:
        return self._printable("name")

    def clean_town(self) -> str:
        return self._printable("town")

    def clean_address(self) -> str:
        address = "\n".join(plain_text.lines(self._printable("address")))
        if address.count("\n") >= MOST_ADDRESS_LINES or any(len(line) > LONGEST_LINE for line in address.split("\n")):
            raise forms.ValidationError(
                _("Write the address in at most %(lines)s lines of at most %(signs)s characters."),
                params={"lines": MOST_ADDRESS_LINES, "signs": LONGEST_LINE},
            )
        return address

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Handover.Kind.PDF

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sign = data.get("sign")
        if sign in (self.FULL, self.TOWN, self.INITIALS) and not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write the name to sign with, or choose to sign by hand."))
        if sign == self.FULL and not data.get("address") and "address" not in self.errors:
            self.add_error("address", _("Write your address, or choose another way to sign."))
        if sign in (self.TOWN, self.INITIALS) and not data.get("town") and "town" not in self.errors:
            self.add_error("town", _("Write your town, or choose another way to sign."))
        return data

    def _printable(self, name: str) -> str:
        return printable_text(self.cleaned_data[name])

    @property
    def sender(self) -> tuple[str, ...]:
        """What is printed of the writer, by the way to sign that they chose; else room is left."""
        data = self.cleaned_data
        if data["sign"] == self.FULL:
            return (data["name"], *plain_text.lines(data["address"]))
        if data["sign"] == self.TOWN:
            return (data["name"], data["town"])
        if data["sign"] == self.INITIALS:
            return (initials(data["name"]), data["town"])
        return ()

    @property
    def whole(self) -> str:
        """The body: the sentence about the writer, then the rest."""
        parts = (self.cleaned_data["opening"].strip(), self.cleaned_data["words"])
        return "\n\n".join(part for part in parts if part)


def printable_text(text: str) -> str:
    """`text` without what is no sign at all. Raises ValidationError for signs that no letter font has."""
    text = plain_text.clean(text)
    missing = printable.missing(text)
    if missing:
        raise forms.ValidationError(
            _("These signs cannot be printed. Please take them out: %(signs)s"),
            params={"signs": ", ".join(printable.named(sign) for sign in missing[:5])},
        )
    return text


def initials(name: str) -> str:
    """ "Ada Reader" is A. R."""
    return " ".join(f"{part[0].upper()}." for part in name.replace("-", " ").split())
