"""Letters keep the official they were checked for; staff change a public notice and its addresses on purpose only."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from cases import checks, publishing, signals
from cases.models import ContactChannel, LetterText, Salutation, Target, UrgentAction
from cases.publishing import NotPossible, NotReady
from tests.factories import make_notice, make_official, make_published, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced() -> Iterator[list[UrgentAction]]:
    """The notices that were announced as published or changed."""
    notices: list[UrgentAction] = []

    def listen(notice: UrgentAction, **kwargs: Any) -> None:
        notices.append(notice)

    signals.published.connect(listen)
    yield notices
    signals.published.disconnect(listen)


def new_holder(target: Target) -> None:
    """Li Na takes the office over."""
    target.official.name, target.official.address = "Li Na", "Elsewhere 1"
    target.official.save()
    target.official.salutations.update(text="Dear Director Li,")


def test_a_letter_keeps_the_official_it_was_checked_for() -> None:
    notice = make_published()
    before = notice.targets.get().addressee

    new_holder(notice.targets.get())

    assert notice.targets.get().addressee == before
    assert (before.name != "Li Na", before.salutations) == (True, {"en": "Dear Director Wang,"})


def test_a_draft_shows_the_directory_as_it_is_now() -> None:
    notice = make_notice()

    new_holder(notice.targets.get())

    shown = notice.targets.get().addressee
    assert (shown.name, shown.address, shown.salutations) == ("Li Na", ("Elsewhere 1",), {"en": "Dear Director Li,"})


# --- Channels ---------------------------------------------------------------------------------------------------------


def shown(target: Target) -> list[tuple[str, str]]:
    """The channels of `target` that readers see now."""
    return [(channel.kind, channel.value) for channel in Target.objects.get(pk=target.pk).channels]


EMAIL, FAX = ("email", "office@example.org"), ("fax", "+1 202 495 2138")


def test_a_draft_shows_every_channel_that_works() -> None:
    target = make_notice().targets.get()
    ContactChannel.objects.create(official=target.official, kind=FAX[0], value=FAX[1])
    ContactChannel.objects.create(official=target.official, kind="phone", value="+1 202 495 2266", works=False)

    assert shown(target) == [EMAIL, FAX]
    assert target.addressee.channels == (EMAIL, FAX)


def test_a_channel_that_stops_working_goes_from_a_public_notice_at_once() -> None:
    target = make_published().targets.get()
    assert shown(target) == [EMAIL]

    target.official.channels.update(works=False)
    assert shown(target) == []

    target.official.channels.update(works=True)
    assert shown(target) == [EMAIL]


def test_a_new_channel_waits_until_staff_take_the_addresses_again() -> None:
    notice = make_published()
    target = notice.targets.get()
    ContactChannel.objects.create(official=target.official, kind=FAX[0], value=FAX[1])
    assert shown(target) == [EMAIL]

    publishing.take_addresses_again(notice)

    assert shown(target) == [EMAIL, FAX]


def test_a_number_that_was_changed_waits_and_the_old_one_is_gone() -> None:
    notice = make_published()
    target = notice.targets.get()
    target.official.channels.update(value="new@example.org")
    assert shown(target) == []

    publishing.take_addresses_again(notice)

    assert shown(target) == [("email", "new@example.org")]


def test_a_channel_that_did_not_work_at_publication_waits_too() -> None:
    notice = make_notice()
    target = notice.targets.get()
    ContactChannel.objects.create(official=target.official, kind=FAX[0], value=FAX[1], works=False)
    publishing.publish(notice, by=None)

    target.official.channels.update(works=True)

    assert shown(target) == [EMAIL]


# --- Addresses are taken again ----------------------------------------------------------------------------------------


def test_addresses_are_taken_again_on_demand(
    announced: list[UrgentAction], django_capture_on_commit_callbacks: Any
) -> None:
    notice = make_published(officials=2)
    first, second = notice.targets.all()
    new_holder(first)

    with django_capture_on_commit_callbacks(execute=True):
        publishing.take_addresses_again(notice)
        assert announced == []

    taken = Target.objects.get(pk=first.pk).addressee
    assert (taken.name, taken.address, taken.salutations) == ("Li Na", ("Elsewhere 1",), {"en": "Dear Director Li,"})
    assert Target.objects.get(pk=second.pk).addressee == second.addressee
    assert announced == [notice]


def test_addresses_that_could_not_be_published_are_not_taken(
    announced: list[UrgentAction], django_capture_on_commit_callbacks: Any
) -> None:
    notice = make_published()
    before = notice.targets.get().snapshot
    notice.targets.get().official.salutations.all().delete()

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(NotReady) as refused:
        publishing.take_addresses_again(notice)

    assert [finding.code for finding in refused.value.findings] == ["no-salutation"]
    assert (notice.targets.get().snapshot, announced) == (before, [])


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "withdrawn"])
def test_what_is_not_public_has_no_addresses_to_take_again(status: str) -> None:
    notice = make_notice()
    UrgentAction.objects.filter(pk=notice.pk).update(status=status)

    with pytest.raises(NotPossible, match="not public"):
        publishing.take_addresses_again(notice)

    assert notice.targets.get().snapshot is None


# --- A public notice is edited ----------------------------------------------------------------------------------------


def blocking(notice: UrgentAction) -> list[checks.Finding]:
    return [found for found in checks.run(UrgentAction.objects.get(pk=notice.pk), today()) if found.blocks]


def test_a_new_official_is_taken_as_the_directory_has_it_and_the_others_stay(
    announced: list[UrgentAction], django_capture_on_commit_callbacks: Any
) -> None:
    notice = make_published()
    old = notice.targets.get()
    new_holder(old)
    new = Target.objects.create(urgent_action=notice, official=make_official(), order=2)

    with django_capture_on_commit_callbacks(execute=True):
        publishing.changed(notice, blocked_before=[])

    assert Target.objects.get(pk=old.pk).snapshot == old.snapshot
    snapshot = Target.objects.get(pk=new.pk).snapshot
    assert snapshot is not None
    assert snapshot["name"] == new.official.name
    assert announced == [notice]


def test_an_edit_that_would_not_be_published_is_refused(
    announced: list[UrgentAction], django_capture_on_commit_callbacks: Any
) -> None:
    notice = make_published()
    before = blocking(notice)
    LetterText.objects.update(body="Dear Sir,\n\nI write.")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(NotReady) as refused:
        publishing.changed(notice, before)

    assert [finding.code for finding in refused.value.findings] == ["greeting-in-body"]
    assert announced == []


def test_what_blocked_before_the_edit_does_not_stop_it(
    announced: list[UrgentAction], django_capture_on_commit_callbacks: Any
) -> None:
    """A deadline that has passed, or a greeting the directory lost, is not the fault of who corrects a word."""
    notice = make_published(act_by=today() - datetime.timedelta(days=1))
    Salutation.objects.all().delete()
    before = blocking(notice)
    LetterText.objects.update(body="A corrected word.")

    with django_capture_on_commit_callbacks(execute=True):
        publishing.changed(notice, before)

    assert [finding.code for finding in before] == ["deadline-passed", "no-salutation"]
    assert announced == [notice]
