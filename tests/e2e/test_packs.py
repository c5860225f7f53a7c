"""A group's evening in a real browser, without JavaScript; its pages on a small phone, in both directions."""

import io
import re
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import Site

CASE = "/cases/ua-63-20/"
DIRECTOR, AMBASSADOR = "director-wang-jiang", "ambassador-cui-tiankai"
WIDTH = 320


def fill(page: Page, *letters: str, copies: str = "3") -> None:
    for letter in letters:
        page.check(f"input[value='ua-63-20:{letter}']")
    page.fill("#id_copies", copies)
    page.fill("#id_group", "Class 7b")
    page.check("input[name=paper][value=a4]")


def make(page: Page) -> None:
    """Send the form, and wait for the page to look again by itself."""
    page.click("text=Make the pack")
    expect(page.locator("h1")).to_have_text("Your pack is ready", timeout=60_000)


def download(page: Page) -> tuple[str, bytes]:
    with page.expect_download() as found:
        page.click("text=Download the pack", no_wait_after=True)
    return found.value.suggested_filename, found.value.path().read_bytes()


def test_a_group_chooses_its_letters_waits_and_downloads_them(page: Page) -> None:
    page.goto(CASE)
    page.click("text=Letters for a group")
    fill(page, f"{DIRECTOR}:zh", f"{AMBASSADOR}:en", copies="many")
    page.click("text=Make the pack")
    assert page.title().startswith("Error:")
    assert page.locator(".problems li").all_inner_texts() == [
        "How many must be a whole number, like 30.",
        "Choose one of the two.",
    ]
    assert page.input_value("#id_copies") == "many"

    page.fill("#id_copies", "3")
    page.check("input[name=form][value=pdf]")
    make(page)
    name, content = download(page)

    texts = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(content)).pages]
    assert (name, len(texts)) == ("letters.pdf", 1 + 3 + 3 + 1)
    assert ["Class 7b" in texts[0], "Cui Tiankai" in texts[0], "Wang Jiang" in texts[0]] == [True, True, True]
    assert ["尊敬的王江局长" in text for text in texts] == [False] + [True] * 3 + [False] * 4
    assert ["Dear Ambassador," in text for text in texts] == [False] * 4 + [True] * 3 + [False]
    assert page.context.cookies() == []


def test_a_group_in_france_writes_to_the_embassy_there_and_takes_a_folder(page: Page) -> None:
    page.goto("/packs/")
    page.check("input[value=ua-63-20]")
    page.click("text=Next: the letters")
    page.select_option("#from", "FR")
    page.click("text=Show")
    assert page.locator(f"input[value^='ua-63-20:{AMBASSADOR}']").count() == 0
    assert page.input_value("#id_country") == "FR"

    fill(page, "embassy-of-china-paris:fr", copies="2")
    page.check("input[name=form][value=zip]")
    make(page)
    name, content = download(page)

    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        letter = PdfReader(io.BytesIO(folder.read("letters/UA-63-20-embassy-of-china-paris-fr.pdf")))
        assert (name, sorted(folder.namelist())) == (
            "letters.zip",
            [
                "envelopes/UA-63-20-embassy-of-china-paris-envelope.pdf",
                "labels.pdf",
                "letters/UA-63-20-embassy-of-china-paris-fr.pdf",
                "tally.pdf",
            ],
        )
    first, second = (" ".join(sheet.extract_text().split()) for sheet in letter.pages)
    assert first == second
    assert ("20 rue Monsieur" in first, "FRANCE" in first, "Washington" in first) == (True, False, False)


def test_two_clicks_say_that_an_address_does_not_work(page: Page) -> None:
    page.goto(f"{CASE}letters/{AMBASSADOR}/en/")
    page.locator("section", has=page.locator("text=+1 202 495 2266")).get_by_text("It did not work?").click()
    assert page.inner_text("h1") == "What happened?"

    page.click("text=Nobody answers")

    assert page.inner_text("h1") == "Thank you"
    assert page.context.cookies() == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_fit_a_small_phone_and_have_no_accessibility_fault(
    browser: Browser, site: Site, language: str
) -> None:
    context = browser.new_context(
        base_url=site.address,
        locale=language,
        viewport={"width": WIDTH, "height": 800},
        bypass_csp=True,  # axe is put into the page as a script
    )
    page, prefix = context.new_page(), "" if language == "en" else f"/{language}"
    faults = {}

    def look() -> None:
        found = [violation["id"] for violation in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > WIDTH:
            found.append("scrolls sideways")
        assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
        if found:
            faults[page.url] = found

    for path in (
        f"{CASE}?from=FR",
        f"{CASE}letters/{AMBASSADOR}/en/?from=US",
        f"{CASE}letters/{DIRECTOR}/zh/?from=FR",
        f"{CASE}letters/embassy-of-china-paris/fr/?from=FR",
        f"{CASE}letters/{AMBASSADOR}/en/problem/email/",
        "/packs/",
        "/packs/?next=1",
        "/packs/00000000-0000-4000-8000-000000000000/",
        "/packs/?case=ua-63-20",
    ):
        page.goto(f"{prefix}{path}")
        look()
    page.click("main form[method=post] button")
    assert page.locator(".problems").count() == 1
    look()
    fill(page, f"{AMBASSADOR}:en")
    page.check("input[name=form][value=pdf]")
    page.click("main form[method=post] button")
    page.wait_for_selector("a[href$='/file']", timeout=60_000)
    look()
    page.goto(f"{prefix}{CASE}letters/{AMBASSADOR}/en/problem/phone/")
    page.click("main form button >> nth=0")
    assert re.search("/problem/phone/$", page.url)
    look()
    context.close()

    assert faults == {}
