"""Signed values in forms and links. Whoever has one may do the one thing that it is for."""

import uuid

from django.core import signing

OLDEST_FORM_SECONDS = 12 * 60 * 60

_REPORT_FORM = "report form"
_RECEIPT = "receipt"
_SUBSCRIPTION = "subscription"


def new_form_token() -> str:
    """A fresh token for one report form: the idempotency key of what will be reported with it."""
    return signing.dumps(str(uuid.uuid4()), salt=_REPORT_FORM)


def read_form_token(token: str) -> uuid.UUID | None:
    """The idempotency key, or None for a token that was not ours or is older than 12 hours."""
    try:
        return _uuid(signing.loads(token, salt=_REPORT_FORM, max_age=OLDEST_FORM_SECONDS))
    except signing.BadSignature:
        return None


def read_lapsed_form_token(token: str) -> uuid.UUID | None:
    """The idempotency key however old the token is; None for one that was not ours."""
    try:
        return _uuid(signing.loads(token, salt=_REPORT_FORM))
    except signing.BadSignature:
        return None


def receipt(key: uuid.UUID) -> str:
    """For the address of the thank-you page: the same for the same report, and good for as long as anybody wants."""
    return signing.Signer(salt=_RECEIPT).sign_object(str(key))


def read_receipt(token: str) -> uuid.UUID | None:
    try:
        return _uuid(signing.Signer(salt=_RECEIPT).unsign_object(token))
    except (signing.BadSignature, ValueError):
        return None


def subscription(pk: int, purpose: str) -> str:
    """For links in mail; `purpose` is confirm or leave, and a link for one does not do the other."""
    return signing.dumps(pk, salt=f"{_SUBSCRIPTION} {purpose}")


def read_subscription(token: str, purpose: str, max_age: int | None = None) -> int | None:
    """The primary key, or None for a token that was not ours, was for something else, or is older than `max_age`."""
    try:
        value = signing.loads(token, salt=f"{_SUBSCRIPTION} {purpose}", max_age=max_age)
    except signing.BadSignature:
        return None
    return value if isinstance(value, int) else None


def _uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
