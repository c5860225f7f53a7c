from playwright.sync_api import Browser
from tests.e2e.conftest import Site
def test_shot(browser: Browser, site: Site) -> None:
    for w,l in ((320,"en"),(320,"ar"),(1000,"en")):
        c=browser.new_context(base_url=site.address, locale=l, viewport={"width":w,"height":800})
        p=c.new_page(); p.goto("/cases/ua-63-20/letters/director-wang-jiang/en/own-words/?from=FR")
        p.screenshot(path=f"/tmp/ow/ed-{w}-{l}.png", full_page=True)
        p.fill("#id_words",""); p.check("input[value=full]"); p.locator("button[value='letter.pdf']").click(); p.wait_for_selector(".problems li")
        p.screenshot(path=f"/tmp/ow/err-{w}-{l}.png", full_page=True)
        if l=="en" and w==1000:
            print(p.evaluate("[...document.querySelectorAll('[aria-describedby]')].map(e=>[e.id, e.getAttribute('aria-describedby').split(' ').map(i=>!!document.getElementById(i))])"))
            p.goto("/cases/ua-63-20/report/"); 
            print(p.evaluate("[...document.querySelectorAll('[aria-describedby]')].map(e=>[e.id, e.getAttribute('aria-describedby'), e.getAttribute('aria-describedby').split(' ').map(i=>!!document.getElementById(i))])"))
        c.close()
