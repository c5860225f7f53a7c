"""The pages on which supporters report, keep their receipt and take a report back."""

import datetime
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from appeals import reports, tokens, totals
from appeals.models import ActionReport
from cases import publishing
from cases.models import UrgentAction
from cases.models.case import Outcome
from tests.factories import make_notice, make_published, today

DAY = datetime.timedelta(days=1)


def address(notice: UrgentAction) -> str:
    return f"/cases/{notice.case.ua_number.slug}/report/"


def filled(**fields: Any) -> dict[str, Any]:
    return {"channel": "post", "quantity": "3", "day": today(), "token": tokens.new_form_token(), **fields}


def plain(response: Any) -> bool:
    """No cookie, and for no cache that others share."""
    return not response.cookies and "private" in response.headers["Cache-Control"]


def token_in(response: Any) -> str:
    (token,) = re.findall(r'name="token" value="([^"]+)"', response.content.decode())
    return str(token)


@pytest.mark.django_db
def test_form_of_a_report_sets_no_cookie_and_chooses_nothing(client: Client) -> None:
    notice = make_published(officials=2)
    first, second = client.get(address(notice)), client.get(address(notice))
    page = first.content.decode()
    assert (first.status_code, plain(first)) == (200, True)
    assert "checked" not in page
    assert [str(target.addressee) in page for target in notice.targets.all()] == [True, True]
    assert token_in(first) != token_in(second)
    assert ActionReport.objects.count() == 0


@pytest.mark.django_db
def test_report_leads_to_a_receipt_that_says_it_is_counted(client: Client) -> None:
    notice = make_published(officials=2)
    target = notice.targets.all()[0]
    response = client.post(address(notice), filled(targets=[target.pk], country="DE", group="Class 7b"))
    assert (response.status_code, plain(response)) == (302, True)
    page = client.get(response["Location"])
    assert plain(page)
    text = re.sub(r"<[^>]+>", "", page.content.decode())
    assert "Thank you. It is counted." in text
    assert re.search(rf"\b3 letters by post – .*?{target.addressee}", text)
    assert "no-store" in page["Cache-Control"]
    report = ActionReport.objects.get()
    assert (report.target, report.quantity, str(report.country), report.group) == (target, 3, "DE", "Class 7b")


@pytest.mark.django_db
def test_going_back_and_sending_again_with_other_numbers_counts_once(client: Client) -> None:
    notice = make_published()
    sent = filled()
    first = client.post(address(notice), sent)
    again = client.post(address(notice), {**sent, "quantity": "4", "channel": "fax"})
    assert again["Location"] == first["Location"] + "?again"
    assert "This form was sent before" in client.get(again["Location"]).content.decode()
    assert totals.of_case(notice.case).quantity == 3


@pytest.mark.django_db
def test_going_back_after_the_form_lapsed_still_counts_once(client: Client) -> None:
    """A tab that was restored the next day: what was counted under its token is not counted again under a new one."""
    notice = make_published()
    sent = filled()
    first = client.post(address(notice), sent)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=13)):
        again = client.post(address(notice), sent)
    assert again.status_code == 302
    assert again["Location"] == first["Location"]
    assert totals.of_case(notice.case).quantity == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "quantity"),
    [("1", 1), (" 12 ", 12), ("1,000", 1000), ("1 000", 1000), ("1\u202f000", 1000), ("٣٠", 30), ("100000", 100_000)],
)
def test_number_is_read_as_people_write_it(client: Client, text: str, quantity: int) -> None:
    response = client.post(address(make_published()), filled(quantity=text))
    assert (response.status_code, ActionReport.objects.get().quantity) == (302, quantity)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1,5", "1e9", "1000000000", "²", "many", "NaN", "", "1" * 13])
def test_number_that_is_none_comes_back_as_it_was_typed(client: Client, text: str) -> None:
    response = client.post(address(make_published()), filled(quantity=text, group="Class 7b"))
    page = response.content.decode()
    assert (response.status_code, ActionReport.objects.count()) == (200, 0)
    assert page.count("<title>Error: Tell us what you did") == 1
    assert 'href="#id_quantity"' in page
    assert f'value="{text}"' in page or not text
    assert 'value="Class 7b"' in page


@pytest.mark.django_db
def test_errors_come_back_with_a_summary_and_everything_as_it_was_filled(client: Client) -> None:
    notice = make_published()
    target = notice.targets.get()
    sent = filled(channel="", targets=[target.pk], country="DE", day="soon", group="<b>7b</b>")
    response = client.post(address(notice), sent)
    page = response.content.decode()
    assert (response.status_code, plain(response), ActionReport.objects.count()) == (200, True, 0)
    assert "There is a problem" in page
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', page)
    assert links == [
        ("id_channel", "Say what you did."),
        ("id_day", "The day must be a date, such as 2026-11-24."),
    ]
    assert all(f'id="{target}"' in page for target, _text in links)
    assert [fragment in page for fragment in ('value="DE" selected', 'value="soon"', "&lt;b&gt;7b")] == [True] * 3
    assert re.search(rf'name="targets" value="{target.pk}"[^>]* checked', page)
    assert token_in(response) == sent["token"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "status"), [(-12, 200), (-11, 302), (0, 302), (1, 302), (2, 200)], ids=lambda value: str(value)
)
def test_day_lies_between_issue_and_today(client: Client, days: int, status: int) -> None:
    day = datetime.datetime.now(datetime.UTC).date() + days * DAY
    notice = make_published(issued_on=datetime.datetime.now(datetime.UTC).date() - 10 * DAY)
    assert client.post(address(notice), filled(day=day)).status_code == status
    assert ActionReport.objects.count() == (status == 302)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "forged", "expired", "receipt"])
def test_form_without_a_valid_token_comes_back_filled_and_can_be_sent_again(client: Client, token: str) -> None:
    notice = make_published()
    sent = filled(token=token, group="Class 7b")
    if token == "expired":
        with time_machine.travel(timezone.now() - datetime.timedelta(hours=13)):
            sent["token"] = tokens.new_form_token()
    if token == "receipt":
        sent["token"] = tokens.receipt(uuid.uuid4())
    response = client.post(address(notice), sent)
    page = response.content.decode()
    assert (response.status_code, ActionReport.objects.count()) == (200, 0)
    assert "This form was open for too long" in page
    assert 'value="Class 7b"' in page

    again = client.post(address(notice), {**sent, "token": token_in(response)})
    assert (again.status_code, ActionReport.objects.get().group) == (302, "Class 7b")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 302), ("none", 302), (None, 302)]
)
def test_report_from_another_site_is_refused(client: Client, site: str | None, status: int) -> None:
    headers = {"Sec-Fetch-Site": site} if site else {}
    response = client.post(address(make_published()), filled(), headers=headers)
    assert (response.status_code, ActionReport.objects.count()) == (status, int(status == 302))


@pytest.mark.django_db
def test_official_of_another_notice_and_unknown_choices_are_refused(client: Client) -> None:
    other = make_published().targets.get()
    for wrong in ({"targets": [other.pk]}, {"targets": ["x"]}, {"channel": "pigeon"}, {"country": "XX"}):
        assert client.post(address(make_published()), filled(**wrong)).status_code == 200
    assert ActionReport.objects.count() == 0


@pytest.mark.django_db
def test_draft_takes_no_report(client: Client) -> None:
    notice = make_notice()
    assert [client.get(address(notice)).status_code, client.post(address(notice), filled()).status_code] == [404, 404]


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["stop", "close"])
def test_reports_are_taken_after_the_end_and_no_longer_after_90_days(client: Client, ending: str) -> None:
    notice = make_published()
    if ending == "stop":
        publishing.stop(notice.case, by=None)
    else:
        publishing.close(notice.case, Outcome.RELEASED, today())
    assert client.get(address(notice)).status_code == 200
    receipt = client.post(address(notice), filled())
    assert "It is counted" in client.get(receipt["Location"]).content.decode()
    assert notice.act_by is not None
    with time_machine.travel(timezone.now() + 125 * DAY):
        late = [client.get(address(notice)), client.post(address(notice), filled())]
    assert [(response.status_code, "Reports have ended" in response.content.decode()) for response in late] == [
        (410, True)
    ] * 2
    assert ActionReport.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quantity", "to", "words", "may_undo"),
    [
        (3, None, "Thank you. It is counted.", True),
        (51, None, "Yours is kept and not yet in the total.", True),
        (51, "counted", "Thank you. It is counted.", True),
        (51, "rejected", "This report was not added", False),
        (3, "withdrawn", "Your report is taken back", False),
    ],
)
def test_receipt_says_what_became_of_the_report(
    client: Client, quantity: int, to: str | None, words: str, may_undo: bool
) -> None:
    notice = make_published()
    receipt = client.post(address(notice), filled(quantity=quantity))["Location"]
    if to:
        reports.change_state(ActionReport.objects.get(), ActionReport.State(to))
    page = client.get(receipt).content.decode()
    said = ["Thank you. It is counted.", "not yet in the total.", "was not added", "is taken back"]
    assert [each in page for each in said] == [each in words for each in said]
    assert ("Take this report back" in page) == may_undo


@pytest.mark.django_db
def test_receipt_belongs_to_one_case_and_cannot_be_made_up(client: Client) -> None:
    notice, other = make_published(), make_published()
    receipt = client.post(address(notice), filled())["Location"]
    code = receipt.rstrip("/").rpartition("/")[2]
    for base, part in (
        (address(other), code),
        (address(notice), code[:-1]),
        (address(notice), tokens.new_form_token()),
    ):
        assert client.get(f"{base}thanks/{part}/").status_code == 404
        assert client.post(f"{base}undo/{part}/").status_code == 404
    assert totals.of_case(notice.case).quantity == 3


@pytest.mark.django_db
def test_report_is_taken_back_by_post_alone(client: Client) -> None:
    notice = make_published()
    receipt = client.post(address(notice), filled())["Location"]
    undo = receipt.replace("/thanks/", "/undo/")
    assert [client.get(undo).status_code, client.head(undo).status_code] == [405, 405]
    assert client.post(undo, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert totals.of_case(notice.case).quantity == 3
    for _time in range(2):
        response = client.post(undo)
        assert (response.status_code, response["Location"], plain(response)) == (302, receipt, True)
        assert totals.of_case(notice.case).quantity == 0
    assert "is taken back" in client.get(receipt).content.decode()


@pytest.mark.django_db
def test_a_day_later_the_receipt_offers_no_undoing_and_undoes_nothing(client: Client) -> None:
    notice = make_published()
    receipt = client.post(address(notice), filled())["Location"]
    with time_machine.travel(timezone.now() + 1.1 * DAY):
        assert "Take this report back" not in client.get(receipt).content.decode()
        client.post(receipt.replace("/thanks/", "/undo/"))
    assert totals.of_case(notice.case).quantity == 3


@pytest.mark.django_db
@pytest.mark.parametrize("send", [{}, {"channel": "", "quantity": "thirty", "words": "", "sign": "town"}])
def test_what_describes_a_field_is_on_the_page(client: Client, send: dict[str, str]) -> None:
    """A screen reader says the hint and the error of a field only where the field names them rightly."""
    notice = make_published()
    letter = f"/cases/{notice.case.ua_number.slug}/letters/{notice.targets.get().slug}/en/"
    for form, page in ((address(notice), address(notice)), (f"{letter}own-words/", letter)):
        body = (client.post(page, send) if send else client.get(form)).content.decode()
        named = {each for ids in re.findall(r'aria-describedby="([^"]+)"', body) for each in ids.split()}

        assert named
        assert {each for each in named if f'id="{each}"' not in body} == set()
