"""What a browser must fetch before it can show a page: HTML and styles, as they come over the line."""

import re
import urllib.request
from collections.abc import Iterator

import brotli

from bench.site import CASE
from bench.table import Line

BUDGET = 14 * 1024  # what a server may send before it first hears back


def measure(address: str) -> Iterator[Line]:
    """`address` is that of a running web server."""
    case, _encoding = _get(address + CASE, "")
    found = re.search(r'href="([^"]+/letters/[^"]+/)"', case.decode())
    pages = {"home": "/", "case": CASE, "letter": found[1] if found else "", "report": f"{CASE}report/"}
    for name, path in pages.items():
        if not path:
            continue
        plain, _encoding = _get(address + path, "")
        html, encoding = _get(address + path, "br, gzip")
        styles = sum(
            len(_get(address + link, "br, gzip")[0])
            for link in re.findall(r'<link rel="stylesheet" href="([^"]+)"', plain.decode())
        )
        note = f"HTML {len(html):,} {encoding or 'not compressed'}, CSS {styles:,}"
        yield _line(f"first view of the {name} page", len(html) + styles, note)
        if not encoding:
            compressed = len(brotli.compress(plain, quality=5))
            yield _line("  the same where a proxy compresses", compressed + styles, f"HTML {compressed:,} br")


def _line(what: str, size: int, note: str) -> Line:
    return Line(what, size / 1024, "first flight of TCP", BUDGET / 1024, "KB", note)


def _get(address: str, encodings: str) -> tuple[bytes, str]:
    """The body as it came, and how it was compressed."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": encodings, "Accept-Language": "en"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read(), response.headers.get("Content-Encoding", "")
