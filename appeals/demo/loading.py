"""Making a demonstration case: all of it or nothing, and never over anything that is there."""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify

from appeals import reports
from appeals.demo.shape import DemoCase, DemoLetter, DemoNotice, DemoOfficial, DemoOutcome, DemoStop, DemoText
from cases import publishing
from cases.models import (
    Case,
    ContactChannel,
    LetterText,
    NoticeText,
    Official,
    Person,
    Salutation,
    Target,
    Topic,
    UrgentAction,
)
from cases.models.texts import TranslationState


def existing(demo: DemoCase) -> Case | None:
    """The case in the database that stands where `demo` would. An invented one is known in any year by its number."""
    same = Q(number=demo.number.number, year=demo.number.year)
    if demo.is_fictional:
        same |= Q(number=demo.number.number, is_fictional=True)
    return Case.objects.filter(same).first()


def make(demo: DemoCase) -> bool:
    """Make `demo` with its notices, letters and reports through the verbs that staff use.

    Returns False, and changes nothing, where the case is there already. Raises publishing.NotReady where an official
    of the directory was changed so that a letter could no longer be published.
    """
    try:
        with transaction.atomic():
            if existing(demo) is not None:
                return False
            _make(demo)
    except IntegrityError:  # another process was quicker
        if existing(demo) is not None:
            return False
        raise
    return True


def noon(day: datetime.date) -> datetime.datetime:
    """A moment that is this same day everywhere that a deadline is reckoned in."""
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


def report_key(demo: DemoCase, place: int) -> uuid.UUID:
    """The same for the same report in every run, so that it is never counted twice."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urgent-action-tracker:demo:{demo.number.slug}:{place}")


def enter(demo: DemoOfficial) -> bool:
    """Enter `demo` in the directory. Returns False where it is there already and stays as staff have it."""
    with transaction.atomic():
        return _official(demo)[1]


def _make(demo: DemoCase) -> None:
    case = Case(
        number=demo.number.number,
        year=demo.number.year,
        country=demo.country,
        is_fictional=demo.is_fictional,
        notes=demo.notes,
    )
    _save(case)
    case.topics.set([_topic(name) for name in demo.topics])
    for order, person in enumerate(demo.people, start=1):
        _save(
            Person(
                case=case,
                order=order,
                kind=person.kind,
                name=person.name,
                pronouns=person.pronouns,
                role=person.role,
                may_be_named=bool(person.consent),
                consent=person.consent,
            )
        )
    notices: list[UrgentAction] = []
    for sequence, demo_notice in enumerate(demo.notices, start=1):
        notice = _notice(case, sequence, demo_notice, previous=notices[-1] if notices else None)
        publishing.publish(notice, by=None, now=noon(demo_notice.issued_on))
        notices.append(notice)
    _report(demo, notices)
    if isinstance(demo.ending, DemoStop):
        publishing.stop(case, by=None, reason=demo.ending.reason, now=noon(demo.ending.on))
    elif isinstance(demo.ending, DemoOutcome):
        end = demo.ending
        publishing.close(case, end.outcome, on=end.on, text=end.text, now=noon(end.closed_on))


def _notice(case: Case, sequence: int, demo: DemoNotice, previous: UrgentAction | None) -> UrgentAction:
    notice = UrgentAction(
        case=case,
        sequence=sequence,
        kind=demo.kind,
        index=demo.index,
        headline=demo.headline,
        issued_on=demo.issued_on,
        act_by=demo.act_by,
        preferred_languages=demo.preferred_languages,
        previous=previous,
    )
    _save(notice)
    for order, (official, why) in enumerate(demo.targets, start=1):
        _save(Target(urgent_action=notice, order=order, official=_official(official)[0], why=why))
    for text in demo.texts:
        _save(_text(notice, text))
    for letter in demo.letters:
        _save(_letter(notice, letter))
    return notice


def _text(notice: UrgentAction, demo: DemoText) -> NoticeText:
    return NoticeText(
        urgent_action=notice,
        language=demo.language,
        state=TranslationState.CHECKED,
        translated_headline=demo.headline,
        summary=demo.summary,
        demands="\n".join(demo.demands),
        additional_information=demo.additional_information,
    )


def _letter(notice: UrgentAction, demo: DemoLetter) -> LetterText:
    return LetterText(
        urgent_action=notice,
        language=demo.language,
        state=TranslationState.CHECKED,
        subject=demo.subject,
        body=demo.body,
        short_email=demo.short_email,
        post_text=demo.post_text,
        call_script=demo.call_script,
    )


def _official(demo: DemoOfficial) -> tuple[Official, bool]:
    """The official of the directory, and whether it is new; one that is there already is left as staff have it."""
    found = Official.objects.filter(slug=demo.slug).first()
    if found is not None:
        return found, False
    official = Official(
        slug=demo.slug,
        role=demo.role,
        name=demo.name,
        institution=demo.institution,
        address="\n".join(demo.address),
        country=demo.country,
        represents=demo.represents,
        accredited_to=demo.accredited_to,
        time_zone=demo.time_zone,
        office_hours=demo.office_hours,
        address_checked_on=demo.checked_on,
    )
    _save(official)
    for kind, value, note in demo.channels:
        _save(ContactChannel(official=official, kind=kind, value=value, note=note, checked_on=demo.checked_on))
    for language, text in demo.salutations.items():
        _save(Salutation(official=official, language=language, text=text))
    return official, True


def _topic(name: str) -> Topic:
    slug = slugify(name)
    found = Topic.objects.filter(Q(name__iexact=name) | Q(slug=slug)).first()
    return found or Topic.objects.create(name=name, slug=slug)


def _report(demo: DemoCase, notices: list[UrgentAction]) -> None:
    for place, report in enumerate(demo.reports, start=1):
        notice = notices[report.sequence - 1]
        targets = list(notice.targets.all())
        action = reports.Action(
            channel=report.channel,
            quantity=report.quantity,
            day=demo.notices[report.sequence - 1].issued_on + datetime.timedelta(days=report.days),
            targets=[targets[order - 1] for order in report.to],
            country=report.country,
            group=report.group,
            source=report.source,
        )
        reports.record(notice, action, report_key(demo, place))


def _save(
    row: Case | ContactChannel | LetterText | NoticeText | Official | Person | Salutation | Target | UrgentAction,
) -> None:
    """As a form of the admin would: checked first."""
    row.full_clean()
    row.save()
