"""Public forms that need no cookie.

They act for nobody who is signed in, so there is no session that a foreign page could abuse; what remains is refused
by the browser's own statement of where a request comes from.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """What the browser says of itself; older ones say only the origin, mail programs nothing."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc not in (request.get_host(), urlsplit(settings.SITE_URL).netloc)


def cookieless(view: View) -> View:
    """No cookie; a POST that the browser says was sent by another site is refused."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and _is_from_elsewhere(request):
            return HttpResponseForbidden(_("This form was sent from another site."), content_type="text/plain")
        return view(request, *args, **kwargs)

    return csrf_exempt(checked)
