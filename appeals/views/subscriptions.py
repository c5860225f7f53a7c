"""Asking for reminders, confirming, leaving."""

from babel.lists import format_list
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from appeals import subscriptions, tokens
from appeals.forms import SubscribeForm
from appeals.models import Subscription
from appeals.views.form_pages import form_page
from cases import numbers
from cases.models import Case
from ua_tracker.cookieless import cookieless


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
