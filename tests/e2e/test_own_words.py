"""A reader who puts the letter in their own words, in a real browser without JavaScript."""

from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Download, Page
from pypdf import PdfReader

from tests.e2e.conftest import Site

CASE = "/cases/ua-63-20/"
LETTER = f"{CASE}letters/director-wang-jiang/en/"
CANARY, NAME, TOWN = "Quokkafeather", "Ada Numbat", "Wallabyville"
OPENING = f"I teach at the {CANARY} school."


def make_letter(page: Page, label: str) -> Download:
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("button", name=f"Make my letter: {label}").click(no_wait_after=True)
    return download.value


def wait_for_problems(page: Page) -> None:
    """A click does not wait for the page that answers it."""
    page.wait_for_selector(".problems li")
    page.wait_for_load_state()


def content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a message that was taken meanwhile
        return b""


def test_reader_signs_with_initials_gets_the_file_and_leaves_no_trace(page: Page, site: Site) -> None:
    page.goto(CASE)
    page.locator(f"a[href^='{LETTER}']").first.click()
    page.click("text=Put it in your own words")
    words = page.input_value("#id_words")
    assert "{" not in words
    own = f"{words}\n\nPlease write to me about {CANARY}."
    page.fill("#id_opening", OPENING)
    page.fill("#id_words", own)
    page.check("input[value=initials]")
    page.fill("#id_name", NAME)
    page.fill("#id_town", TOWN)

    download = make_letter(page, "PDF")

    assert download.suggested_filename == "UA-63-20-director-wang-jiang-en.pdf"
    text = " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(BytesIO(download.path().read_bytes())).pages).split()
    )
    assert [text.count(part) for part in ("Dear Director Wang,", OPENING, "A. N.", TOWN, NAME)] == [1, 1, 1, 1, 0]
    assert text.index("Dear Director Wang,") < text.index(OPENING) < text.index(f"about {CANARY}.")
    assert page.url == f"{site.address}{LETTER}own-words/"
    assert (page.input_value("#id_words"), page.input_value("#id_name")) == (own, NAME)
    assert page.context.cookies() == []

    assert OPENING in make_letter(page, "plain text").path().read_text()  # as often as they want
    files = [path for path in site.data.rglob("*") if path.is_file()]  # the log, the queue, the database
    assert [path.name for path in files if b"Ready: http" in content(path)] == [
        "serve.log"
    ]  # so what is there is found
    traces = (CANARY.encode(), NAME.encode(), TOWN.encode())
    assert [path.name for path in files if any(trace in content(path) for trace in traces)] == []


def test_reader_who_forgot_something_is_told_and_keeps_what_they_wrote(page: Page) -> None:
    page.goto(f"{LETTER}own-words/")
    page.fill("#id_words", "I write in my own words.")
    page.check("input[value=town]")
    page.click("text=Make my letter: PDF")
    wait_for_problems(page)

    assert page.title().startswith("Error:")
    assert page.locator(".problems li").all_inner_texts() == [
        "Write the name to sign with, or choose to sign by hand.",
        "Write your town, or choose another way to sign.",
    ]
    assert page.input_value("#id_words") == "I write in my own words."
    page.fill("#id_name", NAME)
    page.fill("#id_town", TOWN)
    assert "I write in my own words." in make_letter(page, "plain text").path().read_text()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_editor_is_accessible_and_does_not_scroll_sideways(
    browser: Browser, site: Site, width: int, language: str
) -> None:
    context = browser.new_context(
        base_url=site.address,
        locale=language,
        viewport={"width": width, "height": 800},
        bypass_csp=True,  # axe is put into the page as a script
    )
    page = context.new_page()
    faults = {}

    def look(name: str) -> None:
        found = [violation["id"] for violation in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("scrolls sideways")
        if found:
            faults[name] = found

    for letter in (LETTER, LETTER.replace("/en/", "/zh/")):
        page.goto(f"{letter}own-words/")
        look(f"{letter} editor")
        page.fill("#id_words", "")
        page.check("input[value=full]")
        page.locator("button[value='letter.pdf']").click()
        wait_for_problems(page)
        assert page.locator(".problems li").count() == 3
        look(f"{letter} with problems")
    page.goto(f"{LETTER}own-words/{'x' * 36}.{'y' * 44}/")
    look("a letter that is gone")
    context.close()

    assert faults == {}
