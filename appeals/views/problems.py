"""An address that did not work: two clicks, and staff know."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from appeals import contacts
from appeals.forms.problems import ProblemForm
from appeals.models import ContactProblem
from appeals.models.problems import Way
from appeals.views.form_pages import form_page
from appeals.views.wanted import Wanted, about_a_letter
from ua_tracker.cookieless import cookieless


@cookieless
@form_page
@require_http_methods(["GET", "HEAD", "POST"])
@about_a_letter
def problem(request: HttpRequest, wanted: Wanted, way: str) -> HttpResponse:
    values = [value for known, value in contacts.ways(wanted.target) if known == way]
    asked = (request.POST or request.GET).get("value", "")
    if not values or (asked and asked not in values):
        raise Http404
    form = ProblemForm(request.POST or None)
    value = asked or values[0]
    is_told = request.method == "POST" and form.is_valid()
    if is_told:
        found = ContactProblem.Problem(form.cleaned_data["problem"])
        contacts.report_problem(wanted.target, Way(way), value, found, timezone.localdate())
    context = {
        "wanted": wanted,
        "way": Way(way),
        "value": value,
        "form": form,
        "problems": ContactProblem.Problem,
        "is_told": is_told,
    }
    return render(request, "appeals/problem.html", context)
