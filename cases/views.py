"""The pages on which a case is read."""

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from cases import embassies, listing, numbers
from cases.forms import FilterForm, WritingFromForm
from cases.models import Case, CountryAdvice, NoticeText, UrgentAction
from cases.models.notice import OPEN_STATES
from cases.numbers import Number
from cases.querysets import FOR_LETTERS

PER_PAGE = 18

View = Callable[..., HttpResponse]


def readable(view: View) -> View:
    """A page for everybody: compressed, and kept by caches for so short that a stop action bites within a minute."""
    return gzip_page(cache_control(public=True, max_age=60)(view))


@require_safe
@readable
def case_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    asked = form.asked()
    number = numbers.parse(asked.get("q", ""))
    if number is not None and Case.objects.public().numbered(number).exists():
        return redirect("cases:detail", number)
    found = listing.find(asked, timezone.now())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "cases/list.html",
        {
            "form": form,
            "is_filtered": bool(asked),
            "number": number,
            "page": page,
            "groups": listing.grouped(page.object_list, timezone.now()),
            "stops": () if asked else listing.recently_stopped(timezone.now()),
            "query": query.urlencode(),
        },
    )


@require_safe
@readable
def detail(request: HttpRequest, number: Number) -> HttpResponse:
    """The newest notice of a case."""
    chain = get_public_chain(number)
    return _page(request, chain, chain[0])


@require_safe
@readable
def notice(request: HttpRequest, number: Number, sequence: int) -> HttpResponse:
    """One notice of the chain, kept for the record."""
    chain = get_public_chain(number)
    found = next((link for link in chain if link.sequence == sequence), None)
    if found is None:
        raise Http404(_("%s has no such notice.") % chain[0].case)
    if found == chain[0]:
        return redirect("cases:detail", number)
    return _page(request, chain, found)


def _page(request: HttpRequest, chain: list[UrgentAction], notice: UrgentAction) -> HttpResponse:
    case = notice.case
    prefetch_related_objects([notice], *FOR_LETTERS)
    state = notice.state_if_newest() if notice == chain[0] else UrgentAction.State.SUPERSEDED
    described = notice if notice.kind != UrgentAction.Kind.STOP else next((n for n in chain if n != notice), notice)
    texts = list(NoticeText.objects.public().filter(urgent_action=described))
    for text in texts:
        text.urgent_action = described
    writing_from = WritingFromForm(request.GET).country()
    targets = embassies.officials_for(notice, writing_from)
    for target in targets:
        target.urgent_action = notice
    return render(
        request,
        "cases/detail.html",
        {
            "case": case,
            "notice": notice,
            "newest": chain[0],
            "chain": chain,
            "state": state,
            "is_open": state in OPEN_STATES,
            "text": in_readers_language(texts, request),
            "texts": texts,
            "targets": targets,
            "writing_from": writing_from,
            "query": f"?from={writing_from}" if writing_from else "",
            "people": case.public_people,
            "advice": CountryAdvice.objects.filter(country=case.country).first(),
        },
    )


@require_safe
def other_spelling(request: HttpRequest, spelling: str, rest: str | None = None) -> HttpResponse:
    """63.20, UA-63-20, 63/20 ... lead to the one address of the case, with whatever followed the number.

    So does an address that only lacks the slash at its end.
    """
    number = numbers.parse(spelling)
    if number is None:
        raise Http404
    address = reverse("cases:detail", args=[number]).rstrip("/") + (rest or "/")
    if address == request.path:
        address += "/"
        if request.path.endswith("/") or resolve(f"{request.path_info}/").func is other_spelling:
            raise Http404
    query = request.META.get("QUERY_STRING")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


@require_safe
@readable
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/about.html", {"hold_over": settings.HOLD_REPORTS_OVER})


@require_safe
@readable
def robots(request: HttpRequest) -> HttpResponse:
    lines = ("User-agent: *", "Disallow: /admin/", "Disallow: /subscriptions/", "Disallow: /packs/", "")
    return HttpResponse("\n".join(lines), content_type="text/plain")


def get_public_chain(number: Number) -> list[UrgentAction]:
    """The public notices of a case, newest first. A draft and a number that was never used answer alike."""
    notices = UrgentAction.objects.public().filter(case__number=number.number, case__year=number.year)
    chain = list(notices.select_related("case").order_by("-sequence"))
    if not chain:
        raise _not_public(number)
    for link in chain:
        link.case = chain[0].case
    return chain


def get_newest_notice(number: Number) -> UrgentAction:
    """What the readers of a case act on, with all that its letters ask for."""
    newest = UrgentAction.objects.newest().prefetched_for_letters()
    notice = newest.filter(case__number=number.number, case__year=number.year).first()
    if notice is None:
        raise _not_public(number)
    return notice


class Withdrawn(Http404):
    """Nothing of the case is public any more; it was."""


def _not_public(number: Number) -> Http404:
    """A draft and a number never used answer alike; what was public once says by its number that it is no more."""
    withdrawn = UrgentAction.objects.withdrawn().filter(case__number=number.number, case__year=number.year)
    if withdrawn.exists():
        return Withdrawn(str(number))
    return Http404(_("There is no public Urgent Action with the number %s.") % str(number))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """410 where letters must not be sent any more, on every address of the case and for every file; else 404."""
    if not isinstance(exception, Withdrawn):
        return page_not_found(request, exception)
    response = render(request, "cases/withdrawn.html", {"number": str(exception)}, status=410)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def get_public_case(number: Number) -> Case:
    """The case that readers may see."""
    return get_public_chain(number)[0].case


def in_readers_language(texts: list[NoticeText], request: HttpRequest) -> NoticeText | None:
    """The text in the language asked for in the address, else in the page's language, else English, else any."""
    wanted = [request.GET.get("lang", ""), get_language() or "", "en"]
    ranked = sorted(texts, key=lambda text: wanted.index(text.language) if text.language in wanted else len(wanted))
    return ranked[0] if ranked else None
