"""What the health checks say, and whom they believe."""

import datetime
import logging

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from appeals import tasks
from ua_tracker import health, heartbeats
from ua_tracker.celery import app

PARTS = ("database", "cache", "broker", "storage", "worker", "timetable")


def _broken() -> bool:
    raise OperationalError("secret: host db.internal refused")


def test_process_says_that_it_runs_and_asks_nothing_else(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content, not response.cookies) == (200, b"ok\n", True)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_everything_works(client: Client) -> None:
    heartbeats.beat("worker", "timetable")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, dict.fromkeys(PARTS, True))
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS)
def test_one_part_that_fails_is_named_and_nothing_of_its_error(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    heartbeats.beat("worker", "timetable")
    monkeypatch.setitem(health.CHECKS, part, _broken)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {**dict.fromkeys(PARTS, True), part: False})
    assert b"secret" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["worker", "timetable"])
def test_silent_worker_or_timetable_is_not_ready(client: Client, missing: str) -> None:
    heartbeats.beat("worker", "timetable")
    heartbeats.forget(missing)
    response = client.get("/readyz")
    assert (response.status_code, [part for part, works in response.json().items() if not works]) == (503, [missing])


@pytest.mark.django_db
def test_broker_that_is_away_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeats.beat("worker", "timetable")
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["broker"]) == (503, False)


@pytest.mark.django_db
def test_storage_that_cannot_be_written_is_not_ready(client: Client, settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": "/proc/nowhere"},
        },
    }
    response = client.get("/readyz")
    assert (response.status_code, response.json()["storage"]) == (503, False)


@pytest.mark.parametrize(("seconds", "alive"), [(0, True), (59, True), (61, False), (3600, False)])
def test_heartbeat_is_believed_for_a_minute(seconds: int, alive: bool) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        heartbeats.beat("worker")
    with time_machine.travel(now + datetime.timedelta(seconds=seconds), tick=False):
        assert (heartbeats.is_alive("worker"), heartbeats.is_alive("timetable")) == (alive, False)


@pytest.mark.django_db
def test_sweep_is_the_sign_of_life_of_both() -> None:
    assert [heartbeats.is_alive(name) for name in ("worker", "timetable")] == [False, False]
    tasks.sweep()
    assert [heartbeats.is_alive(name) for name in ("worker", "timetable")] == [True, True]


def test_cache_that_is_away_means_not_alive_and_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heartbeats.beat("worker")

    def away(*args: object) -> None:
        raise ConnectionError("secret")

    monkeypatch.setattr(cache, "get", away)
    with caplog.at_level(logging.WARNING):
        assert heartbeats.is_alive("worker") is False
    assert "secret" not in caplog.text
    assert len(caplog.records) == 1
