"""Reporting what one did, and taking it back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appeals import reports, tokens, totals
from appeals.forms import ReportForm
from appeals.forms.reports import prefilled
from appeals.models import ActionReport
from appeals.views.form_pages import form_page
from cases.models import Case, UrgentAction
from cases.models.notice import OPEN_STATES
from cases.numbers import Number
from cases.views import get_public_case
from ua_tracker.cookieless import cookieless


@cookieless
@form_page
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, number: Number) -> HttpResponse:
    case = get_public_case(number)
    notice = reports.reported_on(case, timezone.now())
    if notice is None:
        return render(request, "appeals/report_closed.html", {"case": case}, status=410)
    today = timezone.localdate()
    form = ReportForm(notice, today, request.POST or None, initial=prefilled(request.GET))
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
