"""Addresses that did not work: two clicks for a reader, one row for staff, and nothing of who says so."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals import contacts
from appeals.models import ContactProblem
from appeals.models.problems import Way
from appeals.querysets import ContactProblemQuerySet
from cases import embassies, publishing
from cases.models import ContactChannel, Official, Target, UrgentAction
from cases.models.case import Outcome
from tests.factories import make_case, make_notice, make_official, make_published, today

PAGE = "/cases/ua-63-20/letters/wang/en/"
EMAIL = f"{PAGE}problem/email/"
PHONE = "+1 202 495 2266"
RETURNED, SILENT = ContactProblem.Problem.RETURNED, ContactProblem.Problem.SILENT
DAY = datetime.date(2026, 11, 25)

pytestmark = pytest.mark.django_db


def make_63() -> UrgentAction:
    """To a director with an address, an email address and a phone."""
    notice = make_notice(make_case(number=63), officials=0)
    official = make_official(slug="wang", name="Wang Jiang")
    ContactChannel.objects.create(official=official, kind="phone", value=PHONE)
    notice.targets.create(official=official)
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def target_of(notice: UrgentAction) -> Target:
    return UrgentAction.objects.prefetched_for_letters().get(pk=notice.pk).targets.get()


def rows() -> list[dict[str, Any]]:
    found = ContactProblem.objects.order_by("pk").values("way", "value", "problem", "times", "is_settled")
    return [{**problem} for problem in found]


def row(way: str, value: str, problem: str, times: int, is_settled: bool = False) -> dict[str, Any]:
    return {"way": way, "value": value, "problem": problem, "times": times, "is_settled": is_settled}


def read(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert (response.status_code, "Set-Cookie" in response.headers) == (200, False)
    return " ".join(response.content.decode().split())


# --- Two clicks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "query", "value"),
    [
        ("post", "", ""),
        ("email", "?value=office%40example.org", "office@example.org"),
        ("phone", "?value=%2B1%20202%20495%202266", PHONE),
    ],
)
def test_two_clicks_tell_staff(client: Client, way: str, query: str, value: str) -> None:
    make_63()
    address = f"{PAGE}problem/{way}/"
    assert f'href="{address}{query}" rel="nofollow"' in read(client)
    page = read(client, f"{address}{query}")
    assert f'<input type="hidden" name="value" value="{value}">' in page
    assert page.count('<button type="submit" class="second" name="problem"') == 3
    assert rows() == []

    told = client.post(address, {"value": value, "problem": "silent"})

    assert (told.status_code, "Set-Cookie" in told.headers) == (200, False)
    assert "<h1>Thank you</h1>" in told.content.decode()
    assert '<button type="submit" class="second"' not in told.content.decode()
    assert rows() == [row(way, value, "silent", 1)]


def test_an_embassy_that_is_no_target_has_its_own(client: Client) -> None:
    make_63()
    embassy = make_official(slug="london", represents="CN", accredited_to="GB", country="GB")

    client.post(f"{PAGE.replace('wang', 'london')}problem/email/", {"problem": "wrong"})

    assert [(problem.official, problem.times) for problem in ContactProblem.objects.all()] == [(embassy, 1)]


def test_the_page_is_there_in_arabic_and_leads_back(client: Client) -> None:
    make_63()

    page = read(client, f"/ar{EMAIL}?from=FR")

    assert '<html lang="ar" dir="rtl">' in page
    assert f'href="/ar{PAGE}?from=FR"' in page
    assert client.post(f"/ar{EMAIL}", {"problem": "silent"}).status_code == 200
    assert rows() == [row("email", "office@example.org", "silent", 1)]


# --- One row ----------------------------------------------------------------------------------------------------------


def test_a_thousand_reports_are_one_row() -> None:
    target = target_of(make_63())

    for number in range(1000):
        contacts.report_problem(target, Way.PHONE, PHONE, SILENT, DAY + datetime.timedelta(days=number // 500))
    contacts.report_problem(target, Way.PHONE, PHONE, RETURNED, DAY)

    assert rows() == [row("phone", PHONE, "silent", 1000), row("phone", PHONE, "returned", 1)]
    first = ContactProblem.objects.get(problem="silent")
    assert (first.first_on, first.last_on) == (DAY, DAY + datetime.timedelta(days=1))


def test_what_was_settled_and_is_met_again_is_a_new_row() -> None:
    target = target_of(make_63())
    contacts.report_problem(target, Way.PHONE, PHONE, SILENT, DAY)
    ContactProblem.objects.update(is_settled=True)

    for _time in range(2):
        contacts.report_problem(target, Way.PHONE, PHONE, SILENT, DAY)

    assert rows() == [row("phone", PHONE, "silent", 1, is_settled=True), row("phone", PHONE, "silent", 2)]


def test_it_counts_no_further_than_anyone_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "MOST_TIMES", 2)
    target = target_of(make_63())

    for _time in range(4):
        contacts.report_problem(target, Way.PHONE, PHONE, SILENT, DAY)

    assert rows() == [row("phone", PHONE, "silent", 2)]


@pytest.mark.django_db(transaction=True)
def test_what_many_say_at_once_is_all_counted() -> None:
    target = target_of(make_63())
    together, wrong = threading.Barrier(4), []

    def tell() -> None:
        try:
            together.wait()
            for _time in range(5):
                contacts.report_problem(target, Way.PHONE, PHONE, SILENT, DAY)
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (wrong, rows()) == ([], [row("phone", PHONE, "silent", 20)])


def test_who_is_second_by_a_moment_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one's row comes between the look for it and whatever follows."""
    target = target_of(make_63())
    update = ContactProblemQuerySet.update

    def update_before_another(queryset: ContactProblemQuerySet, **values: Any) -> int:
        monkeypatch.undo()
        found = update(queryset, **values)
        contacts.report_problem(target, Way.PHONE, PHONE, SILENT, DAY)
        return found

    monkeypatch.setattr(ContactProblemQuerySet, "update", update_before_another)
    contacts.report_problem(target, Way.PHONE, PHONE, SILENT, DAY)

    assert rows() == [row("phone", PHONE, "silent", 2)]


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "data", "status"),
    [
        ("fax", {"problem": "silent"}, 404),  # there is none
        ("pigeon", {"problem": "silent"}, 404),
        ("EMAIL", {"problem": "silent"}, 404),
        ("email", {"problem": "silent", "value": "other@example.org"}, 404),
        ("email", {"problem": "silent", "value": PHONE}, 404),
        ("post", {"problem": "silent", "value": "x"}, 404),
        ("email", {"problem": "rude"}, 200),
        ("email", {"problem": ""}, 200),
        ("email", {"value": "office@example.org"}, 200),
    ],
)
def test_what_nobody_can_have_met_is_not_stored(client: Client, way: str, data: dict[str, str], status: int) -> None:
    make_63()

    response = client.post(f"{PAGE}problem/{way}/", data)

    assert (response.status_code, rows()) == (status, [])
    assert ("Choose what happened." in response.content.decode()) is (status == 200)
    assert "Thank you</h1>" not in response.content.decode()


@pytest.mark.parametrize(("way", "value"), [(Way.FAX, ""), (Way.EMAIL, "other@example.org"), (Way.POST, "x")])
def test_a_way_in_which_nobody_is_reached_is_refused(way: Way, value: str) -> None:
    target = target_of(make_63())

    with pytest.raises(ValueError, match="no such way"):
        contacts.report_problem(target, way, value, SILENT, DAY)
    assert rows() == []


def test_an_official_without_an_address_has_no_post_to_fail(client: Client) -> None:
    notice = make_63()
    Official.objects.filter(slug="wang").update(address="")
    publishing.take_addresses_again(notice)

    assert "problem/post/" not in read(client)
    assert client.post(f"{PAGE}problem/post/", {"problem": "returned"}).status_code == 404


@pytest.mark.parametrize(
    "address", [EMAIL.replace("wang", "nobody"), EMAIL.replace("/en/", "/fr/"), EMAIL.replace("63", "64")]
)
def test_what_is_no_letter_has_no_problems(client: Client, address: str) -> None:
    make_63()

    assert [client.get(address).status_code, client.post(address, {"problem": "silent"}).status_code] == [404, 404]
    assert rows() == []


def stop(notice: UrgentAction) -> None:
    publishing.stop(notice.case, by=None)


def close(notice: UrgentAction) -> None:
    publishing.close(notice.case, Outcome.RELEASED, today())


@pytest.mark.parametrize(("end", "status"), [(stop, 410), (close, 410), (publishing.withdraw, 410)])
def test_nobody_is_asked_where_nobody_should_write(
    client: Client, end: Callable[[UrgentAction], object], status: int
) -> None:
    end(make_63())

    assert client.get(EMAIL).status_code == status
    assert client.post(EMAIL, {"problem": "silent"}).status_code == status
    assert rows() == []


def test_a_press_on_another_site_does_not_count(client: Client) -> None:
    make_63()

    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post(EMAIL, {"problem": "silent"}, headers=headers).status_code == 403
    assert [client.put(EMAIL).status_code, client.delete(EMAIL).status_code, rows()] == [405, 405, []]


@time_machine.travel(datetime.datetime(2026, 11, 25, 15, 7, tzinfo=datetime.UTC), tick=False)
def test_nothing_is_kept_of_who_says_so(client: Client) -> None:
    notice = make_63()
    ours = {"value": "office@example.org", "problem": "silent"}
    with CaptureQueriesContext(connection) as queries:
        client.post(
            EMAIL,
            {**ours, "note": "from-my-house", "email": "reader@example.net"},
            headers={"user-agent": "a-browser", "referer": "http://testserver/from-here/"},
            REMOTE_ADDR="203.0.113.7",
        )

    stored = " ".join(query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE")))
    assert "silent" in stored
    for word in ("from-my-house", "reader@", "a-browser", "from-here", "203.0.113", "15:07"):
        assert word not in stored
    assert ContactProblem.objects.values().get() == {
        "id": ContactProblem.objects.get().pk,
        "official_id": notice.targets.get().official_id,
        "way": "email",
        "value": "office@example.org",
        "problem": "silent",
        "times": 1,
        "first_on": DAY,
        "last_on": DAY,
        "is_settled": False,
    }


# --- What staff do then -----------------------------------------------------------------------------------------------


def test_a_channel_that_staff_mark_goes_from_every_page_at_once(client: Client) -> None:
    notice = make_63()
    pages = ("/cases/ua-63-20/", PAGE)
    assert [PHONE in read(client, page) for page in pages] == [True, True]

    Official.objects.get(slug="wang").channels.filter(kind="phone").update(works=False)

    assert [PHONE in read(client, page) for page in pages] == [False, False]
    assert client.post(f"{PAGE}problem/phone/", {"problem": "silent"}).status_code == 404
    assert contacts.ways(target_of(notice)) == [("post", ""), ("email", "office@example.org")]


def test_a_new_channel_waits_until_staff_take_the_addresses_again(client: Client) -> None:
    notice = make_63()
    ContactChannel.objects.create(official=Official.objects.get(slug="wang"), kind="fax", value="+1 202 495 2138")
    pages = ("/cases/ua-63-20/", PAGE)
    assert ["495 2138" in read(client, page) for page in pages] == [False, False]
    assert client.get(f"{PAGE}fax.pdf").status_code == 404

    publishing.take_addresses_again(notice)

    assert ["495 2138" in read(client, page) for page in pages] == [True, True]
    assert client.get(f"{PAGE}fax.pdf").status_code != 404


def test_of_an_embassy_that_belongs_to_no_notice_what_the_directory_says_holds_at_once() -> None:
    notice = make_published(make_case(number=63))
    embassy = make_official(slug="london", represents="CN", accredited_to="GB", country="GB")
    ContactChannel.objects.create(official=embassy, kind="fax", value="+44 20 7299 4049")

    target = embassies.find(notice, "london")

    assert target is not None
    assert [way for way, _value in contacts.ways(target)] == ["post", "email", "fax"]
