"""The language of the pages: the browser's, or the one in the address, and never a cookie's."""

import pytest
from django.test import Client

from tests.factories import make_case, make_published

pytestmark = pytest.mark.django_db

ARABIC = '<html lang="ar" dir="rtl">'


@pytest.mark.parametrize("address", ["/cases/ua-63-20/?lang=ar", "/ar/cases/ua-63-20/"])
def test_language_of_the_address_goes_on_into_every_link(client: Client, address: str) -> None:
    make_published(make_case(number=63))

    page = client.get(address).content.decode()

    assert ARABIC in page
    assert 'href="/ar/cases/ua-63-20/report/"' in page
    assert 'href="/cases/' not in page


def test_language_of_one_request_does_not_stay_for_the_next(client: Client) -> None:
    make_published(make_case(number=63))
    client.get("/ar/cases/ua-63-20/")

    page = client.get("/cases/ua-63-20/").content.decode()

    assert '<html lang="en" dir="ltr">' in page
    assert "/ar/" not in page


def test_english_can_be_chosen_against_the_browser(client: Client) -> None:
    make_published(make_case(number=63))

    page = client.get("/ar/cases/ua-63-20/?lang=en", headers={"accept-language": "ar"}).content.decode()

    assert '<html lang="en" dir="ltr">' in page
    assert 'href="/en/cases/ua-63-20/report/"' in page


def test_form_sent_in_arabic_is_thanked_in_arabic(client: Client) -> None:
    response = client.post("/ar/subscriptions/", {"email": "reader@example.org", "scope": "all"})

    assert (response.status_code, response.headers["Location"]) == (302, "/ar/subscriptions/asked/")


def test_cookie_changes_no_page_that_a_cache_may_keep(client: Client) -> None:
    client.cookies["django_language"] = "ar"

    assert ARABIC not in client.get("/cases/").content.decode()


@pytest.mark.parametrize("address", ["/xx/cases/", "/ar", "/ar/ar/cases/"])
def test_what_only_looks_like_a_language_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
