"""Activists, supporters and subscribers in a real browser, without JavaScript, against the whole running site."""

import re
import urllib.request
from email.message import EmailMessage
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.e2e.conftest import Site

CASE = "/cases/ua-63-20/"


def test_activist_finds_the_case_and_downloads_a_letter_to_each_official(page: Page, site: Site) -> None:
    page.goto("/")
    page.fill("input[name=q]", "63.20")
    page.click("text=Show")

    assert page.url == site.address + CASE
    assert page.context.cookies() == []

    greetings = {}
    for official in ("Director Wang Jiang", "Ambassador Cui Tiankai"):
        page.goto(CASE)
        with page.expect_download(timeout=30_000) as download:
            page.get_by_label(f"Letter to {official} in English, PDF").click(no_wait_after=True)
        content = download.value.path().read_bytes()
        text = PdfReader(BytesIO(content)).pages[0].extract_text()
        greetings[download.value.suggested_filename] = (official in text, re.findall(r"^Dear .*$", text, re.M))

    assert greetings == {
        "UA-63-20-director-wang-jiang-en.pdf": (True, ["Dear Director Wang,"]),
        "UA-63-20-ambassador-cui-tiankai-en.pdf": (True, ["Dear Ambassador,"]),
    }


def test_supporter_reports_and_sees_the_total_change_and_takes_it_back(page: Page, site: Site) -> None:
    before = _letters(page)

    page.goto(CASE)
    page.click("text=I have written")
    page.fill("#id_quantity", "many")
    page.click("text=Send my report")
    assert page.title().startswith("Error:")
    assert page.locator(".problems li").count() == 2
    assert page.input_value("#id_quantity") == "many"

    page.check("input[value=post]")
    page.check("text=Director Wang Jiang")
    page.check("text=Ambassador Cui Tiankai")
    page.fill("#id_quantity", "3")
    page.select_option("#id_country", "FR")
    page.click("text=Send my report")
    assert page.inner_text("h1") == "Thank you. It is counted."
    assert _letters(page) == before + 6
    assert page.context.cookies() == []

    page.click("text=Take this report back")
    assert page.inner_text("h1") == "Your report is taken back"
    assert _letters(page) == before


def test_back_button_and_second_click_count_once(page: Page) -> None:
    before = _letters(page)
    page.goto(f"{CASE}report/")
    page.check("input[value=post]")
    page.click("text=Send my report")
    page.wait_for_url("**/thanks/**", wait_until="networkidle")  # the redirect is over: now there is a way back
    receipt = page.url

    page.go_back()
    page.check("input[value=post]")
    page.click("text=Send my report")

    assert page.url == receipt
    assert _letters(page) == before + 1


def _letters(page: Page) -> int:
    """The letters by post in the case's public figures."""
    figures = page.request.get(f"{CASE}totals.json").json()
    return int(figures["channels"]["post"])


def test_subscriber_confirms_is_reminded_once_and_leaves(page: Page, site: Site) -> None:
    page.goto(CASE)
    page.click("text=Get an email before the deadline")
    page.fill("#id_email", "Reader@example.org")
    page.check("input[value=case]")
    page.click("text=Ask for reminders")
    assert page.inner_text("h1") == "Look into your mailbox"

    page.goto(_link(site.mail_to("reader@example.org", "Please confirm"), "confirm"))
    assert page.inner_text("h1") == "Start reminders?"
    page.click("text=Yes, remind me")
    assert page.inner_text("h1") == "Reminders are on"

    reminder = site.mail_to("reader@example.org", "UA 63/20, ")
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = _link(reminder, "leave")
    assert reminder["List-Unsubscribe"].strip() == f"<{leave}>"
    page.goto(leave)
    assert page.inner_text("h1") == "Stop reminders?"

    request = urllib.request.Request(leave, data=b"List-Unsubscribe=One-Click")  # as a mail program does it
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, answer.url, answer.headers["Set-Cookie"]) == (200, leave, None)
    page.goto(leave)
    assert page.inner_text("h1") == "Reminders are off"
    assert sum(sent["Subject"].strip().startswith("UA 63/20, ") for sent in site.mails()) == 1


def _link(mail: EmailMessage, purpose: str) -> str:
    """The link in the text of a mail that leads to `purpose`."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"http\S+/subscriptions/{purpose}/\S+", body.get_content())
    assert found is not None
    return found[0]


@pytest.mark.parametrize("spelling", ["63/20", "63.20", "UA-63-20", "ua-63-20", "ua%2063-20", "63-2020", "063-20"])
def test_every_spelling_of_the_number_leads_to_the_case(page: Page, site: Site, spelling: str) -> None:
    page.goto(f"/cases/{spelling}/")

    assert page.url == site.address + CASE


def test_stopped_and_closed_cases_offer_no_letter(page: Page) -> None:
    page.goto("/")
    page.click("text=Ferry worker")
    assert page.inner_text(".stop .strong") == "Please do not send any more letters"
    assert page.locator("a[href*='/letters/']").count() == 0

    page.goto("/")
    page.click("text=Conductor still held")
    assert page.inner_text(".news .strong").startswith("Good news: Released")
    assert page.locator("a[href*='/letters/']").count() == 0
