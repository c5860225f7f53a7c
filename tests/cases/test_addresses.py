"""Addresses that people type, cut short or spell their own way."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_case, make_published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("spelling", ["63.20", "63/20", "ua-63-20"])
def test_a_spelling_without_a_slash_at_its_end_leads_to_the_case(client: Client, spelling: str) -> None:
    response = client.get(f"/cases/{spelling}?lang=ar")

    assert (response.status_code, response.headers["Location"]) == (302, "/ar/cases/ua-63-20/?lang=ar")


@pytest.mark.parametrize("page", ["report", "totals", "1"])
def test_a_page_without_a_slash_at_its_end_is_found(client: Client, page: str) -> None:
    make_published(make_case(number=63))

    assert client.get(f"/cases/ua-63-20/{page}").status_code in (301, 302)


def test_a_longer_chain_takes_as_many_queries(client: Client) -> None:
    first = make_published(make_case(number=63))
    make_published(first.case, sequence=2, kind="update")
    with CaptureQueriesContext(connection) as one:
        client.get("/cases/ua-63-20/")
    make_published(first.case, sequence=3, kind="update")
    with CaptureQueriesContext(connection) as many:
        client.get("/cases/ua-63-20/")

    assert len(many) == len(one)


def test_a_notice_that_is_not_there_speaks_the_readers_language(client: Client) -> None:
    make_published(make_case(number=63))

    assert "No UrgentAction matches" not in client.get("/cases/ua-63-20/5/").content.decode()
