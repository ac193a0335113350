"""Rules that every page of ours keeps. The `portal_app` fixture checks each page that any test fetches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import html5lib
from html5lib.html5parser import ParseError
from lxml import html

SPACES = re.compile(r"\s+")
# What differs from one drawing of a page to the next and is no markup: ids, signatures, figures. A character's number stays.
VOLATILE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=value=\")[\w.-]{30,}(?=\")|(?<=content=\")[\w.-]{30,}(?=\")|(?<![#\w])\d+")


def problems(text: str) -> list[str]:
    """What is wrong with a page; empty when nothing is. Says where by element, never by what is in it."""
    invalid = _invalid(VOLATILE.sub("0", text))
    return [invalid] if invalid else list(_broken(html.document_fromstring(text)))


@lru_cache(maxsize=4096)
def _invalid(text: str) -> str:
    """What the strict reader says of a page. It is slow, so a page that differs in figures alone is read once."""
    try:
        html5lib.HTMLParser(strict=True).parse(text)
    except ParseError as error:
        return f"not valid HTML: {error}"
    return ""


def _broken(page: html.HtmlElement) -> Iterator[str]:
    headings = page.findall(".//h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements"
    title = _words(page.findtext(".//title") or "")
    if headings and _words(headings[0].text_content()) not in title:
        yield f"the title does not hold the heading: {title!r}"
    if page.get("lang") not in ("da", "en"):
        yield "the page has no language"
    ids = Counter(page.xpath("//@id"))
    yield from (f"the id {name} is used {number} times" for name, number in ids.items() if number > 1)
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for value in page.xpath(f"//@{attribute}"):
            yield from (f"{attribute} names {name}, which is not on the page" for name in value.split() if name not in ids)
    yield from (
        f"a link to #{name} leads nowhere" for name in {link[1:] for link in page.xpath("//@href") if link.startswith("#")} - set(ids)
    )
    yield from _forbidden_by_the_policy(page)
    for form in page.xpath("//form[@method='post']"):
        if not form.xpath(".//input[@name='csrf_token'][string-length(@value) > 20]"):
            yield "a form that posts has no token"


def _forbidden_by_the_policy(page: html.HtmlElement) -> Iterator[str]:
    if page.xpath("//@style") or page.xpath("//style"):
        yield "style in the page"
    if page.xpath("//script[not(@src)]"):
        yield "script in the page"
    if page.xpath("//@*[starts-with(name(), 'on')]"):
        yield "an event handler in the page"
    for address in page.xpath("//script/@src | //link/@href | //img/@src"):
        if not address.startswith("/"):
            yield "something is loaded from elsewhere"


def _words(text: str) -> str:
    return SPACES.sub(" ", text).strip()
