"""Every way known to make a page fetch, read or do something, as text in every field of what we print.

The renderer is not confined here: the templates and the fetcher have to hold alone.
"""

import contextlib
import io
import re
import shutil
import socket
import subprocess
import threading
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast
from xml.etree import ElementTree

import pytest
from docx import Document
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from weasyprint import HTML
from weasyprint.urls import URLFetchingError

from appeals import pdf, pieces, press, stationery, word
from appeals.letters import Letter
from appeals.models import LetterFile
from appeals.pdf import CannotRender, Sheet
from appeals.pieces import Piece
from appeals.stationery import TallyCase

CANARY = "zzcanary"

# {url} is somebody who listens, {path} the same place without its scheme, {file} a file with the canary in it.
VECTORS = {
    "img": '<img src="{url}">',
    "srcset": '<img srcset="{url} 1x, {url} 2x">',
    "picture": '<picture><source srcset="{url}"><img src="{url}"></picture>',
    "redirecting": '<img src="{url}/redirect">',
    "link stylesheet": '<link rel="stylesheet" href="{url}/style">',
    "import": '<style>@import "{url}/style";</style>',
    "nested import": "<style>@import url({url}/import);</style>",
    "style background": "<style>html, p, div {{ background: url({url}) }}</style><p>p",
    "attribute background": '<p style="background-image: url({url})">p</p>',
    "content": "<style>p::after {{ content: url({url}) }}</style><p>p",
    "list-style-image": '<ul style="list-style-image: url({url})"><li>item</ul>',
    "font-face": "<style>@font-face {{ font-family: x; src: url({url}) }} p {{ font-family: x }}</style><p>p",
    "color-profile": "<style>@color-profile --x {{ src: url({url}) }}</style><p>p",
    "border-image": '<p style="border: 9px solid; border-image: url({url}) 9">p</p>',
    "mask": '<p style="mask: url({url}); -webkit-mask-image: url({url})">p</p>',
    "cursor, filter, shape": '<p style="cursor: url({url}), auto; filter: url({url}); shape-outside: url({url})">p</p>',
    "object": '<object data="{url}" type="image/png"></object>',
    "embed": '<embed src="{url}">',
    "svg image": '<svg width="9" height="9"><image href="{url}" xlink:href="{url}" width="9" height="9"/></svg>',
    "svg use": '<svg><use href="{url}#a" xlink:href="{url}#a"/></svg>',
    "svg feImage": '<svg><filter id="f"><feImage href="{url}"/></filter><rect filter="url(#f)" width="9"/></svg>',
    "svg foreignObject": '<svg><foreignObject><img src="{url}"></foreignObject></svg>',
    "svg style": '<svg><style>@import "{url}"; rect {{ fill: url({url}) }}</style><rect width="9" height="9"/></svg>',
    "base": '<base href="{url}/"><img src="picture">',
    "link attachment": '<link rel="attachment" href="{url}">',
    "a attachment": '<a rel="attachment" href="{url}">a</a>',
    "iframe": '<iframe src="{url}"></iframe><frame src="{url}">',
    "video": '<video src="{url}" poster="{url}"></video>',
    "audio": '<audio src="{url}"><source src="{url}"></audio>',
    "script": '<script src="{url}"></script><script>fetch("{url}")</script>',
    "on event": '<p onload="fetch(`{url}`)" onclick="fetch(`{url}`)">p</p>',
    "meta refresh": '<meta http-equiv="refresh" content="0; url={url}">',
    "form": '<form action="{url}"><input type="image" src="{url}"><input type="submit"></form>',
    "file img": '<img src="{file}"><img src="/etc/passwd">',
    "file attachment": '<link rel="attachment" href="{file}"><a rel="attachment" href="{file}">a</a>',
    "file stylesheet": '<link rel="stylesheet" href="{file}"><style>@import "{file}";</style><p>p',
    "file object": '<object data="{file}"></object><embed src="{file}"><iframe src="{file}"></iframe>',
    "environment": '<a rel="attachment" href="file:///proc/self/environ">a</a><img src="file:///dev/urandom">',
    "ftp": '<img src="ftp:{path}"><link rel="attachment" href="ftp:{path}">',
    "data": '<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>\'>',
    "data stylesheet": "<link rel='stylesheet' href='data:text/css,@import \"{url}\";'>",
    "IPv6": '<img src="http://[::1]:{port}/"><img src="http://[::ffff:127.0.0.1]:{port}/">',
    "hexadecimal": '<img src="http://0x7f000001:{port}/"><img src="http://2130706433:{port}/">',
    "short": '<img src="http://127.1:{port}/"><img src="http://0:{port}/">',
    "links": '<a href="{url}">a</a> <a href="javascript:app.alert(1)">j</a> <a href="smb:{path}">s</a>',
    "links to files": '<a href="{file}">f</a> <a href="\\\\127.0.0.1\\share">u</a> <a href="data:text/html,x">d</a>',
    "bare": "{url} {file} javascript:alert(1) mailto:a@example.org \\\\127.0.0.1\\share //127.0.0.1/x www.example.org",
    "entities": "&lt;img src=&quot;{url}&quot;&gt; &#60;img src={url}&#62; &#x3c;img src={url}&#x3e;",
    "CDATA": '<![CDATA[<img src="{url}">]]><!--><img src="{url}">-->',
    "doctype": '<!DOCTYPE p [<!ENTITY x SYSTEM "{file}">]><p>&x;</p><?xml-stylesheet href="{url}"?>',
    "closing": '</p></div></title></style></body></html>"\'><img src="{url}">',
    "title": '</title><link rel="attachment" href="{url}"><title>',
    "attribute": '" style="background: url({url})" onload="x" dir="rtl',
    "template": '{{% include "{file}" %}} {{% load static %}} {{{{ settings.SECRET_KEY }}}} {{{{ request }}}} ${{7*7}}',
    "css": "}} p::after {{ content: url({url}) }} @page {{ background: url({url}) }} \\3c img",
    "Word field": "{{ INCLUDEPICTURE {url} }} =cmd|' /C calc'!A0 DDEAUTO c:\\\\windows\\\\cmd.exe MERGEFIELD x",
    "PDF": "(x) Tj ET >> endobj 9 0 obj << /S /JavaScript /JS (app.alert\\(1\\)) >> endobj << /URI ({url}) >>",
    "PostScript": "%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file",
    "XML": '</w:t></w:r></w:p><w:altChunk r:id="x"/> xmlns:w="{url}"',
    "vertical tabs": '<img\x0bsrc="{url}"\x0c><img\x1fsrc="{url}">',
    "null bytes": '<i\x00mg src="{url}">\x00<img\x00src="{url}">',
    "bidi overrides": '\u202e<img src="{url}">\u202c \u2066\u2067<img src="{url}">\u2069 \u200f<b>',
    "tag characters": '<img src="{url}">\U000e0001\U000e003c\U000e0069\U000e007f\ufeff\ufffe\uffff\ufff9',
    "wide brackets": '＜img src="{url}"＞ ‹script› \ufe64img src={url}\ufe65',
    "half a sign": '\ud800<img src="{url}">\udfff',
}

# Those that an ordinary WeasyPrint obeys, and so what the others might be with another version.
OBEYED = [
    *("img", "redirecting", "link stylesheet", "import", "nested import", "style background", "attribute background"),
    *("content", "list-style-image", "font-face", "color-profile", "border-image", "object", "embed", "svg image"),
    *("base", "link attachment", "a attachment", "file attachment", "file stylesheet", "data", "data stylesheet"),
    *("IPv6", "hexadecimal", "short", "closing", "title", "CDATA", "links", "links to files"),
]
HALF = "half a sign"  # which no encoding can write


class Somebody(NamedTuple):
    """Who listens on this machine, what was asked of them, and a file that is nobody's business."""

    port: int
    asked: list[str]
    file: Path

    def vector(self, name: str) -> str:
        path = f"//127.0.0.1:{self.port}"
        return VECTORS[name].format(url=f"http:{path}", path=path, port=self.port, file=self.file.as_uri())


@pytest.fixture
def somebody(tmp_path: Path) -> Iterator[Somebody]:
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            content = {"/import": b"@import 'style';", "/style": b"p { background: url(picture) }"}.get(self.path, b"")
            self.send_response(302 if self.path == "/redirect" else 200)
            self.send_header("Location", "/redirected")
            self.send_header("Content-Type", "text/css" if content else "image/png")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            pass

    class BothFamilies(HTTPServer):
        address_family = socket.AF_INET6

        def server_bind(self) -> None:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            super().server_bind()

    server: HTTPServer
    try:
        server = BothFamilies(("::", 0), Listening)
    except OSError:  # a machine without IPv6
        server = HTTPServer(("127.0.0.1", 0), Listening)
    file = tmp_path / "secret.css"
    file.write_text(f"p::after {{ content: '{CANARY}' }} /* {CANARY} */")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Somebody(server.server_port, asked, file)
    server.shutdown()
    thread.join()
    server.server_close()


# --- What is made of it -----------------------------------------------------------------------------------------------


def letter(text: str) -> Letter:
    return Letter(
        language="en",
        sender=(text, text),
        date=text,
        addressee=(text, text),
        subject=text,
        salutation=text,
        paragraphs=(text, f"{text}\n{text}"),
        closing=(text, text),
        title=text,
        filename=text,
    )


def letter_sheets(text: str) -> list[Sheet]:
    piece = SimpleNamespace(
        readers_language="en",
        letter=letter(text),
        translation=letter(text),
        notice=SimpleNamespace(case=text),
        report_url="https://example.org/cases/ua-63-20/report/",
        paper=LetterFile.Paper.A4,
    )
    return quick([pieces.letter_sheet(letter(text), LetterFile.Paper.A4), pieces.readers_sheet(cast(Piece, piece))])


def quick(sheets: list[Sheet]) -> list[Sheet]:
    """With the last of their page set-ups alone: what a text can do does not depend on how it fits."""
    return [replace(sheet, setups=sheet.setups[-1:]) for sheet in sheets]


def stationery_sheets(text: str) -> list[Sheet]:
    case = TallyCase(text, text, text, text.encode(errors="replace").decode(), (text, text))
    sheets = [
        stationery.envelope("dl", [text, text], [text]),
        stationery.labels("l7160", [[text, text]]),
        stationery.fax_cover([text], text, [text], text, 2, text, text),
        stationery.ruled(letter(text), "a4"),
        stationery.tally(text, [case], "a4", "en"),
    ]
    return quick(sheets)


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


def parts(thing: Any, seen: set[int]) -> Iterator[Any]:
    """Everything in a PDF."""
    if isinstance(thing, IndirectObject):
        if thing.idnum in seen:
            return
        seen.add(thing.idnum)
        thing = thing.get_object()
    yield thing
    if isinstance(thing, DictionaryObject):
        for value in thing.values():
            yield from parts(value, seen)
    elif isinstance(thing, ArrayObject):
        for value in thing:
            yield from parts(value, seen)


FORBIDDEN = {
    *("/AA", "/AF", "/AcroForm", "/Action", "/Annot", "/Annots", "/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment"),
    *("/Filespec", "/Form", "/GoTo", "/GoToE", "/GoToR", "/Image", "/ImportData", "/JS", "/JavaScript", "/Launch"),
    *("/Link", "/Movie", "/Names", "/OpenAction", "/Rendition", "/RichMedia", "/Sound", "/SubmitForm", "/URI"),
    *("/Widget", "/XFA"),
}


def forbidden(content: bytes) -> set[str]:
    """What in the file could do, fetch or carry something."""
    found: set[str] = set()
    for part in parts(opened(content).trailer, set()):
        if isinstance(part, DictionaryObject):
            found.update(map(str, part))
            found.update(str(part[key]) for key in ("/S", "/Type", "/Subtype") if key in part)
    assert {"/Catalog", "/Contents"} <= found  # it did look everywhere
    return found & FORBIDDEN


def everything_in(content: bytes) -> bytes:
    """The file, each of its streams unpacked, and the text of its pages."""
    reader = opened(content)
    streams = [part.get_data() for part in parts(reader.trailer, set()) if isinstance(part, StreamObject)]
    pages = [page.extract_text().encode(errors="replace") for page in reader.pages]
    return b"\n".join([content, *streams, *pages])


def printed_text(content: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True, timeout=60)
    return squeezed(done.stdout.decode())


def squeezed(text: str) -> str:
    """Without spaces, line ends, ligatures and hyphens, which the printed line may have of its own."""
    return re.sub(r"[\s\u00ad\u2010\u2011-]", "", unicodedata.normalize("NFKC", text))


# --- The vectors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OBEYED)
def test_an_ordinary_renderer_would_obey(somebody: Somebody, name: str) -> None:
    """Else the tests below would prove nothing."""
    content = b""
    with contextlib.suppress(ValueError, TypeError, OSError):
        content = HTML(string=f"<p>p</p>{somebody.vector(name)}<p>p", base_url=None).write_pdf()

    assert somebody.asked or CANARY.encode() in everything_in(content) or forbidden(content)


@pytest.mark.parametrize("name", [name for name in VECTORS if name != HALF])
def test_text_in_every_field_is_printed_and_does_nothing(somebody: Somebody, name: str) -> None:
    text = somebody.vector(name)

    content = pdf.render([*letter_sheets(text), *stationery_sheets(text)]).content

    assert (somebody.asked, forbidden(content)) == ([], set())
    assert CANARY.encode() not in everything_in(content)


@pytest.mark.parametrize("name", VECTORS)
def test_text_in_every_field_of_a_word_file_is_text_and_does_nothing(somebody: Somebody, name: str) -> None:
    text = somebody.vector(name)

    content = word.render(letter(text), "a4", letter(text))

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        inside = {part: file.read(part) for part in file.namelist()}
    assert sorted(inside) == WORD_PARTS
    assert {part for part, data in inside.items() if b"<!DOCTYPE" in data or b"TargetMode" in data} == set()
    assert words_of(inside["word/document.xml"]) & ACTIVE_WORDS == set()
    assert CANARY.encode() not in b"".join(inside.values())
    assert somebody.asked == []


# No picture, embedded file, script, comment, header or anything else beside the text.
WORD_PARTS = [
    *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels", "word/document.xml"),
    *("word/settings.xml", "word/styles.xml"),
]
ACTIVE_WORDS = {
    *("altChunk", "attachedTemplate", "control", "drawing", "fldChar", "fldSimple", "hyperlink", "instrText", "object"),
    *("OLEObject", "pict", "subDoc", "sdt", "script", "externalData", "imagedata", "blip"),
}


def words_of(xml: bytes) -> set[str]:
    return {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(xml).iter()}


SAMPLE = ["img", "closing", "attribute", "entities", "CDATA", "template", "css", "PDF", "XML", "bare", "title"]


@pytest.mark.parametrize("name", SAMPLE)
def test_it_is_printed_as_the_text_that_it_is(somebody: Somebody, name: str) -> None:
    text = somebody.vector(name)

    for sheet in [*letter_sheets(text), *stationery_sheets(text)]:
        assert squeezed(text) in printed_text(pdf.render([sheet]).content)
    paragraphs = [paragraph.text for paragraph in Document(io.BytesIO(word.render(letter(text)))).paragraphs]
    twice = f"{text}\n{text}"
    assert paragraphs == [twice, twice, text, text, text, text, twice, twice]


@pytest.mark.parametrize("name", [name for name in VECTORS if name != HALF])
def test_even_as_markup_of_our_own_nothing_is_fetched_or_carried(somebody: Somebody, name: str) -> None:
    """Were a template ever to let markup through, the fetcher would still refuse."""
    page = f"<html lang='en'><title>x</title><body><p>p</p>{somebody.vector(name)}<p>p</p>"

    # A profile is asked for without a second thought, and what is not given ends the whole page.
    refused = pytest.raises(URLFetchingError) if name == "color-profile" else contextlib.nullcontext()
    with refused:
        content = pdf.render([Sheet(page, "letter.css", ("@page { size: A4 }",))]).content
        assert CANARY.encode() not in everything_in(content)
        assert forbidden(content) - {"/URI", "/Annots", "/Annot", "/Link", "/Action"} == set()
    assert somebody.asked == []


def test_half_a_sign_ends_as_a_letter_that_cannot_be_made(somebody: Somebody) -> None:
    """A form would not let it in; here it must do no harm."""
    text = somebody.vector(HALF)

    for sheet in letter_sheets(text):
        with pytest.raises(CannotRender, match=r"^The renderer gave up \(UnicodeEncodeError\)\.$"):
            press.render([sheet])
    *others, _ruled, _tally = stationery_sheets(text)
    assert forbidden(pdf.render(others).content) == set()
    assert somebody.asked == []
