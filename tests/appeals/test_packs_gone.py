"""Packs that nobody can fetch any more: after a day, and at once when a letter in them should not be sent."""

import datetime
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from appeals import packs
from appeals.models import LetterFile, Pack
from appeals.packs import Choice
from cases import publishing
from cases.models import UrgentAction
from cases.models.case import Outcome
from tests.factories import make_case, make_notice, make_official, make_published, today

CONTENT = b"%PDF-1.7 a pack"

GONE = "A pack is kept for one day. It also goes as soon as a case in it is stopped or a letter in it is changed."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in them is tested in test_packs.py."""
    monkeypatch.setattr(packs, "_made", lambda pack: CONTENT)


def make_63() -> UrgentAction:
    notice = make_notice(make_case(number=63), officials=0)
    notice.targets.create(official=make_official(slug="wang"))
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def ask(notice: UrgentAction) -> Pack:
    return packs.ask([Choice(notice.pk, "wang", "en")], 2, "", "en", LetterFile.Paper.A4, "", Pack.Form.PDF)


def make_ready(notice: UrgentAction) -> Pack:
    pack = ask(notice)
    packs.make(pack.pk)
    pack.refresh_from_db()
    assert pack.is_ready
    return pack


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


def assert_gone(client: Client, pk: uuid.UUID) -> None:
    for address in (f"/packs/{pk}/", f"/packs/{pk}/file"):
        response = client.get(address)
        assert (response.status_code, response.headers["X-Robots-Tag"]) == (410, "noindex")
        assert GONE in response.content.decode()


def test_an_address_that_was_never_given_is_gone_like_one_that_was(client: Client) -> None:
    assert_gone(client, uuid.uuid4())
    assert [client.get(f"/packs/{pk}").status_code for pk in ("1/", "ua-63-20/", "../", f"{uuid.uuid4()}/x")] == [
        404
    ] * 4


def test_after_a_day_it_is_gone_even_while_nobody_has_swept(client: Client) -> None:
    pack = make_ready(make_63())
    a_day_later = pack.wanted_at + datetime.timedelta(hours=24)

    with time_machine.travel(a_day_later - datetime.timedelta(seconds=5), tick=False):
        assert client.get(f"/packs/{pack.pk}/file").status_code == 200
    with time_machine.travel(a_day_later, tick=False):
        assert_gone(client, pack.pk)
        assert packs.forget_lapsed(timezone.now()) == 1

    assert (Pack.objects.count(), default_storage.exists(pack.path)) == (0, False)


def test_what_is_a_second_short_of_a_day_is_kept() -> None:
    pack = make_ready(make_63())

    assert packs.forget_lapsed(pack.wanted_at + datetime.timedelta(hours=23, minutes=59, seconds=59)) == 0
    assert default_storage.exists(pack.path)


def change_a_word(notice: UrgentAction) -> None:
    notice.letters.update(body="New words.")


def be_followed(notice: UrgentAction) -> None:
    make_published(notice.case, sequence=2, kind="update")


ENDS = [stop, close, publishing.withdraw, change_a_word, be_followed]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("is_made", [True, False])
def test_what_should_not_be_sent_is_gone_at_once_even_if_nobody_was_told(
    client: Client, end: Callable[[UrgentAction], object], is_made: bool
) -> None:
    """No signal is sent here: that waits for the commit."""
    notice = make_63()
    pack = make_ready(notice) if is_made else ask(notice)
    assert client.get(f"/packs/{pack.pk}/").status_code == (200 if is_made else 202)

    end(notice)

    assert_gone(client, pack.pk)
    packs.make(pack.pk)
    assert (Pack.objects.filter(state="ready").count(), default_storage.exists(f"packs/{pack.pk}.pdf")) == (
        is_made,
        is_made,
    )


@pytest.mark.parametrize("end", [stop, close, publishing.withdraw])
def test_row_and_file_go_with_the_case(
    client: Client, end: Callable[[UrgentAction], object], django_capture_on_commit_callbacks: Callable
) -> None:
    notice, other = make_63(), make_notice(make_case(number=64), officials=0)
    other.targets.create(official=notice.targets.get().official)
    publishing.publish(other, by=None)
    gone, kept = make_ready(notice), make_ready(other)

    with django_capture_on_commit_callbacks(execute=True):
        end(notice)

    assert list(Pack.objects.all()) == [kept]
    assert (default_storage.exists(gone.path), default_storage.exists(kept.path)) == (False, True)
    assert client.get(f"/packs/{kept.pk}/file").status_code == 200
    assert_gone(client, gone.pk)


@pytest.mark.parametrize("end", [stop, close, publishing.withdraw])
def test_a_case_that_ends_while_its_pack_is_made_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[UrgentAction], object],
    django_capture_on_commit_callbacks: Callable,
) -> None:
    notice = make_63()
    pack = ask(notice)

    def end_meanwhile(pack: Pack) -> bytes:
        with django_capture_on_commit_callbacks(execute=True):
            end(notice)
        return CONTENT

    monkeypatch.setattr(packs, "_made", end_meanwhile)
    packs.make(pack.pk)

    assert (Pack.objects.count(), default_storage.exists(f"packs/{pack.pk}.pdf")) == (0, False)


def test_a_file_that_the_storage_lost_is_gone(client: Client) -> None:
    pack = make_ready(make_63())
    default_storage.delete(pack.path)

    assert_gone(client, pack.pk)
