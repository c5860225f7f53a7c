"""What the desk does about addresses that do not work, and about a directory that moved on."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appeals import contacts
from appeals.models import ContactProblem
from appeals.models.problems import Way
from cases import publishing
from cases.models import ContactChannel, Official, UrgentAction
from cases.models.case import Outcome
from tests.factories import make_notice, make_published, today

pytestmark = pytest.mark.django_db

Problem = ContactProblem.Problem
LIST = "admin:appeals_contactproblem_changelist"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("desk"))
    return client


def make_problem(notice: UrgentAction, way: Way = Way.EMAIL, value: str = "office@example.org") -> ContactProblem:
    contacts.report_problem(notice.targets.get(), way, value, Problem.RETURNED, today())
    return ContactProblem.objects.latest("pk")


def act(desk: Client, action: str, *problems: ContactProblem) -> list[str]:
    chosen = {"action": action, "_selected_action": [problem.pk for problem in problems]}
    response = desk.post(reverse(LIST), chosen, follow=True)
    return [str(message) for message in response.context["messages"]]


def edit(desk: Client, official: Official, **changes: str) -> list[str]:
    """Save the official's page as it is but for `changes`; returns what the desk is told."""
    page = reverse("admin:cases_official_change", args=[official.pk])
    response = desk.get(page)
    data = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value not in (None, False):
                data[field.html_name] = str(value)
    saved = desk.post(page, {**data, **changes}, follow=True)
    assert saved.redirect_chain, saved.context["adminform"].form.errors
    return [str(message) for message in saved.context["messages"]]


def test_a_reported_address_stands_in_the_queue_and_beside_the_official(desk: Client) -> None:
    notice = make_published()
    official = notice.targets.get().official
    for _time in range(3):
        make_problem(notice)

    queue = desk.get(reverse(LIST)).content.decode()
    page = desk.get(reverse("admin:cases_official_change", args=[official.pk])).content.decode()

    assert f"{official}: Email office@example.org" in queue
    assert "said 3 times" in page
    assert "It came back, or was refused" in page


def test_an_official_whom_nobody_complains_of_has_no_such_box(desk: Client) -> None:
    official = make_published().targets.get().official

    page = desk.get(reverse("admin:cases_official_change", args=[official.pk])).content.decode()

    assert "Readers say that this does not work" not in page


def test_settled_is_settled_and_who_meets_it_again_makes_a_new_row(desk: Client) -> None:
    notice = make_published()
    problem = make_problem(notice)

    act(desk, "settle", problem)
    again = make_problem(notice)

    problem.refresh_from_db()
    assert (problem.is_settled, problem.times) == (True, 1)
    assert (again.pk != problem.pk, again.is_settled, again.times) == (True, False, 1)
    assert LogEntry.objects.filter(object_id=str(problem.pk)).count() == 1


def test_an_address_that_is_not_used_any_more_goes_from_the_public_page_at_once(desk: Client, client: Client) -> None:
    notice = make_published()
    letter = reverse("appeals:letter", args=[notice.case.ua_number, notice.targets.get().slug, "en"])
    before = Client().get(letter).content.decode()

    told = act(desk, "stop_using", make_problem(notice))

    after = Client().get(letter).content.decode()
    assert ("office@example.org" in before, "office@example.org" in after) == (True, False)
    assert told == [f"{notice.targets.get().official}: Email office@example.org is not shown any more."]
    assert ContactProblem.objects.open().count() == 0


def test_a_postal_address_is_not_switched_off_but_changed(desk: Client) -> None:
    notice = make_published()
    problem = make_problem(notice, Way.POST, "")

    told = act(desk, "stop_using", problem)

    problem.refresh_from_db()
    assert told == [f"{notice.targets.get().official}: a postal address is changed in the directory."]
    assert problem.is_settled is False


def test_the_queue_is_read_only_and_for_staff_with_the_right(client: Client) -> None:
    problem = make_problem(make_published())
    assert client.get(reverse(LIST)).status_code == 302

    client.force_login(User.objects.create_user("narrow", is_staff=True))
    assert client.get(reverse(LIST)).status_code == 403
    assert client.post(reverse(LIST), {"action": "settle", "_selected_action": [problem.pk]}).status_code == 403
    problem.refresh_from_db()
    assert problem.is_settled is False


def test_the_queue_takes_as_many_queries_for_one_row_as_for_three(desk: Client) -> None:
    counts = []
    for _round in range(2):
        make_problem(make_published())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(reverse(LIST))
        counts.append(len(queries))
        make_problem(make_published())

    assert counts[0] == counts[1]


# --- What the directory changes is offered, not taken ---


def test_a_changed_official_is_offered_to_the_live_notices_that_use_them(desk: Client) -> None:
    notice = make_published()
    official = notice.targets.get().official
    make_notice()  # a draft follows the directory by itself

    told = edit(desk, official, address="1 New Street")

    notice = UrgentAction.objects.get(pk=notice.pk)
    page = reverse("admin:cases_urgentaction_addresses", args=[notice.pk])
    assert notice.targets.get().addressee.address == ("No 380, Huanghe lu", "830000 Urumqi")
    assert [message for message in told if page in message] == told[:1]
    assert publishing.outdated_by(official) == [notice]


def test_taking_the_addresses_again_ends_the_offer(desk: Client) -> None:
    notice = make_published()
    official = notice.targets.get().official
    edit(desk, official, address="1 New Street")

    publishing.take_addresses_again(notice)

    assert publishing.outdated_by(official) == []
    assert UrgentAction.objects.get(pk=notice.pk).targets.get().addressee.address == ("1 New Street",)


def test_an_unchanged_official_is_offered_to_nobody(desk: Client) -> None:
    official = make_published().targets.get().official

    told = edit(desk, official)

    assert not any("/addresses/" in message for message in told)


def test_a_stopped_or_closed_case_is_offered_nothing(desk: Client) -> None:
    stopped, closed = make_published(), make_published()
    publishing.stop(stopped.case, by=None)
    publishing.close(closed.case, Outcome.RELEASED, on=datetime.date(2020, 12, 1))
    for notice in (stopped, closed):
        official = notice.targets.get().official
        ContactChannel.objects.filter(official=official).update(works=False)

        assert publishing.outdated_by(official) == []


def test_letter_texts_are_counted_while_they_are_written(desk: Client) -> None:
    notice = make_notice()

    page = desk.get(reverse("admin:cases_urgentaction_change", args=[notice.pk])).content.decode()

    assert "js/count.js" in page
    assert 'data-count="in-post" data-most="280"' in page
    assert 'data-count="in-mail-link" data-most="1500"' in page
