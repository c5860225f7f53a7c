"""A signed value does the one thing it is for, and nothing else."""

import datetime
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.core import signing
from pytest_django import Settings

from appeals import tokens

NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)


def read_confirm(token: str) -> int | None:
    return tokens.read_subscription(token, "confirm", 60)


def read_leave(token: str) -> int | None:
    return tokens.read_subscription(token, "leave")


def made() -> dict[Callable[[str], object], str]:
    """Each reader with a token of its own kind."""
    return {
        tokens.read_form_token: tokens.new_form_token(),
        tokens.read_receipt: tokens.receipt(uuid.uuid4()),
        read_confirm: tokens.subscription(7, "confirm"),
        read_leave: tokens.subscription(7, "leave"),
    }


def test_each_token_is_read_for_its_own_purpose_only() -> None:
    for reader, own in made().items():
        for kind, token in made().items():
            assert (reader(token) is not None) == (kind is reader), (reader, kind)
        assert reader(own) is not None


def test_tokens_give_back_what_was_signed() -> None:
    key = uuid.uuid4()
    assert tokens.read_receipt(tokens.receipt(key)) == key
    assert read_confirm(tokens.subscription(7, "confirm")) == 7
    assert read_leave(tokens.subscription(7, "leave")) == 7


def test_every_form_gets_a_key_of_its_own() -> None:
    keys = {tokens.read_form_token(tokens.new_form_token()) for _number in range(100)}
    assert len(keys) == 100
    assert None not in keys


@pytest.mark.parametrize("spoil", [lambda token: "", lambda token: token[:-1], lambda token: token + "x", str.swapcase])
def test_spoilt_token_is_nobodys(spoil: Callable[[str], str]) -> None:
    for reader, token in made().items():
        assert reader(spoil(token)) is None


@pytest.mark.parametrize("value", ["x", 7, None, {"pk": 7}, "7"])
def test_rightly_signed_value_of_another_shape_is_refused(value: object) -> None:
    assert tokens.read_form_token(signing.dumps(value, salt="report form")) is None
    assert tokens.read_receipt(signing.Signer(salt="receipt").sign_object(value)) is None
    if value != 7:
        assert read_leave(signing.dumps(value, salt="subscription leave")) is None


def test_token_of_another_secret_key_is_refused(settings: Settings) -> None:
    before = made()
    settings.SECRET_KEY = "another" * 10
    assert [reader(token) for reader, token in before.items()] == [None] * 4
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-" * 4]
    assert None not in [reader(token) for reader, token in before.items()]


@pytest.mark.parametrize(("hours", "is_read"), [(11.9, True), (12.1, False)])
def test_form_may_be_open_for_twelve_hours(hours: float, is_read: bool) -> None:
    with time_machine.travel(NOW, tick=False):
        token = tokens.new_form_token()
    with time_machine.travel(NOW + datetime.timedelta(hours=hours), tick=False):
        assert (tokens.read_form_token(token) is not None) == is_read


def test_receipt_and_leaving_link_never_lapse() -> None:
    with time_machine.travel(NOW, tick=False):
        receipt, leave = tokens.receipt(uuid.uuid4()), tokens.subscription(7, "leave")
    with time_machine.travel(NOW + datetime.timedelta(days=3650), tick=False):
        assert tokens.read_receipt(receipt) is not None
        assert read_leave(leave) == 7
