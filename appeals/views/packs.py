"""Packs of letters for groups: chosen in two steps, made by the worker, fetched for a day."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appeals import letters, packs
from appeals.forms import PackForm
from appeals.forms.letters import ReaderForm
from appeals.forms.packs import CasesForm, offer
from appeals.models import LetterFile, Pack
from appeals.views.form_pages import form_page
from cases import embassies
from cases.deadlines import date_of_last_place
from cases.models import UrgentAction
from ua_tracker.cookieless import cookieless

View = Callable[..., HttpResponseBase]

CONTENT_TYPES = {Pack.Form.PDF: "application/pdf", Pack.Form.ZIP: "application/zip"}


@cookieless
@form_page
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """First the cases, then the letters."""
    today = date_of_last_place(timezone.now())
    notices = UrgentAction.objects.open_on(today).prefetched_for_letters().prefetch_related("texts").order_by("act_by")
    cases = CasesForm(notices, request.GET)
    chosen = cases.chosen()
    if not chosen:
        is_empty = "next" in request.GET and not cases.errors
        return render(request, "appeals/pack_cases.html", {"form": cases, "is_empty": is_empty})
    reader = ReaderForm(request.GET).reader()
    offered: dict[str, tuple[packs.Choice, str]] = {}
    for notice in chosen:
        targets = embassies.officials_for(notice, reader.writing_from)
        offered |= offer(notice, targets)
    form = PackForm(offered, request.POST or None, initial={"country": reader.writing_from, "paper": reader.paper})
    context = {"form": form, "notices": chosen, "writing_from": reader.writing_from}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = packs.ask(
                data["letters"],
                data["copies"],
                data["group"],
                get_language() or "en",
                LetterFile.Paper(data["paper"]),
                data["country"],
                Pack.Form(data["form"]),
            )
            return redirect("appeals:pack", made.pk)
        except packs.TooBusy:
            return render(request, "appeals/pack_letters.html", {**context, "is_busy": True}, status=503)
        except letters.NoLetter:
            raise Http404 from None  # stopped between two lines of ours
    return render(request, "appeals/pack_letters.html", context)


def _unlisted(view: View) -> View:
    """Its address is the key to it: no search engine shows it, even where somebody linked to it."""

    @wraps(view)
    def unlisted(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return unlisted


@_unlisted
@never_cache
@require_safe
def pack(request: HttpRequest, pk: str) -> HttpResponse:
    """How far it is, and the file."""
    found = _find(pk)
    if found is None:
        return render(request, "appeals/pack_gone.html", status=410)
    context = {"pack": found, "states": Pack.State, "until": found.wanted_at + Pack.LIVES}
    if found.state != Pack.State.WANTED:
        return render(request, "appeals/pack.html", context)
    response = render(request, "appeals/pack.html", context, status=202)
    response.headers["Refresh"] = "2"
    return response


@_unlisted
@never_cache
@require_safe
def pack_file(request: HttpRequest, pk: str) -> HttpResponseBase:
    found = _find(pk)
    if found is None:
        return render(request, "appeals/pack_gone.html", status=410)
    if not found.is_ready:
        return redirect("appeals:pack", pk)
    form = Pack.Form(found.form)
    return FileResponse(
        default_storage.open(found.path),
        as_attachment=True,
        filename=f"letters.{form}",
        content_type=CONTENT_TYPES[form],
        headers={"Content-Length": str(found.size)},
    )


def _find(pk: str) -> Pack | None:
    """The pack, if it lives and nothing in it was stopped or reworded since."""
    found = Pack.objects.filter(pk=pk).exclude(pk__in=Pack.objects.lapsed(timezone.now())).first()
    if found is None or not packs.is_current(found):
        return None
    is_lost = found.is_ready and not default_storage.exists(found.path)
    return None if is_lost else found
