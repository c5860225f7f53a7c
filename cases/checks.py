"""What stands between a notice and its publication.

Each check has a code, a level and a message that says what to do. `publishing.publish` refuses while one blocks.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from cases import languages, placeholders, plain_text, printable, short_texts
from cases.models import Case, LetterText, Target, UrgentAction


class Level(StrEnum):
    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True)
class Finding:
    code: str
    level: Level
    message: str

    @property
    def blocks(self) -> bool:
        return self.level is Level.BLOCKS


Check = Callable[[UrgentAction, datetime.date], Iterator[Finding]]

GREETING = re.compile(r"(dear|estimad[oa]s?|cher|chère|sehr geehrter?)\b", re.IGNORECASE)
FREE_MAIL = ("gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "163.com", "qq.com", "mail.ru", "proton.me")
LONGEST_LETTER = 12_000
MOST_LINES = 300
LONGEST_WORD = 400
MOST_SIGNS = 5  # named in one message: a text in a script that we lack would name its whole alphabet
ROOM_FOR_GREETING = 400  # in a mail link, for address, greeting and closing


def run(notice: UrgentAction, today: datetime.date) -> list[Finding]:
    """Everything that is wrong or doubtful with `notice`, what blocks first."""
    findings = [finding for check in CHECKS for finding in check(notice, today)]
    return sorted(findings, key=lambda finding: not finding.blocks)


def _block(code: str, message: object) -> Finding:
    return Finding(code, Level.BLOCKS, str(message))


def _warn(code: str, message: object) -> Finding:
    return Finding(code, Level.WARNS, str(message))


def headline_and_dates(notice: UrgentAction, today: datetime.date) -> Iterator[Finding]:
    if not notice.headline.strip():
        yield _block("no-headline", _("The notice has no headline."))
    if notice.issued_on is None:
        yield _block("no-issue-date", _("The day of issue is missing."))
    if notice.kind == UrgentAction.Kind.STOP:
        return
    if notice.act_by is None:
        yield _block("no-deadline", _("The notice has no deadline."))
    elif notice.act_by < today:
        yield _block("deadline-passed", _("The deadline has passed."))
    elif (notice.act_by - today).days < 7:
        yield _warn("deadline-near", _("The deadline is less than a week away: letters by post may come too late."))
    elif (notice.act_by - today).days > 90:
        yield _warn("deadline-far", _("The deadline is more than 90 days away."))


def texts(notice: UrgentAction, today: datetime.date) -> Iterator[Finding]:
    if not any(text.state == "checked" for text in notice.texts.all()):
        yield _block("no-text", _("No text of the notice is marked as checked."))


def targets(notice: UrgentAction, today: datetime.date) -> Iterator[Finding]:
    if notice.kind == UrgentAction.Kind.STOP:
        return
    found = list(notice.targets.all())
    if not found:
        yield _block("no-target", _("The notice names no official to write to."))
    for target in found:
        yield from _target(notice, target)


def _target(notice: UrgentAction, target: Target) -> Iterator[Finding]:
    official = target.official
    channels = [channel for channel in official.channels.all() if channel.works]
    if not official.address_lines and not channels:
        yield _block("no-channel", _("%s: no address and no channel that works.") % official)
    greetings = {salutation.language for salutation in official.salutations.all()}
    if not greetings:
        yield _block("no-salutation", _("%s: no greeting.") % official)
    for letter in _letters_to(notice, target):
        if greetings and letter.language not in greetings:
            yield _block(
                "no-salutation-in-language",
                _("%(official)s: no greeting in %(language)s, but there is a letter in it.")
                % {"official": official, "language": languages.name(letter.language)},
            )
    for channel in channels:
        if channel.kind == "email" and channel.value.rpartition("@")[2].lower() in FREE_MAIL:
            yield _warn(
                "free-mail",
                _("%(official)s: %(address)s is a free-mail address. Is it really the office's?")
                % {"official": official, "address": channel.value},
            )


def letters(notice: UrgentAction, today: datetime.date) -> Iterator[Finding]:
    if notice.kind == UrgentAction.Kind.STOP:
        return
    for target in notice.targets.all():
        if not _letters_to(notice, target):
            yield _block("no-letter", _("%s: no sample letter is marked as checked.") % target.official)
    written = {letter.language for letter in _checked(notice)}
    for tag in notice.languages_preferred:
        if tag not in written:
            yield _warn(
                "preferred-language-missing",
                _("%s is a preferred language, but there is no checked letter in it.") % languages.name(tag),
            )
    for letter in _checked(notice):
        yield from _letter(notice, letter)


def _letter(notice: UrgentAction, letter: LetterText) -> Iterator[Finding]:
    language = languages.name(letter.language)
    people = list(notice.case.people.all())
    for name in _misplaced(letter):
        yield _block(
            "unknown-placeholder",
            _("Letter in %(language)s: {%(name)s} cannot be filled in there. Subject and body may use %(names)s.")
            % {
                "language": language,
                "name": name,
                "names": placeholders.described(letter.language),
            },
        )
    if begins_with_greeting(letter, notice):
        yield _block(
            "greeting-in-body",
            _("Letter in %s: it begins with a greeting. Take it out: each official's own is added.") % language,
        )
    elif looks_like_greeting(letter):
        yield _warn(
            "greeting-perhaps",
            _("Letter in %s: does it begin with a greeting? Each official's own is added.") % language,
        )
    uses_names = letter.language != "en" and "{names}" in f"{letter.subject}{letter.body}"
    if uses_names and any(not person.may_be_named for person in people):
        yield _warn(
            "role-in-letter",
            _("Letter in %s: {names} stands for a role, because a name is kept back. Read how it fits.") % language,
        )
    body = plain_text.clean(letter.body)
    has_long_word = letter.language != "zh" and any(len(word) > LONGEST_WORD for word in body.split())
    if len(body) > LONGEST_LETTER or body.count("\n") > MOST_LINES or has_long_word:
        yield _block("letter-too-long", _("Letter in %s: too long to be printed.") % language)


def _misplaced(letter: LetterText) -> list[str]:
    """Placeholders that are not on the list, or stand where none is filled in."""
    wrong = placeholders.unknown(f"{letter.subject}\n{letter.body}", letter.language)
    others = f"{letter.closing}\n{letter.short_email}\n{letter.post_text}\n{letter.call_script}"
    return wrong + placeholders.found(others)


def begins_with_greeting(letter: LetterText, notice: UrgentAction) -> bool:
    first = next(iter(plain_text.lines(letter.body)), "")
    stored = {
        salutation.text.casefold()
        for target in notice.targets.all()
        for salutation in target.official.salutations.all()
    }
    return first.casefold() in stored or GREETING.match(first) is not None


def looks_like_greeting(letter: LetterText) -> bool:
    """A short first line that ends like one: “Your Excellency,”."""
    first = next(iter(plain_text.lines(letter.body)), "")
    return len(first) < 60 and first.endswith((",", ":", "،", "，", "："))


def signs(notice: UrgentAction, today: datetime.date) -> Iterator[Finding]:
    """A sign that no font of ours has would be an empty box on paper."""
    if notice.kind == UrgentAction.Kind.STOP:
        return
    people = list(notice.case.people.all())
    for letter in _checked(notice):
        values = placeholders.values(people, "", letter.language)
        text = placeholders.fill(f"{letter.subject}\n{letter.body}\n{letter.closing}", values)
        yield from _unprintable(_("Letter in %s") % languages.name(letter.language), text)
    for target in notice.targets.all():
        official = target.official
        written = {letter.language for letter in _letters_to(notice, target)}
        greetings = [salutation.text for salutation in official.salutations.all() if salutation.language in written]
        lines = [official.role, official.name, official.institution, *official.address_lines, *greetings]
        yield from _unprintable(str(official), "\n".join(lines))


def _unprintable(where: str, text: str) -> Iterator[Finding]:
    if missing := printable.missing(text):
        yield _block(
            "signs-not-printable",
            _("%(where)s: our fonts cannot print %(signs)s. Write it in another way.")
            % {"where": where, "signs": ", ".join(map(printable.named, missing[:MOST_SIGNS]))},
        )


def short_texts_fit(notice: UrgentAction, today: datetime.date) -> Iterator[Finding]:
    """What goes through other people's programs is cut by them where it is too long."""
    for letter in _checked(notice):
        language = languages.name(letter.language)
        in_link = len(short_texts.in_mail_link(f"{letter.subject}{letter.short_email}"))
        if in_link > short_texts.LONGEST_MAIL_LINK - ROOM_FOR_GREETING:
            yield _warn(
                "email-too-long",
                _("Letter in %(language)s: the short email takes %(length)s signs in a link; at most %(most)s fit.")
                % {
                    "language": language,
                    "length": f"{in_link:,}",
                    "most": f"{short_texts.LONGEST_MAIL_LINK - ROOM_FOR_GREETING:,}",
                },
            )
        handles = _handles_added(notice, letter)
        length = max(short_texts.post_length(letter.post_text + handle, has_link=True) for handle in handles)
        if length > short_texts.LONGEST_POST:
            yield _warn(
                "post-too-long",
                _("Letter in %(language)s: with the link the text to post counts %(length)s of at most %(most)s.")
                % {"language": language, "length": length, "most": short_texts.LONGEST_POST},
            )


def _handles_added(notice: UrgentAction, letter: LetterText) -> list[str]:
    """What is put behind the text of a post for each official who is named there and not in the text."""
    if not letter.post_text:
        return [""]
    channels = [channel for target in notice.targets.all() for channel in target.official.channels.all()]
    handles = [channel.value for channel in channels if channel.kind == "handle" and channel.works]
    return ["", *(f" {handle}" for handle in handles if handle not in letter.post_text)]


def names_kept_back(notice: UrgentAction, today: datetime.date) -> Iterator[Finding]:
    """Nobody who is not to be named is named in anything that would become public."""
    public = [notice.headline, notice.reason, notice.case.outcome_text]
    public += [target.why for target in notice.targets.all()]
    public += [person.role for person in notice.case.people.all()]
    for text in notice.texts.all():
        public += [text.translated_headline, text.summary, text.demands, text.additional_information]
    for letter in notice.letters.all():
        public += [letter.subject, letter.body, letter.closing]
        public += [letter.short_email, letter.post_text, letter.call_script]
    yield from names_in(notice.case, *public)


def names_in(case: Case, *texts: str) -> Iterator[Finding]:
    """The people of `case` who are not to be named and are, in one of `texts`."""
    everything = _for_comparison("\n".join(texts))
    for person in case.people.all():
        if person.may_be_named:
            continue
        if _for_comparison(person.name) in everything:
            yield _block("name-kept-back", _("%s is not to be named in public, but is in a text.") % person.name)
        elif parts := [part for part in person.name.split() if len(part) > 3 and _for_comparison(part) in everything]:
            yield _warn(
                "part-of-name",
                _("%(name)s is not to be named in public, but “%(parts)s” is in a text.")
                % {"name": person.name, "parts": ", ".join(parts)},
            )


def _for_comparison(text: str) -> str:
    """Without what the eye overlooks: accents, line breaks, odd spaces and dashes, invisible signs, capitals."""
    visible = []
    for sign in unicodedata.normalize("NFKD", plain_text.clean(text)):
        kind = unicodedata.category(sign)
        if kind == "Pd":
            visible.append("-")
        elif kind != "Cf" and kind[0] != "M":
            visible.append(sign)
    return " ".join("".join(visible).split()).casefold()


def _checked(notice: UrgentAction) -> list[LetterText]:
    return [letter for letter in notice.letters.all() if letter.state == "checked"]


def _letters_to(notice: UrgentAction, target: Target) -> list[LetterText]:
    return [letter for letter in _checked(notice) if letter.target_id in (None, target.pk)]


CHECKS: tuple[Check, ...] = (headline_and_dates, texts, targets, letters, signs, short_texts_fit, names_kept_back)
