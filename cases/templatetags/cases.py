"""Words about languages, and lists that more than one page shows."""

import datetime
from functools import lru_cache

from babel.lists import format_list
from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from cases import languages
from cases.deadlines import date_of_last_place
from cases.models import Case, Target, UrgentAction
from cases.querysets import UrgentActionQuerySet

register = template.Library()


@register.filter
def own_name(tag: str) -> str:
    return languages.own_name(tag)


@register.filter
def language_name(tag: str) -> str:
    return languages.name(tag)


@register.filter
def direction(tag: str) -> str:
    return languages.direction(tag)


@register.filter
def country_name(code: object) -> str:
    return str(countries.name(str(code)))


@register.filter
def public_names(case: Case) -> str:
    """The people of a case as they may be called in public."""
    return format_list([person.public_name for person in case.public_people], locale=get_language() or "en")


@register.filter
def headline(notice: UrgentAction) -> str:
    """In the language of the page, where there is such a text."""
    return notice.headline_in(get_language() or "en")


@register.filter
def time_left(notice: UrgentAction) -> str:
    return notice.time_left()


@register.filter
def letter_languages(notice: UrgentAction) -> list[str]:
    """The languages that a notice has checked letters in, English first."""
    found = {letter.language for letter in notice.letters.all() if letter.state == "checked"}
    return sorted(found, key=lambda tag: (tag != "en", tag))


@register.filter
def offered(target: Target) -> list[str]:
    """The languages in which a letter to `target` can be had: the reader's own first, then the official's."""
    found = target.urgent_action.letter_languages(target)
    return sorted(found, key=lambda tag: tag != get_language())


@register.filter
def greeting(target: Target, language: str) -> str:
    return target.addressee.salutations.get(language, "")


@register.simple_tag
def next_to_end(number: int = 5) -> UrgentActionQuerySet:
    today: datetime.date = date_of_last_place(timezone.now())
    return UrgentAction.objects.open_on(today).with_headlines().order_by("act_by")[:number]


@register.filter
def checked(date: datetime.date | None) -> str:
    return _("last checked %s") % date_format(date, "j F Y") if date else ""


@register.simple_tag
def country_options(selected: str = "") -> SafeString:
    """The countries of the world as <option>s in the reader's language."""
    return _country_options(get_language() or "en", selected)


@lru_cache(maxsize=300)
def _country_options(language: str, selected: str) -> SafeString:
    """Each page of a letter has them, and there are 249."""
    options = ((code, " selected" if code == selected else "", name) for code, name in countries)
    return format_html_join("", '<option value="{}"{}>{}</option>', options)
