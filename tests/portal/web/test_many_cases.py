"""Somebody with very many cases reaches them all, a page at a time."""

from __future__ import annotations

from math import ceil

import pytest
from lxml import html

from benchmarks.people import log_in
from benchmarks.seeding import add_cases
from benchmarks.statements import counted
from portal.web.citizen.mine import CASES_A_PAGE
from portal.web.parts import Parts
from tests.portal.fixtures import Browser

CASES = 2 * CASES_A_PAGE + 3


@pytest.fixture
def busy(login, portal_parts: Parts) -> Browser:
    """A person with more cases than two pages hold."""
    browser = login("kirsten")
    add_cases(portal_parts, log_in(portal_parts, "kirsten"), CASES)
    return browser


def links(browser: Browser, query: str = "") -> tuple[list[str], list[str]]:
    """The cases on a page, and the ways to other pages."""
    page = html.document_fromstring(browser.get(f"/my-page/cases{query}").get_data(as_text=True))
    return page.xpath("//main//ul//a/@href"), page.xpath("//main//nav//a/@href")


def test_every_case_is_on_one_page(busy: Browser) -> None:
    found = [case for number in range(1, ceil(CASES / CASES_A_PAGE) + 1) for case in links(busy, f"?page={number}")[0]]
    assert len(found) == len(set(found)) == CASES


def test_pages_lead_to_their_neighbours(busy: Browser) -> None:
    assert links(busy)[1] == ["/my-page/cases?page=2"]
    assert links(busy, "?page=2")[1] == ["/my-page/cases?page=1", "/my-page/cases?page=3"]
    assert links(busy, "?page=3")[1] == ["/my-page/cases?page=2"]


@pytest.mark.parametrize("query", ["?page=0", "?page=-5", "?page=many", "?page="])
def test_a_page_that_cannot_be_is_the_first(busy: Browser, query: str) -> None:
    assert links(busy, query) == links(busy)


def test_a_page_after_the_last_is_the_last(busy: Browser) -> None:
    assert links(busy, f"?page={10**30}") == links(busy, "?page=3")


def test_many_cases_take_no_more_statements_than_one(busy: Browser, portal_parts: Parts) -> None:
    with counted(portal_parts.database.engine) as seen:
        busy.get("/my-page/cases")
    assert len(seen) <= 5, seen
