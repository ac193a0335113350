"""Bytes over the wire, headers included: what the first page brings with it, and what every later one costs."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from benchmarks.asking import Connection
from benchmarks.pages import Page

ACCEPTED = {"Accept-Encoding": "br, gzip"}
# What the page loads of itself, and the fonts its style sheets load. Pictures in them are fetched only where they are shown.
LOADED = re.compile(rb'<(?:link rel="(?:stylesheet|icon)" href|script src|img[^>]* src)="([^"]+)"')
FONTS = re.compile(r"""url\(["']?([^"')]+\.woff2)["']?\)""")


def first_page(port: int, path: str = "/") -> dict[str, int]:
    """Bytes by address of everything a browser with nothing kept gets for a page."""
    with Connection(port) as connection:
        sizes = {path: size_of(connection, path)}
        html = _text(connection, path).encode()
        for address in [match.decode() for match in LOADED.findall(html)]:
            sizes[address] = size_of(connection, address)
            if ".css" in address:
                for font in FONTS.findall(_text(connection, address)):
                    sizes[urljoin(address, font)] = size_of(connection, urljoin(address, font))
        return sizes


def size_of(connection: Connection, path: str, headers: dict[str, str] | None = None) -> int:
    """Bytes of one answer: status line, headers and body as they come."""
    answer, body = connection.ask("GET", path, ACCEPTED | (headers or {}))
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    return len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n") + head + len(body)


def later_pages(port: int, pages: list[Page]) -> dict[str, int]:
    """Bytes of each page for a browser that has kept the static files."""
    with Connection(port) as connection:
        return {page.name: size_of(connection, page.path, page.headers) for page in pages if page.method == "GET" and not page.bare}


def _text(connection: Connection, path: str) -> str:
    return connection.ask("GET", path, {})[1].decode()
