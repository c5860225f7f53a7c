"""The desk: what staff can do about reports, letters and sheets, and what is refused."""

import datetime
import uuid
from typing import Any
from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from appeals import reports, tasks, totals
from appeals.models import ActionReport, DailyTotal, LetterFile, OutgoingMail, Reply, Subscription, TotalsSheet
from cases.models import UrgentAction
from tests.factories import make_notice, make_published, make_subscription, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("desk"))
    return client


def page(model: type, row: Any = None, name: str = "change") -> str:
    return reverse(f"admin:appeals_{model.__name__.lower()}_{name}", args=[row.pk] if row is not None else [])


def make_report(notice: UrgentAction, quantity: int = 1, **fields: Any) -> ActionReport:
    key = uuid.uuid4()
    target = notice.targets.get()
    reports.record(notice, reports.Action("post", quantity, today(), [target], **fields), key)
    return ActionReport.objects.get(idempotency_key=key)


def act(client: Client, model: type, action: str, *rows: Any) -> None:
    client.post(
        page(model, name="changelist"), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True
    )


def staff_report(client: Client, notice: UrgentAction, **changes: Any) -> dict[str, Any]:
    """What the filled form for a report by post would send."""
    key = client.get(page(ActionReport, name="add")).context["adminform"].form["key"].value()
    values = {"urgent_action": notice.pk, "target": notice.targets.get().pk, "channel": "post", "quantity": 30}
    return {**values, "day": today().isoformat(), "country": "DE", "group": "Class 7b", "key": key, **changes}


# --- Reports ---


def test_held_report_counts_once_even_when_counted_twice(desk: Client) -> None:
    notice = make_published()
    report = make_report(notice, quantity=500)
    assert report.state == "held"
    assert totals.of_case(notice.case).quantity == 0
    for _again in range(2):
        act(desk, ActionReport, "count_chosen", report)
        assert totals.of_case(notice.case).quantity == 500
    assert totals.differences() == []
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["State: counted"]


def test_rejected_report_leaves_the_totals(desk: Client) -> None:
    notice = make_published()
    report, other = make_report(notice, quantity=20), make_report(notice, quantity=3)
    act(desk, ActionReport, "reject_chosen", report)
    report.refresh_from_db()
    assert (report.state, totals.of_case(notice.case).quantity) == ("rejected", other.quantity)
    assert totals.differences() == []


def test_report_that_its_writer_took_back_is_not_counted(desk: Client) -> None:
    notice = make_published()
    report = make_report(notice)
    reports.undo(report.idempotency_key, timezone.now())
    act(desk, ActionReport, "count_chosen", report)
    report.refresh_from_db()
    assert (report.state, totals.of_case(notice.case).quantity) == ("withdrawn", 0)


def test_reviewing_takes_the_permission_to_change(client: Client) -> None:
    report = make_report(make_published(), quantity=500)
    user = User.objects.create_user("narrow", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_actionreport"))
    client.force_login(user)
    act(client, ActionReport, "count_chosen", report)
    report.refresh_from_db()
    assert report.state == "held"


def test_staff_enter_what_came_by_post(desk: Client) -> None:
    notice = make_published()
    assert desk.post(page(ActionReport, name="add"), staff_report(desk, notice, quantity=500)).status_code == 302
    report = ActionReport.objects.get()
    assert (report.quantity, report.source, report.state, report.group) == (500, "staff", "counted", "Class 7b")
    assert totals.of_case(notice.case).quantity == 500
    assert totals.differences() == []


def test_form_that_is_sent_twice_is_counted_once(desk: Client) -> None:
    notice = make_published()
    data = staff_report(desk, notice)
    desk.post(page(ActionReport, name="add"), data)
    response = desk.post(page(ActionReport, name="add"), data)
    assert "This report is recorded already." in response.content.decode()
    assert totals.of_case(notice.case).quantity == 30


@pytest.mark.parametrize(
    "wrong", [{"quantity": 0}, {"quantity": 1_000_001}, {"day": "2999-01-01"}, {"channel": "pigeon"}, {"key": "x"}]
)
def test_staff_report_is_refused(desk: Client, wrong: dict[str, Any]) -> None:
    notice = make_published()
    response = desk.post(page(ActionReport, name="add"), staff_report(desk, notice, **wrong))
    assert response.context["adminform"].form.errors
    assert not ActionReport.objects.exists()


def test_staff_report_names_an_official_of_its_notice(desk: Client) -> None:
    notice, other = make_published(), make_published()
    data = staff_report(desk, notice, target=other.targets.get().pk)
    response = desk.post(page(ActionReport, name="add"), data)
    assert "not addressed by the chosen notice" in response.content.decode()
    assert not ActionReport.objects.exists()


def test_nothing_is_reported_on_a_draft(desk: Client) -> None:
    data = staff_report(desk, make_notice())
    assert set(desk.post(page(ActionReport, name="add"), data).context["adminform"].form.errors) == {
        "urgent_action",
        "target",
    }


def test_counted_number_is_neither_edited_nor_deleted(desk: Client) -> None:
    notice = make_published()
    report = make_report(notice, quantity=3)
    assert desk.get(page(ActionReport, report)).status_code == 200
    assert desk.post(page(ActionReport, report), {"quantity": 9}).status_code == 403
    assert desk.post(page(ActionReport, report, "delete"), {"post": "yes"}).status_code == 403
    act(desk, ActionReport, "delete_selected", report)
    report.refresh_from_db()
    assert (report.quantity, totals.of_case(notice.case).quantity) == (3, 3)


def test_notice_that_was_reported_on_is_not_deleted(desk: Client) -> None:
    notice = make_published()
    make_report(notice)
    UrgentAction.objects.update(status="draft", published_at=None)  # as if it had never been public
    address = reverse("admin:cases_urgentaction_delete", args=[notice.pk])
    assert "Cannot delete" in desk.post(address, {"post": "yes"}).content.decode()
    assert UrgentAction.objects.filter(pk=notice.pk).exists()


@pytest.mark.parametrize("model", [DailyTotal, LetterFile, OutgoingMail, Subscription])
def test_what_is_only_looked_at_is_not_added(desk: Client, model: type) -> None:
    assert desk.get(page(model, name="add")).status_code == 403


def test_total_is_not_edited(desk: Client) -> None:
    make_report(make_published(), quantity=3)
    total = DailyTotal.objects.get()
    assert desk.get(page(DailyTotal, total)).status_code == 200
    assert desk.post(page(DailyTotal, total), {"quantity": 9}).status_code == 403


# --- Letters and mail ---


def make_file(notice: UrgentAction, **fields: Any) -> LetterFile:
    values = {"state": "failed", "attempts": 3, "error": "The worker broke off.", "content_hash": uuid.uuid4().hex}
    official = notice.targets.get().official
    return LetterFile.objects.create(urgent_action=notice, official=official, language="en", **values | fields)


def test_failed_letter_is_made_again(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    file = make_file(make_published())
    with mock.patch.object(tasks.make_letter, "apply_async") as send, django_capture_on_commit_callbacks(execute=True):
        act(desk, LetterFile, "make_again", file)
    file.refresh_from_db()
    assert (file.state, file.attempts, file.error) == ("wanted", 0, "")
    assert send.call_args_list == [mock.call((file.pk,))]


def test_letter_that_a_worker_has_in_hand_is_left_to_it(desk: Client) -> None:
    claim = timezone.now() + datetime.timedelta(minutes=1)
    file = make_file(make_published(), state="wanted", attempts=1, claimed_until=claim)
    act(desk, LetterFile, "make_again", file)
    file.refresh_from_db()
    assert (file.attempts, file.claimed_until) == (1, claim)


def test_address_is_seen_only_where_the_subscription_is_opened(desk: Client) -> None:
    subscription = make_subscription(email="reader@example.org")
    make_mail(subscription)
    assert "reader@example.org" not in desk.get(page(Subscription, name="changelist")).content.decode()
    assert "reader@example.org" not in desk.get(page(OutgoingMail, name="changelist")).content.decode()
    assert "reader@example.org" in desk.get(page(Subscription, subscription)).content.decode()


def make_mail(subscription: Subscription) -> OutgoingMail:
    now = timezone.now()
    return OutgoingMail.objects.create(
        subscription=subscription, kind="confirmation", key=uuid.uuid4().hex, due_at=now, expires_at=now
    )


# --- Replies and sheets ---


def test_reply_comes_from_an_official_of_a_public_notice(desk: Client) -> None:
    public, draft = make_published(), make_notice()
    data = {"received_on": "2020-12-01", "tone": "denial", "summary": "They deny it."}
    response = desk.post(page(Reply, name="add"), data | {"target": draft.targets.get().pk})
    assert set(response.context["adminform"].form.errors) == {"target"}
    desk.post(page(Reply, name="add"), data | {"target": public.targets.get().pk})
    assert [(reply.target, reply.tone) for reply in Reply.objects.all()] == [(public.targets.get(), "denial")]


def test_figures_of_a_sheet_never_move_again(desk: Client) -> None:
    notice = make_published()
    make_report(notice, quantity=30)
    desk.post(page(TotalsSheet, name="add"), {"urgent_action": notice.pk, "recipient": "family"})
    sheet = TotalsSheet.objects.get()
    assert sheet.figures == totals.of_case(notice.case).as_json()
    assert sheet.method == str(totals.METHOD)
    assert sheet.made_by is not None
    make_report(notice, quantity=12)
    data = {"recipient": "official", "handed_over_on": "2020-12-30", "handed_over_how": "by hand, by the section"}
    desk.post(page(TotalsSheet, sheet), data)
    after = TotalsSheet.objects.get()
    assert (after.figures["total"], after.recipient, after.as_at) == (30, "family", sheet.as_at)
    assert (after.handed_over_on, after.handed_over_how) == (datetime.date(2020, 12, 30), "by hand, by the section")
    assert ">30<" in desk.get(page(TotalsSheet, sheet)).content.decode()


def test_no_sheet_is_made_of_a_draft(desk: Client) -> None:
    desk.post(page(TotalsSheet, name="add"), {"urgent_action": make_notice().pk, "recipient": "family"})
    assert not TotalsSheet.objects.exists()


# --- One row costs as much as three ---


def make_one_of_each() -> None:
    notice = make_published()
    make_report(notice, country="DE")
    make_file(notice)
    make_mail(make_subscription(notice.case))
    target = notice.targets.get()
    Reply.objects.create(target=target, received_on=today(), tone="denial")
    TotalsSheet.objects.create(
        urgent_action=notice, recipient="family", figures={"total": 1}, method="…", as_at=timezone.now()
    )


@pytest.mark.parametrize(
    "model", [ActionReport, DailyTotal, LetterFile, OutgoingMail, Reply, Subscription, TotalsSheet]
)
def test_list_asks_as_often_for_three_rows_as_for_one(desk: Client, model: type) -> None:
    def queries() -> int:
        desk.get(page(model, name="changelist"))
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(page(model, name="changelist")).status_code == 200
        return len(counted)

    make_one_of_each()
    once = queries()
    make_one_of_each()
    make_one_of_each()
    assert queries() == once


@pytest.mark.parametrize("model", [ActionReport, Reply, TotalsSheet])
def test_form_asks_as_often_for_three_notices_as_for_one(desk: Client, model: type) -> None:
    def queries() -> int:
        desk.get(page(model, name="add"))
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(page(model, name="add")).status_code == 200
        return len(counted)

    make_one_of_each()
    once = queries()
    make_one_of_each()
    make_one_of_each()
    assert queries() == once
