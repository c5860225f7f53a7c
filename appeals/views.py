"""The pages on which supporters act: letters, reports, totals, subscriptions."""

import csv
from dataclasses import dataclass

from babel.lists import format_list
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appeals import letters, printing, reports, subscriptions, tokens, totals
from appeals.forms import ReportForm, SubscribeForm
from appeals.models import ActionReport, LetterFile, Subscription
from cases import numbers
from cases.models import Case, CountryAdvice, Target, UrgentAction
from cases.models.notice import OPEN_STATES
from cases.numbers import Number
from cases.views import View, get_public_case, readable
from ua_tracker import heartbeats
from ua_tracker.cookieless import cookieless


def form_page(view: View) -> View:
    """Nobody else's, but the back button finds it again with the token that it had, so that it counts once."""
    return gzip_page(cache_control(private=True, max_age=0)(view))


PATIENCE_SECONDS = 20  # how long a reader waits for a PDF before the page offers the letter itself


@dataclass(frozen=True)
class Wanted:
    """The letter that an address names."""

    case: Case
    notice: UrgentAction
    target: Target
    language: str
    state: UrgentAction.State


def _wanted(number: Number, slug: str, language: str) -> Wanted:
    case = get_public_case(number)
    notice = UrgentAction.objects.newest().prefetched_for_letters().get(case=case)
    state = notice.state_if_newest()
    target = next((target for target in notice.targets.all() if target.slug == slug), None)
    if state in (UrgentAction.State.STOPPED, UrgentAction.State.CLOSED):
        raise Gone(case, notice)
    if target is None:
        raise Http404(_("%s has no letter to this official. Its page shows whom to write to.") % case)
    target.urgent_action = notice
    if language not in notice.letter_languages(target):
        raise Http404(_("There is no letter to this official in this language yet."))
    return Wanted(case, notice, target, language, state)


class Gone(Exception):
    """Nobody should write any more."""

    def __init__(self, case: Case, notice: UrgentAction) -> None:
        super().__init__(str(case))
        self.case, self.notice = case, notice

    def page(self, request: HttpRequest) -> HttpResponse:
        context = {"case": self.case, "notice": self.notice, "is_stopped": not self.case.is_closed}
        return render(request, "appeals/gone.html", context, status=410)


@require_safe
@readable
def letter(request: HttpRequest, number: Number, target: str, language: str) -> HttpResponse:
    try:
        wanted = _wanted(number, target, language)
    except Gone as gone:
        return gone.page(request)
    readers_language = get_language() or "en"
    offered = wanted.notice.letter_languages(wanted.target)
    if readers_language not in offered:
        readers_language = "en"
    composed = letters.compose(wanted.notice, wanted.target, language)
    translation = None
    if language != readers_language and readers_language in offered:
        translation = letters.compose(wanted.notice, wanted.target, readers_language)
    return render(
        request,
        "appeals/letter.html",
        {
            "case": wanted.case,
            "notice": wanted.notice,
            "target": wanted.target,
            "state": wanted.state,
            "is_open": wanted.state in OPEN_STATES,
            "letter": composed,
            "text": wanted.notice.letter_text(wanted.target, language),
            "translation": translation,
            "offered": offered,
            "pdf_failed": "pdf" in request.GET,
            "file": printing.known(composed),
            "advice": CountryAdvice.objects.filter(country=wanted.target.addressee.country).first(),
        },
    )


@require_safe
def letter_pdf(request: HttpRequest, number: Number, target: str, language: str) -> HttpResponseBase:
    """The file; while a worker makes it a page that looks again; where none can, the letter to print from there."""
    try:
        wanted = _wanted(number, target, language)
    except Gone as gone:
        return gone.page(request)
    file = printing.ask(wanted.notice, wanted.target, language)
    if file.is_ready:
        return _serve(request, wanted, file)
    waited = (timezone.now() - file.wanted_at).total_seconds()
    is_hopeless = file.state == LetterFile.State.FAILED or waited > PATIENCE_SECONDS
    if is_hopeless or not heartbeats.is_alive("worker"):
        address = reverse("appeals:letter", args=[number, target, language])
        response: HttpResponse = redirect(f"{address}?pdf=later")
    else:
        context = {"case": wanted.case, "target": wanted.target, "language": language}
        response = render(request, "appeals/letter_wait.html", context, status=202)
        response.headers["Refresh"] = "2"
    response.headers["Cache-Control"] = "no-store"
    return response


def _serve(request: HttpRequest, wanted: Wanted, file: LetterFile) -> HttpResponseBase:
    etag = f'"{file.content_hash}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        unchanged.headers["ETag"] = etag
        unchanged.headers["Cache-Control"] = "public, max-age=60"
        return unchanged
    name = letters.compose(wanted.notice, wanted.target, wanted.language).filename
    response = FileResponse(
        default_storage.open(file.path), as_attachment=True, filename=f"{name}.pdf", content_type="application/pdf"
    )
    response.headers["Content-Length"] = str(file.size)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
@readable
def letter_text(request: HttpRequest, number: Number, target: str, language: str) -> HttpResponse:
    try:
        wanted = _wanted(number, target, language)
    except Gone as gone:
        return gone.page(request)
    composed = letters.compose(wanted.notice, wanted.target, language)
    headers = {"Content-Disposition": f'attachment; filename="{composed.filename}.txt"'}
    return HttpResponse(composed.as_text(), content_type="text/plain; charset=utf-8", headers=headers)


@cookieless
@form_page
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, number: Number) -> HttpResponse:
    case = get_public_case(number)
    notice = reports.reported_on(case, timezone.now())
    if notice is None:
        return render(request, "appeals/report_closed.html", {"case": case}, status=410)
    today = timezone.localdate()
    form = ReportForm(notice, today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_new = reports.record(notice, form.action(), form.key)
        receipt = redirect("appeals:thanks", number, tokens.receipt(form.key))
        if not is_new and reports.says_otherwise(form.action(), form.key):
            receipt["Location"] += "?again"
        return receipt
    if form.is_bound and form.non_field_errors():
        form.with_new_token()
    return render(request, "appeals/report.html", {"case": case, "notice": notice, "form": form})


@cookieless
@never_cache
@require_safe
def thanks(request: HttpRequest, number: Number, receipt: str) -> HttpResponse:
    case = get_public_case(number)
    lines = _lines(case, receipt)
    notice = UrgentAction.objects.newest().prefetched_for_letters().get(case=case)
    written_to = {line.target_id for line in lines}
    state = notice.state_if_newest()
    return render(
        request,
        "appeals/thanks.html",
        {
            "case": case,
            "notice": notice,
            "is_open": state in OPEN_STATES,
            "lines": lines,
            "was_recorded_before": "again" in request.GET,
            "quantity": sum(line.quantity for line in lines),
            "state": lines[0].state,
            "states": ActionReport.State,
            "totals": totals.of_case(case),
            "others": [target for target in notice.targets.all() if target.pk not in written_to],
            "receipt": receipt,
            "undo_until": lines[0].reported_at + reports.UNDO,
            "may_undo": timezone.now() < lines[0].reported_at + reports.UNDO,
        },
    )


@cookieless
@never_cache
@require_POST
def undo(request: HttpRequest, number: Number, receipt: str) -> HttpResponse:
    lines = _lines(get_public_case(number), receipt)
    reports.undo(lines[0].idempotency_key, timezone.now())
    return redirect("appeals:thanks", number, receipt)


def _lines(case: Case, receipt: str) -> list[ActionReport]:
    """The rows of one submission, by the signed receipt in its address."""
    key = tokens.read_receipt(receipt)
    found = ActionReport.objects.filter(idempotency_key=key, urgent_action__case=case) if key else []
    lines = list(found)
    if not lines:
        raise Http404(_("This receipt is not known. Perhaps the address was cut short."))
    return lines


@require_safe
@readable
def totals_page(request: HttpRequest, number: Number) -> HttpResponse:
    case = get_public_case(number)
    return render(request, "appeals/totals.html", {"case": case, "totals": totals.of_case(case), "now": timezone.now()})


@require_safe
@readable
def totals_json(request: HttpRequest, number: Number) -> HttpResponse:
    case = get_public_case(number)
    figures = {"case": case.ua_number.slug, **totals.of_case(case).as_json(), "method": str(totals.METHOD)}
    return JsonResponse(figures)


@require_safe
@readable
def totals_csv(request: HttpRequest, number: Number) -> HttpResponse:
    case = get_public_case(number)
    figures = totals.of_case(case)
    name = f"UA-{case.number}-{case.year % 100:02d}-totals.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    rows = csv.writer(response)
    rows.writerow(["part", "value", "appeals"])
    rows.writerow(["total", "", figures.quantity])
    rows.writerows(["channel", value, count] for value, _label, count in figures.by_channel)
    rows.writerows(["country", code or "other", count] for code, count in figures.by_country)
    return response


@cookieless
@form_page
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    case = _case_named(request.POST.get("case") or request.GET.get("case", ""))
    form = SubscribeForm(case, request.POST or None)
    if request.method == "POST" and form.is_valid():
        subscriptions.ask(form.cleaned_data["email"], form.wish(), get_language() or "en")
        return redirect("appeals:asked")
    days = format_list([str(days) for days in settings.REMINDER_DAYS], locale=get_language() or "en")
    return render(request, "appeals/subscribe.html", {"form": form, "case": case, "days": days})


def _case_named(text: str) -> Case | None:
    number = numbers.parse(text)
    return Case.objects.public().numbered(number).first() if number else None


@cookieless
@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "appeals/asked.html")


@cookieless
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link shows a button and changes nothing: mail scanners open every link."""
    pk = tokens.read_subscription(token, "confirm", int(subscriptions.CONFIRM_WITHIN.total_seconds()))
    subscription = Subscription.objects.filter(pk=pk).exclude(state=Subscription.State.LEFT).first() if pk else None
    if subscription is None:
        return render(request, "appeals/link_lapsed.html", status=410)
    if request.method == "POST":
        subscriptions.confirm(subscription, timezone.now())
    return render(request, "appeals/confirm.html", {"subscription": subscription})


@cookieless
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button; POST acts, from our page or from a mail program's own button (RFC 8058)."""
    pk = tokens.read_subscription(token, "leave")
    if pk is None:
        raise Http404(_("This link is not whole. Perhaps the mail program cut it short."))
    subscription = Subscription.objects.filter(pk=pk).first()
    if request.method == "POST" and subscription is not None:
        subscriptions.leave(subscription)
        subscription.refresh_from_db()
    has_left = subscription is None or subscription.state == Subscription.State.LEFT
    return render(request, "appeals/leave.html", {"subscription": subscription, "has_left": has_left})
