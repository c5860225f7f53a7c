"""Decisions that meet: two at once, one after the other."""

import threading

import pytest
from django.db import connections
from django.test import Client

from cases import publishing
from cases.models import UrgentAction
from tests.factories import make_case, make_published

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_two_stops_at_once_make_one_stop_action() -> None:
    """Fails on PostgreSQL."""
    case = make_published().case
    together, wrong = threading.Barrier(4), []

    def stop() -> None:
        together.wait()
        try:
            publishing.stop(case, by=None)
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=stop) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (wrong, UrgentAction.objects.filter(kind="stop").count()) == ([], 1)


def test_a_withdrawn_headline_does_not_live_on_in_the_stop_action(client: Client) -> None:
    notice = make_published(make_case(number=63), headline="Somebody is in prison")
    publishing.stop(notice.case, by=None)
    publishing.withdraw(notice)

    assert "Somebody is in prison" not in client.get("/cases/ua-63-20/").content.decode()
