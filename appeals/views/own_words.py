"""A letter in the reader's own words: written here, made by the worker, handed over once, kept nowhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from appeals import handovers, letters
from appeals.forms import OwnWordsForm
from appeals.handovers import NotMade, Receipt, TooBusy
from appeals.models import Handover
from appeals.views.form_pages import form_page
from appeals.views.wanted import Wanted, about_a_letter, ask_first
from cases.models import CountryAdvice, NoticeText
from cases.views import in_readers_language
from ua_tracker.cookieless import cookieless

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}


@require_safe
@form_page
@about_a_letter
def editor(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    if not wanted.may_be_sent:
        return ask_first(request, wanted)
    sample = "\n\n".join(wanted.piece().letter.paragraphs)
    return _editor(request, wanted, OwnWordsForm(wanted.language, initial={"words": sample}))


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def write(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """What was written becomes a file at once; where that takes longer, a page waits for it."""
    form = OwnWordsForm(wanted.language, request.POST)
    if not form.is_valid() or not wanted.may_be_sent:
        return _editor(request, wanted, form)
    letter = letters.compose(
        wanted.notice,
        wanted.target,
        wanted.language,
        sender=form.sender,
        own_words=form.whole,
        today=timezone.localdate() if form.cleaned_data["is_dated"] else None,
        writing_from=wanted.reader.writing_from,
    )
    try:
        receipt = handovers.ask(wanted.notice, letter, form.cleaned_data["kind"], wanted.reader.paper)
    except TooBusy:
        return _editor(request, wanted, form, is_busy=True, status=503)
    if not handovers.wait_for(receipt):
        parts = [wanted.case.ua_number, wanted.target.slug, wanted.language, receipt]
        return redirect(reverse("appeals:own-letter", args=parts) + wanted.reader.query)
    try:
        return _handed_over(receipt, letter.filename)
    except NotMade as error:
        return _editor(request, wanted, form, reason=str(error), status=503)
    except Handover.DoesNotExist:  # it was forgotten meanwhile, on a machine that stood still
        return _editor(request, wanted, form, reason=True, status=503)


@cookieless
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@about_a_letter
def own_letter(request: HttpRequest, wanted: Wanted, receipt: str) -> HttpResponse:
    """Waits for a letter; once it is there a button hands it over. Opening the page takes nothing."""
    read = Receipt.read(receipt)
    row = handovers.find(read) if read else None
    context: dict[str, Any] = {"wanted": wanted, "state": row and row.state, "states": Handover.State}
    if read is None or row is None:
        return render(request, "appeals/own_letter.html", context, status=410)
    if row.state == Handover.State.FAILED:
        context["reason"] = handovers.why_not(row)
        return render(request, "appeals/own_letter.html", context, status=503)
    if row.state == Handover.State.WANTED:
        handovers.remind(read)
        response = render(request, "appeals/own_letter.html", context, status=202)
        response.headers["Refresh"] = "3"
        return response
    if request.method != "POST":
        return render(request, "appeals/own_letter.html", context)
    try:
        return _handed_over(read, wanted.piece().letter.filename)
    except Handover.DoesNotExist:  # another request was quicker
        return render(request, "appeals/own_letter.html", context | {"state": None}, status=410)


def _handed_over(receipt: Receipt, name: str) -> HttpResponse:
    kind, content = handovers.collect(receipt)
    ending = kind.rpartition(".")[2]
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "no-store"},
    )


def _editor(request: HttpRequest, wanted: Wanted, form: OwnWordsForm, status: int = 200, **more: Any) -> HttpResponse:
    texts = list(NoticeText.objects.public().filter(urgent_action=wanted.notice))
    for each in texts:
        each.urgent_action = wanted.notice
    text = in_readers_language(texts, request)
    context = {
        "wanted": wanted,
        "form": form,
        "send_query": wanted.reader.query_with(asked="" if wanted.is_open else "1"),
        "letter": wanted.piece().letter,
        "points": text.demand_lines if text else [],
        "points_text": text,
        "people": wanted.case.public_people,
        "risk": CountryAdvice.objects.filter(country=wanted.case.country).first(),
        "kinds": Handover.Kind,
        **more,
    }
    return render(request, "appeals/own_words.html", context, status=status)
