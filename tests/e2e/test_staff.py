"""Staff at work in the admin of the whole running site: from an empty form to the public, and to a stop."""

import datetime
import re
from io import BytesIO

from playwright.sync_api import Page
from pypdf import PdfReader

from tests.e2e.conftest import Site

CASE = "/cases/ua-77-26/"
LETTER = f"{CASE}letters/director-wang-jiang/en/"


def test_staff_write_publish_and_stop_a_case(staff_page: Page, page: Page, site: Site) -> None:
    _write_draft(staff_page)
    assert page.goto(CASE).status == 404  # type: ignore[union-attr]

    staff_page.click("text=Publish…")
    assert "no sample letter is marked as checked" in staff_page.inner_text("#content")

    staff_page.click(".breadcrumbs a >> nth=-1")
    staff_page.select_option("#id_letters-0-state", "checked")
    staff_page.click("input[name=_continue]")
    staff_page.click("text=Publish…")
    staff_page.click("#content form [type=submit]")
    page.goto(CASE)
    assert page.inner_text("h1") == "Beekeeper missing after a hearing"
    assert _letter_text(page).count("Dear Director Wang,") == 1

    staff_page.click("text=Stop action…")
    staff_page.fill("input[name=number]", "77/62")
    staff_page.click("#content form [type=submit]")
    assert page.request.get(f"{LETTER}letter.pdf").status == 200

    staff_page.fill("input[name=number]", "77/26")
    staff_page.fill("textarea[name=reason]", "The family asks for silence.")
    staff_page.click("#content form [type=submit]")
    page.goto(CASE)
    page.reload()  # a reader's own browser may keep a page for a minute
    assert page.inner_text(".stop .strong") == "Please do not send any more letters"
    statuses = [page.request.get(f"{LETTER}{name}").status for name in ("", "letter.pdf", "letter.txt")]
    assert statuses == [410, 410, 410]


def _write_draft(page: Page) -> None:
    """A case and its first notice, complete but for the letter's mark."""
    page.goto("/admin/cases/case/add/")
    page.fill("#id_number", "77")
    page.fill("#id_year", "2026")
    page.select_option("#id_country", "CN")
    page.fill("#id_people-0-name", "Bo Example")
    page.check("#id_people-0-may_be_named")
    page.fill("#id_people-0-consent", "his sister, by phone")
    page.click("input[name=_continue]")
    page.click("text=Add the next notice")

    today = datetime.date.today()
    page.fill("#id_issued_on", today.isoformat())
    page.fill("#id_act_by", (today + datetime.timedelta(days=40)).isoformat())
    page.fill("#id_preferred_languages", "en")
    page.fill("#id_headline", "Beekeeper missing after a hearing")
    page.select_option("#id_texts-0-language", "en")
    page.select_option("#id_texts-0-state", "checked")
    page.fill("#id_texts-0-summary", "He went to a hearing and did not come back.")
    page.select_option("#id_targets-0-official", label=_label(page, "#id_targets-0-official", "Wang Jiang"))
    page.select_option("#id_letters-0-language", "en")
    page.fill("#id_letters-0-subject", "{names}")
    page.fill("#id_letters-0-body", "I write about {names}.\n\nPlease say where {they} may be found.")
    page.click("input[name=_continue]")


def _label(page: Page, select: str, words: str) -> str:
    """The whole label of the option that contains `words`."""
    return next(label for label in page.locator(f"{select} option").all_inner_texts() if words in label)


def _letter_text(page: Page) -> str:
    """The text of the PDF, once the worker has made it."""
    for _attempt in range(60):
        answer = page.request.get(f"{LETTER}letter.pdf")
        if answer.headers["content-type"] == "application/pdf":
            return re.sub(r"\s+", " ", PdfReader(BytesIO(answer.body())).pages[0].extract_text())
        page.wait_for_timeout(500)
    raise AssertionError("The worker did not make the letter.")
