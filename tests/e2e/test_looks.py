"""Every public page: no accessibility fault, no sideways scrolling, small, in both directions, light and dark."""

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.e2e.conftest import Site

PAGES = (
    "/",
    "/cases/ua-63-20/",
    "/cases/ua-63-20/1/",
    "/cases/ua-63-20/letters/director-wang-jiang/zh/",
    "/cases/ua-902-26/",
    "/cases/ua-63-20/report/",
    "/cases/ua-63-20/totals/",
    "/subscriptions/?case=ua-63-20",
    "/about/",
    "/nothing-here/",
)
FIRST_VIEW = 14 * 1024


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (320, "ar"), (1280, "en"), (1280, "ar")])
def test_pages_are_accessible_and_do_not_scroll_sideways(
    browser: Browser, site: Site, width: int, language: str
) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(
            base_url=site.address,
            locale=language,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            bypass_csp=True,  # axe is put into the page as a script
        )
        page = context.new_page()
        faults = {}
        for path in PAGES:
            page.goto(path)
            found = [violation["id"] for violation in Axe().run(page).response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append("scrolls sideways")
            if found:
                faults[path] = found
        context.close()

        assert faults == {}


def test_first_view_of_each_page_fits_the_first_packets(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.address)
    style = context.request.get("/static/css/site.css").body()

    sizes = {path: len(brotli.compress(context.request.get(path).body() + style)) for path in PAGES}
    context.close()

    assert {path: size for path, size in sizes.items() if size > FIRST_VIEW} == {}
