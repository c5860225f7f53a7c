"""Signed values in forms and links. Whoever has one may do the one thing that it is for."""

import uuid

from django.core import signing

_REPORT_FORM = "report form"
_RECEIPT = "receipt"
_SUBSCRIPTION = "subscription"

OLDEST_FORM_SECONDS = 12 * 60 * 60


def new_form_token() -> str:
    """A fresh token for one report form: the idempotency key of what will be reported with it."""
    return signing.dumps(str(uuid.uuid4()), salt=_REPORT_FORM)


def read_form_token(token: str) -> uuid.UUID | None:
    """The idempotency key, or None for a token that was not ours or is older than 12 hours."""
    return _read_uuid(token, _REPORT_FORM, OLDEST_FORM_SECONDS)


def receipt(key: uuid.UUID) -> str:
    """For the address of the thank-you page, which may be kept for as long as somebody wants."""
    return signing.dumps(str(key), salt=_RECEIPT)


def read_receipt(token: str) -> uuid.UUID | None:
    return _read_uuid(token, _RECEIPT, None)


def subscription(pk: int, purpose: str) -> str:
    """For links in mail; `purpose` is confirm or leave, and a link for one does not do the other."""
    return signing.dumps(pk, salt=f"{_SUBSCRIPTION} {purpose}")


def read_subscription(token: str, purpose: str, max_age: int | None = None) -> int | None:
    try:
        value = signing.loads(token, salt=f"{_SUBSCRIPTION} {purpose}", max_age=max_age)
    except signing.BadSignature:
        return None
    return value if isinstance(value, int) else None


def _read_uuid(token: str, salt: str, max_age: int | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(signing.loads(token, salt=salt, max_age=max_age)))
    except (signing.BadSignature, ValueError):
        return None
