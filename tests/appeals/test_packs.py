"""Packs as they are made: each letter laid out once, and each page the right official's."""

import datetime
import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from urllib.parse import urlencode

import pytest
import zxingcpp
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfWriter

from appeals import packs, pieces, press, printing, tasks
from appeals.models import LetterFile, Pack
from appeals.packs import Choice
from appeals.pdf import CannotRender, Printed, Sheet
from appeals.pieces import Made, Piece
from appeals.press import BrokeOff, NoPress
from cases import publishing
from cases.models import UrgentAction
from tests.factories import make_case, make_notice, make_official

pytestmark = pytest.mark.django_db

A4, US_LETTER = LetterFile.Paper.A4, LetterFile.Paper.LETTER
WANG, CUI = "Director Wang Jiang", "Ambassador Cui Tiankai"
GROUP = "Cercle d’été & 7b"


def make_63() -> UrgentAction:
    """To the director in China and the ambassador in the United States of America."""
    notice = make_notice(make_case(number=63), officials=0)
    director = make_official(role="Director", name="Wang Jiang", slug="wang")
    ambassador = make_official(role="Ambassador", name="Cui Tiankai", slug="cui", country="US", address="Washington")
    for order, official in enumerate((director, ambassador)):
        notice.targets.create(official=official, order=order)
    publishing.publish(notice, by=None, now=timezone.now() - datetime.timedelta(days=9))
    return notice


def ask(
    notice: UrgentAction,
    copies: int = 2,
    group: str = GROUP,
    paper: LetterFile.Paper = A4,
    writing_from: str = "",
    form: Pack.Form = Pack.Form.PDF,
) -> Pack:
    choices = [Choice(notice.pk, target.slug, "en") for target in notice.targets.all()]
    return packs.ask(choices, copies, group, "en", paper, writing_from, form)


def made(pack: Pack) -> bytes:
    packs.make(pack.pk)
    pack.refresh_from_db()
    assert (pack.state, pack.error, pack.done) == ("ready", "", pack.steps)
    with default_storage.open(pack.path) as stored:
        content = bytes(stored.read())
    assert len(content) == pack.size
    return content


def tool(name: str, *arguments: str, content: bytes) -> bytes:
    if shutil.which(name) is None:
        pytest.skip(f"{name} (poppler-utils) is not installed")
    return subprocess.run([name, *arguments], input=content, capture_output=True, check=True, timeout=60).stdout


def pages_of(content: bytes) -> list[str]:
    """The text of each page, its spaces evened."""
    pages = tool("pdftotext", "-", "-", content=content).decode().removesuffix("\f").split("\f")
    return [" ".join(page.split()) for page in pages]


def codes_on(content: bytes, page: int) -> list[str]:
    picture = tool("pdftoppm", "-r", "150", "-gray", "-f", str(page), "-l", str(page), "-", content=content)
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The official of each letter that was laid out; it is then made as always."""
    found: list[str] = []
    make = pieces.make

    def record(piece: Piece) -> Made:
        found.append(str(piece.target.addressee))
        return make(piece)

    monkeypatch.setattr(pieces, "make", record)
    return found


@cache
def blank(pages: int) -> bytes:
    writer, content = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(content)
    return content.getvalue()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """Every sheet that was sent to the press, which gives one empty page for each."""
    found: list[Sheet] = []

    def render(sheets: Sequence[Sheet]) -> Printed:
        found.extend(sheets)
        return Printed(blank(len(sheets)), (1,) * len(sheets))

    monkeypatch.setattr(press, "render", render)
    return found


# --- What is in it ----------------------------------------------------------------------------------------------------


def test_sixty_letters_come_in_one_small_file_each_to_its_official(laid_out: list[str]) -> None:
    pack = ask(make_63(), copies=30)

    content = made(pack)

    tally, *letter_pages, first, second, third = pages_of(content)
    assert [page[: len(name)] for page, name in zip(letter_pages, [WANG] * 30 + [CUI] * 30, strict=True)] == (
        [WANG] * 30 + [CUI] * 30
    )
    assert all((WANG in page) + (CUI in page) == 1 for page in letter_pages)
    assert Counter(re.findall(f"{WANG}|{CUI}", f"{first} {second} {third}")) == {WANG: 30, CUI: 30}
    assert (GROUP in tally, WANG in tally, CUI in tally) == (True, True, True)
    assert laid_out == [WANG, CUI]
    one = pieces.make(packs.pieces_of(pack)[0]).content
    parts = [packs._rendered(packs._labels(pack, packs.pieces_of(pack)))] * 2  # a tally sheet is about as much
    assert len(content) < 3 * len(one) + sum(map(len, parts))


def test_letters_that_lie_ready_are_not_laid_out_again(laid_out: list[str]) -> None:
    notice = make_63()
    printing.ask_for_notice(notice)
    printing.make_waiting(timezone.now())
    laid_out.clear()

    _tally, first, _copy, second, _copy, _labels = pages_of(made(ask(notice)))
    assert (first.startswith(WANG), second.startswith(CUI), laid_out) == (True, True, [])

    default_storage.delete(LetterFile.objects.get(official__slug="cui").path)  # the storage lost one
    assert len(pages_of(made(ask(notice)))) == 6
    assert laid_out == [CUI]


def test_a_folder_has_every_piece_by_its_name() -> None:
    content = made(ask(make_63(), copies=30, form=Pack.Form.ZIP))

    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        texts = {name: pages_of(folder.read(name)) for name in folder.namelist()}
    assert {name: len(pages) for name, pages in texts.items()} == {
        "tally.pdf": 1,
        "labels.pdf": 3,
        "letters/UA-63-20-wang-en.pdf": 30,
        "letters/UA-63-20-cui-en.pdf": 30,
        "envelopes/UA-63-20-wang-envelope.pdf": 30,
        "envelopes/UA-63-20-cui-envelope.pdf": 30,
    }
    for short, name, other in (("wang", WANG, CUI), ("cui", CUI, WANG)):
        for file in (f"letters/UA-63-20-{short}-en.pdf", f"envelopes/UA-63-20-{short}-envelope.pdf"):
            assert {(name in page, other in page) for page in texts[file]} == {(True, False)}


@pytest.mark.parametrize(
    ("group", "query"), [(GROUP, {"group": GROUP, "from": "FR"}), ("班" * 120, {"group": "班" * 120})]
)
def test_the_code_on_the_tally_sheet_opens_the_report_form(client: Client, group: str, query: dict[str, str]) -> None:
    content = made(ask(make_63(), group=group, writing_from=query.get("from", "")))

    (code,) = codes_on(content, page=1)

    assert code == f"http://testserver/cases/ua-63-20/report/?{urlencode(query)}"
    form = client.get(code.removeprefix("http://testserver")).context["form"]
    page = str(form)
    assert (form["group"].value(), form["country"].value()) == (group, query.get("from", ""))
    assert ("checked" in page, page.count(" selected")) == (False, 1)


def test_a_tally_sheet_without_a_group_has_an_address_without_one() -> None:
    assert codes_on(made(ask(make_63(), group="")), page=1) == ["http://testserver/cases/ua-63-20/report/"]


@pytest.mark.parametrize(("home", "countries"), [("", (True, True)), ("US", (True, False)), ("CN", (False, True))])
def test_post_within_the_country_has_no_line_for_it(home: str, countries: tuple[bool, bool]) -> None:
    pages = pages_of(made(ask(make_63(), copies=1, writing_from=home)))

    assert ("CHINA" in pages[1], "UNITED STATES OF AMERICA" in pages[2]) == countries
    assert ("CHINA" in pages[3], "UNITED STATES OF AMERICA" in pages[3]) == countries


@pytest.mark.parametrize(
    ("paper", "sheet", "label", "envelope"),
    [(A4, "size: A4;", 63.5, "size: 220mm 110mm;"), (US_LETTER, "size: letter;", 66.675, "size: 241.3mm 104.8mm;")],
)
def test_labels_and_envelopes_go_with_the_paper(
    quick: list[Sheet], paper: LetterFile.Paper, sheet: str, label: float, envelope: str
) -> None:
    made(ask(make_63(), paper=paper, form=Pack.Form.ZIP))

    setups = [" ".join(each.setups) for each in quick]
    assert len(setups) == 6
    assert all(sheet in setup for setup in setups[:4])  # two letters, tally, labels
    assert f".label {{ width: {label}mm;" in setups[3]
    assert all(envelope in setup for setup in setups[4:])


# --- Made once --------------------------------------------------------------------------------------------------------


def test_it_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch, quick: list[Sheet]) -> None:
    seen = []
    make = pieces.make

    def look(piece: Piece) -> Made:
        seen.append((Pack.objects.get().done, Pack.objects.get().steps))
        return make(piece)

    monkeypatch.setattr(pieces, "make", look)
    made(ask(make_63()))

    assert seen == [(0, 3), (1, 3)]


def test_a_pack_is_made_once(quick: list[Sheet]) -> None:
    pack = ask(make_63())
    made(pack)
    before = len(quick)

    made(pack)

    assert (len(quick), pack.attempts) == (before, 1)


def test_what_another_worker_has_is_left_to_it_until_its_claim_ends(quick: list[Sheet]) -> None:
    pack, now = ask(make_63()), timezone.now()
    Pack.objects.update(claimed_until=now + packs.CLAIM, attempts=1)

    packs.make(pack.pk, now)
    assert quick == []

    packs.make(pack.pk, now + packs.CLAIM + datetime.timedelta(seconds=1))
    assert (Pack.objects.get().state, Pack.objects.get().attempts) == ("ready", 2)


def test_a_worker_that_died_is_followed_by_another_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable, quick: list[Sheet]
) -> None:
    pack, now = ask(make_63()), timezone.now()
    sent: list[str] = []
    monkeypatch.setattr(tasks.make_pack, "apply_async", lambda args, **options: sent.extend(args))

    def sweep(now: datetime.datetime) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            packs.make_waiting(now)

    monkeypatch.setattr(packs, "_made", lambda pack: (_ for _ in ()).throw(SystemExit))
    for attempt in range(1, Pack.MOST_ATTEMPTS + 1):
        sweep(now)
        assert sent == [str(pack.pk)] * attempt
        with pytest.raises(SystemExit):
            packs.make(pack.pk, now)
        sweep(now)
        assert sent == [str(pack.pk)] * attempt  # it is claimed
        now += packs.CLAIM + datetime.timedelta(seconds=1)
    packs.make(pack.pk, now)

    pack.refresh_from_db()
    assert (pack.state, pack.error) == ("failed", "The worker broke off each time that it was made.")
    sweep(now)
    assert sent == [str(pack.pk)] * Pack.MOST_ATTEMPTS


def test_a_message_makes_it(
    messages_run: None, django_capture_on_commit_callbacks: Callable, quick: list[Sheet]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        pack = ask(make_63())

    pack.refresh_from_db()
    assert pack.is_ready


def test_a_pack_at_which_the_press_fell_is_tried_once_more(monkeypatch: pytest.MonkeyPatch, quick: list[Sheet]) -> None:
    pack = ask(make_63())
    with monkeypatch.context() as falling:
        falling.setattr(press, "render", lambda sheets: (_ for _ in ()).throw(BrokeOff("The press broke off.")))
        packs.make(pack.pk)
    pack.refresh_from_db()
    assert (pack.state, pack.claimed_until) == ("wanted", None)

    packs.make(pack.pk)

    pack.refresh_from_db()
    assert (pack.state, pack.attempts) == ("ready", 2)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotRender("It took too long."), "It took too long."),
        (NoPress("libpango"), "The libraries that make PDFs are missing on the worker."),
    ],
)
def test_what_cannot_be_made_says_why(monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str) -> None:
    pack = ask(make_63())
    monkeypatch.setattr(press, "render", lambda sheets: (_ for _ in ()).throw(error))

    packs.make(pack.pk)

    pack.refresh_from_db()
    assert (pack.state, pack.error, pack.path) == ("failed", reason, "")


@pytest.mark.parametrize(
    ("pages", "reason"), [(8, ""), (9, "These would be 1,080 pages; at most 1,000 are made at once.")]
)
def test_at_most_a_thousand_pages(monkeypatch: pytest.MonkeyPatch, quick: list[Sheet], pages: int, reason: str) -> None:
    pack = ask(make_63(), copies=60)
    monkeypatch.setattr(pieces, "make", lambda piece: Made(blank(pages), pages))

    packs.make(pack.pk)

    pack.refresh_from_db()
    assert (pack.error, pack.is_ready, len(quick)) == (reason, not reason, 0 if reason else 2)
