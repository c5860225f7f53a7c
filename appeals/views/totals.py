"""What was reported, in figures."""

import csv

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appeals import totals
from cases.numbers import Number
from cases.views import get_public_case, readable


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
