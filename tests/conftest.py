"""What every test may ask for."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils.translation import override

from ua_tracker import heartbeats


@pytest.fixture(autouse=True)
def no_heartbeats() -> Iterator[None]:
    """Heartbeats of one test are not those of the next."""
    yield
    heartbeats.forget("worker", "timetable")  # not cache.clear(): that empties the whole of a Redis


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request for another language leaves it switched on in its thread."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def messages_run() -> Iterator[None]:
    """Celery's messages are carried out on the spot, as a quick worker would."""
    from ua_tracker.celery import app

    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False
