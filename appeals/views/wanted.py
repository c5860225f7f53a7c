"""Which letter an address names, and who its reader is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from appeals.forms.letters import Reader, ReaderForm
from appeals.models import LetterFile
from appeals.pieces import Piece
from cases import embassies
from cases.models import Case, Target, UrgentAction
from cases.models.notice import OPEN_STATES
from cases.numbers import Number
from cases.views import get_newest_notice

Answer = TypeVar("Answer", bound=HttpResponseBase)


@dataclass(frozen=True)
class Wanted:
    """A letter that may be read, and what its reader said in the address."""

    case: Case
    notice: UrgentAction
    target: Target
    language: str
    state: UrgentAction.State
    reader: Reader
    has_asked: bool  # the reader says that they asked an office whether to write after the deadline

    @property
    def may_be_sent(self) -> bool:
        return self.is_open or self.has_asked

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_domestic(self) -> bool:
        return self.reader.writing_from == self.target.addressee.country

    def piece(self, kind: LetterFile.Kind = LetterFile.Kind.PDF) -> Piece:
        return Piece(
            self.notice, self.target, self.language, kind, self.reader.paper, self.reader.language, self.is_domestic
        )


class Gone(Exception):
    """Nobody should write any more."""

    def __init__(self, case: Case, notice: UrgentAction) -> None:
        super().__init__(str(case))
        self.case, self.notice = case, notice

    def page(self, request: HttpRequest) -> HttpResponse:
        context = {"case": self.case, "notice": self.notice, "is_stopped": not self.case.is_closed}
        return render(request, "appeals/gone.html", context, status=410)


def about_a_letter(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """The view is given the letter that the address names; where nobody should write any more that is said instead."""

    @wraps(view)
    def with_letter(
        request: HttpRequest, number: Number, target: str, language: str, **more: Any
    ) -> Answer | HttpResponse:
        try:
            wanted = find(request, number, target, language)
        except Gone as gone:
            return gone.page(request)
        return view(request, wanted, **more)

    return with_letter


def find(request: HttpRequest, number: Number, slug: str, language: str) -> Wanted:
    """Raises Gone, and Http404 for a case, an official or a language that is not there."""
    notice = get_newest_notice(number)
    case, state = notice.case, notice.state_if_newest()
    if state in (UrgentAction.State.STOPPED, UrgentAction.State.CLOSED):
        raise Gone(case, notice)
    target = embassies.find(notice, slug)
    if target is None:
        raise Http404(_("%s has no letter to this official. Its page shows whom to write to.") % case)
    target.urgent_action = notice
    if language not in notice.letter_languages(target):
        raise Http404(_("There is no letter to this official in this language yet."))
    return Wanted(case, notice, target, language, state, ReaderForm(request.GET).reader(), "asked" in request.GET)


def ask_first(request: HttpRequest, wanted: Wanted, name: str = "") -> HttpResponse:
    """After the deadline: whoever has asked goes on to `name`, a file beside the letter, or to this very page."""
    address = name + wanted.reader.query_with(**{"with": wanted.reader.language, "asked": "1"})
    return render(request, "appeals/ask_first.html", {"wanted": wanted, "address": address})
