"""Headers and choices that concern every page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)

Handler = Callable[[HttpRequest], HttpResponse]


def content_security_policy(get_response: Handler) -> Handler:
    """Nothing from anywhere else, nothing inline. Goes when the floor is Django 6, which has this built in."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return handle


class LanguageMiddleware(LocaleMiddleware):
    """The browser's language, unless the address asks for another: /ar/cases/ or ?lang=ar.

    What was asked for goes into every link of the page and every redirect from it, so a choice needs no cookie.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        prefix = get_script_prefix()
        try:
            response: HttpResponseBase = super().__call__(request)  # type: ignore[assignment]  # never async here
            return response
        finally:
            set_script_prefix(prefix)

    def process_request(self, request: HttpRequest) -> None:
        request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)  # caches do not know of it; nobody sets it here
        super().process_request(request)
        first, slash, rest = request.path_info[1:].partition("/")
        asked = first if slash and first in LANGUAGES else ""
        if asked:
            request.path_info = f"/{rest}"
        if request.GET.get("lang") in LANGUAGES:
            asked = request.GET["lang"]
        if asked:
            translation.activate(asked)
            request.LANGUAGE_CODE = asked
            set_script_prefix(f"/{asked}/")
