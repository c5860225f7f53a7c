"""Letters whose case is decided about while they are made or read."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from appeals import press, printing
from appeals.models import LetterFile
from appeals.pdf import Printed, Sheet
from appeals.pieces import Piece
from cases import publishing
from tests.factories import make_case, make_published

pytestmark = pytest.mark.django_db


def test_a_stop_while_a_letter_is_rendered_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    notice = make_published()
    file = printing.ask(Piece(notice, notice.targets.get(), "en"))

    def render(sheets: Sequence[Sheet]) -> Printed:
        with django_capture_on_commit_callbacks(execute=True):
            publishing.stop(notice.case, by=None)
        return Printed(b"%PDF-", (1,))

    monkeypatch.setattr(press, "render", render)
    printing.make(file.pk)

    assert LetterFile.objects.count() == 0
    assert not default_storage.exists(f"letters/{file.content_hash[:2]}/{file.content_hash}.pdf")


def test_what_is_unchanged_keeps_its_headers(client: Client) -> None:
    notice = make_published(make_case(number=63))
    file = printing.ask(Piece(notice, notice.targets.get(), "en"))
    printing.make(file.pk)
    address = f"/cases/ua-63-20/letters/{notice.targets.get().slug}/en/letter.pdf"

    response = client.get(address, headers={"if-none-match": f'"{file.content_hash}"'})

    assert (response.status_code, response.headers.get("ETag")) == (304, f'"{file.content_hash}"')
    assert response.headers.get("Cache-Control") == "public, max-age=60"
