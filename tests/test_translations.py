"""The Arabic of the site: what is committed is what is compiled, and no public page falls back to English."""

import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import engines
from django.template.base import NodeList
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.test import Client
from django.utils.translation import ngettext, override

from appeals.models import Channel, ContactProblem, Pack, Subscription
from appeals.models.problems import Way
from cases.models import ContactChannel, CountryAdvice, UrgentAction
from cases.models.case import Outcome
from tests.factories import make_case, make_published

LOCALES = Path(settings.BASE_DIR) / "ua_tracker" / "locale"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|\{\w+\}")
ARABIC = re.compile("[\u0621-\u064a]")
IN_WORDS = (0, 1, 2)  # the forms for none, one and two may do without the figure
PUBLIC_MODULES = (
    "appeals/forms/*.py",
    "appeals/views/*.py",
    "appeals/handovers.py",
    "cases/forms.py",
    "cases/views.py",
)
LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
KEYWORDS = DEFAULT_KEYWORDS | LAZY | {"gettext_noop": DEFAULT_KEYWORDS["gettext"]}

# What a page says to its reader: names and letters are in languages of their own, or stand beside such words.
SAID = re.compile(r"<(title|h[1-3]|legend|label|summary|button|p(?= class=\"(?:help|meta|error)\"))\b[^>]*>(.*?)</\1>")
NAME_OR_TAG = re.compile(r"<bdi>.*?</bdi>|<[^>]*>")
LATIN_IN_EVERY_LANGUAGE = {"A4"}


def po() -> Catalog:
    with (LOCALES / "ar" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale="ar")


def mo() -> Catalog:
    with (LOCALES / "ar" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return read_mo(file)


def sources(message: Message) -> tuple[str, ...]:
    """The English: one form, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """The Arabic: one form, or six."""
    found = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return tuple(str(form or "") for form in found)


def entries(catalog: Catalog) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Each translation by its context and its English, the header left out: it names dates and tools."""
    return {(message.context, sources(message)[0]): forms(message) for message in catalog if message.id}


def public_templates() -> Iterator[str]:
    for path in sorted(TEMPLATES.rglob("*.*")):
        name = path.relative_to(TEMPLATES).as_posix()
        if not name.startswith("admin/"):
            yield name


def strings_of(name: str) -> Iterator[tuple[str | None, str]]:
    """The context and the English of every `translate` and `blocktranslate` in a template."""
    template: Any = engines["html"].get_template(name)
    nodes: NodeList = template.template.nodelist
    node: Any
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield context_of(node), node.filter_expression.var.literal
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        yield context_of(node), node.render_token_list(node.singular)[0]


def public_modules() -> Iterator[str]:
    for pattern in PUBLIC_MODULES:
        yield from (path.relative_to(settings.BASE_DIR).as_posix() for path in sorted(settings.BASE_DIR.glob(pattern)))


def context_of(node: Any) -> str | None:
    return node.message_context.resolve({}) if node.message_context else None


def test_compiled_catalog_is_that_of_the_source() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, po())
    compiled.seek(0)
    assert entries(read_mo(compiled)) == entries(mo()), "run `make messages`"


def test_nothing_is_fuzzy() -> None:
    assert [message.id for message in po() if message.fuzzy and message.id] == []


@pytest.mark.parametrize("name", list(public_templates()))
def test_public_template_is_translated(name: str) -> None:
    catalog = entries(po())
    missing = [string for string in strings_of(name) if not all(catalog.get(string, ("",)))]
    assert missing == []


@pytest.mark.parametrize("name", list(public_modules()))
def test_public_module_is_translated(name: str) -> None:
    catalog = entries(po())
    missing = [
        found
        for _line, found, _comments, context in extract_from_file("python", settings.BASE_DIR / name, KEYWORDS)
        if not all(catalog.get((context, found if isinstance(found, str) else found[0]), ("",)))
    ]
    assert missing == []


@pytest.mark.parametrize(
    "choices",
    [
        Channel,
        ContactChannel.Kind,
        ContactProblem.Problem,
        Outcome,
        Pack.Form,
        Subscription.Scope,
        UrgentAction.State,
        Way,
    ],
    ids=lambda choices: str(choices.__qualname__),
)
def test_public_choice_is_translated(choices: Any) -> None:
    with override("ar"):
        assert [str(label) for label in choices.labels if not ARABIC.search(str(label))] == []


def test_placeholders_are_those_of_the_source() -> None:
    wrong = []
    for message in po():
        english = sources(message)
        wanted = sorted(PLACEHOLDER.findall(english[-1]))  # the plural: one may be said in words
        for index, text in enumerate(forms(message)):
            found = sorted(PLACEHOLDER.findall(text))
            says_it_in_words = len(english) > 1 and index in IN_WORDS and set(found) < set(wanted)
            if text and found != wanted and not says_it_in_words:
                wrong.append((english[0], text))
    assert wrong == []


def test_plurals_have_six_forms() -> None:
    assert [sources(message) for message in po() if len(sources(message)) > 1 and len(forms(message)) != 6] == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "بقي يوم واحد"),
        (2, "بقي يومان"),
        (5, "بقيت 5 أيام"),
        (11, "بقي 11 يومًا"),
        (100, "بقي 100 يوم"),
        (103, "بقيت 103 أيام"),
    ],
)
def test_each_number_has_its_plural(days: int, words: str) -> None:
    with override("ar"):
        assert ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days} == words


@pytest.mark.django_db
def test_case_page_in_arabic(client: Client) -> None:
    notice = make_published()
    with override("en"):  # what the request leaves switched on is not for the next test
        page = client.get(notice.case.get_absolute_url(), {"lang": "ar"}).content.decode()
    assert re.search(r"<html[^>]*\blang=\"ar\"[^>]*\bdir=\"rtl\"", page)
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert headings
    assert [heading for heading in headings if not ARABIC.search(heading)] == []
    assert "إلى من تكتبون" in headings


def said_in_english(page: str) -> list[str]:
    """The headings, labels, buttons and hints of a page that have no Arabic in them."""
    texts = (" ".join(NAME_OR_TAG.sub("", text).split()) for _tag, text in SAID.findall(" ".join(page.split())))
    return [text for text in texts if text and not ARABIC.search(text) and text not in LATIN_IN_EVERY_LANGUAGE]


def test_what_is_said_in_english_is_seen() -> None:
    page = (
        '<h1>Your <b>pack</b></h1><label><bdi>Ada</bdi></label><p class="help" id="x">Only one.</p><button>نسخ</button>'
    )
    assert said_in_english(page) == ["Your pack", "Only one."]


def make_63() -> UrgentAction:
    """With a headline in Arabic, and an official who can be reached in every way."""
    notice = make_published(make_case(number=63), headline="كاتب مفقود")
    official = notice.targets.all()[0].official
    official.slug, official.office_hours, official.time_zone = "director", "9:00–17:00", "Asia/Shanghai"
    official.save()
    for kind, value in (("phone", "+1 202 495 2266"), ("fax", "+1 202 495 2138"), ("handle", "@example")):
        ContactChannel.objects.create(official=official, kind=kind, value=value)
    notice.letters.update(post_text="Release him.", call_script="I call about him.")
    for target in notice.targets.all():
        target.take_snapshot()
        target.save()
    CountryAdvice.objects.create(country="CN", risk="Think before you write.", days_by_post=9, checked_on="2026-11-01")
    return notice


LETTER = "/ar/cases/ua-63-20/letters/director/en/"
RECEIPT = "00000000-0000-4000-8000-000000000000"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ar/cases/ua-63-20/?from=FR", 200),
        (f"{LETTER}?from=US", 200),
        (f"{LETTER}own-words/", 200),
        (f"{LETTER}own-words/{RECEIPT}/", 410),
        (f"{LETTER}problem/email/", 200),
        ("/ar/packs/", 200),
        ("/ar/packs/?next=1", 200),
        ("/ar/packs/?case=ua-63-20", 200),
        (f"/ar/packs/{RECEIPT}/", 410),
    ],
)
def test_page_speaks_arabic(client: Client, address: str, status: int) -> None:
    make_63()
    with override("en"):
        response = client.get(address)
    assert (response.status_code, said_in_english(response.content.decode())) == (status, [])


@pytest.mark.django_db
@pytest.mark.parametrize("address", [LETTER, f"{LETTER}letter.pdf", f"{LETTER}own-words/"])
def test_page_speaks_arabic_after_the_last_day(client: Client, address: str) -> None:
    notice = make_63()
    assert notice.act_by is not None
    with override("en"), time_machine.travel(notice.act_by + datetime.timedelta(days=3)):
        response = client.get(address)
    assert (response.status_code, said_in_english(response.content.decode())) == (200, [])


@pytest.mark.django_db
@pytest.mark.parametrize("address", [LETTER, "/ar/packs/?case=ua-63-20", f"{LETTER}problem/email/"])
def test_mistakes_are_named_in_arabic(client: Client, address: str) -> None:
    make_63()
    with override("en"):
        page = client.post(address, {"sign": "full", "words": "🙂", "copies": "many"}).content.decode()
    assert 'class="problems"' in page
    assert said_in_english(page) == []
