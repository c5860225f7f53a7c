"""The letter: as a page, and as files."""

from dataclasses import replace

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from appeals import printing, sending
from appeals.models import LetterFile
from appeals.pieces import NotOffered
from appeals.views import own_words
from appeals.views.wanted import Wanted, about_a_letter, ask_first
from cases.models import CountryAdvice
from cases.views import readable
from ua_tracker import heartbeats
from ua_tracker.cookieless import cookieless

PATIENCE_SECONDS = 20  # how long a reader waits for a file before the page offers the letter itself


@cookieless
@require_http_methods(["GET", "HEAD", "POST"])
@about_a_letter
def letter(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """The letter to read; with POST the one that its reader wrote in their own words."""
    return own_words.write(request, wanted) if request.method == "POST" else letter_page(request, wanted)


@readable
def letter_page(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    readers_language = _readers_language(wanted)
    beside = readers_language if readers_language != wanted.language else ""
    piece, now = replace(wanted.piece(), readers_language=beside), timezone.now()
    text = wanted.notice.letter_text(wanted.target, wanted.language)
    assert text is not None
    file = printing.known(piece)
    other_paper = next(paper for paper in LetterFile.Paper if paper != wanted.reader.paper)
    there = str(wanted.target.addressee.country)
    advice = {str(each.country): each for each in CountryAdvice.objects.filter(country__in=_countries(wanted))}
    return render(
        request,
        "appeals/letter.html",
        {
            "wanted": wanted,
            "case": wanted.case,
            "notice": wanted.notice,
            "target": wanted.target,
            "state": wanted.state,
            "is_open": wanted.is_open,
            "reader": wanted.reader,
            "letter": piece.letter,
            "translation": piece.translation,
            "file_query": wanted.reader.query_with(**{"with": beside}),
            "offered": wanted.notice.letter_languages(wanted.target),
            "is_file_late": "later" in request.GET,
            "file": file,
            "other_paper": other_paper,
            "other_paper_query": wanted.reader.query_with(paper=other_paper),
            "risk": advice.get(str(wanted.case.country)),
            "advice": advice.get(there),
            "post": sending.by_post(
                piece.letter,
                file.pages if file else 0,
                advice.get(there),
                advice.get(wanted.reader.writing_from),
                timezone.localdate(),
            ),
            "ways": sending.ways(wanted.target, piece.letter, text, _page(wanted), now),
        },
    )


def _countries(wanted: Wanted) -> list[str]:
    return [str(wanted.case.country), wanted.target.addressee.country, wanted.reader.writing_from]


def _page(wanted: Wanted) -> str:
    """The case's address as it is passed on: without the language of this reader's page."""
    return f"{settings.SITE_URL}/cases/{wanted.case.ua_number.slug}/"


def _readers_language(wanted: Wanted) -> str:
    """Of the letters there are, the one that the reader of this page can read best."""
    offered, own = wanted.notice.letter_languages(wanted.target), get_language() or "en"
    return next((tag for tag in (own, "en") if tag in offered), wanted.language)


@require_safe
@about_a_letter
def letter_file(request: HttpRequest, wanted: Wanted, kind: str) -> HttpResponseBase:
    """The file; while a worker makes it a page that looks again; where none can, the letter to print from there."""
    try:
        file = printing.ask(wanted.piece(LetterFile.Kind(kind)))
    except NotOffered as error:
        raise Http404 from error
    if not wanted.may_be_sent:
        response: HttpResponse = ask_first(request, wanted, kind)
    elif file.is_ready:
        return _serve(request, wanted, file)
    elif file.state == LetterFile.State.FAILED or _is_overdue(file) or not heartbeats.is_alive("worker"):
        address = reverse("appeals:letter", args=[wanted.case.ua_number, wanted.target.slug, wanted.language])
        response = redirect(address + wanted.reader.query_with(later="1"))
    else:
        response = render(request, "appeals/letter_wait.html", {"wanted": wanted}, status=202)
        response.headers["Refresh"] = "2"
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_overdue(file: LetterFile) -> bool:
    return (timezone.now() - file.wanted_at).total_seconds() > PATIENCE_SECONDS


def _serve(request: HttpRequest, wanted: Wanted, file: LetterFile) -> HttpResponseBase:
    etag = f'"{file.content_hash}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None and unchanged.status_code == 304:
        unchanged.headers["ETag"] = etag
        unchanged.headers["Cache-Control"] = "public, max-age=60"
        return unchanged
    name = wanted.piece(LetterFile.Kind(file.kind)).filename
    response = FileResponse(
        default_storage.open(file.path),
        as_attachment=True,
        filename=name,
        content_type=own_words.CONTENT_TYPES[name.rpartition(".")[2]],
    )
    response.headers["Content-Length"] = str(file.size)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@require_safe
@readable
@about_a_letter
def letter_text(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    if not wanted.may_be_sent:
        return ask_first(request, wanted, "letter.txt")
    composed = wanted.piece().letter
    headers = {"Content-Disposition": f'attachment; filename="{composed.filename}.txt"'}
    return HttpResponse(composed.as_text(), content_type=own_words.CONTENT_TYPES["txt"], headers=headers)
