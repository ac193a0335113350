"""The pages for anybody. That each is valid, has one heading and so on is checked wherever a page is fetched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from lxml import html

from portal.journey.drafts import Drafts
from portal.web.parts import Parts
from tests.portal.fixtures import Browser
from tests.registers_of import facts_of

Ask = Callable[..., tuple[int, html.HtmlElement]]
PAGES = ("/", "/was", "/privacy", "/logged-out", "/what-will-i-pay", "/login/refused/stopped")
COUPLE = {
    "adults": "2",
    "children": "2",
    "income": "33333,33",
    "municipality": "0461",
    "place_1": "vuggestue",
    "place_2": "boernehave",
    "place_3": "",
}


@pytest.fixture
def visitor(portal_app: Flask) -> FlaskClient:
    """Somebody who reads English and has not logged in."""
    client = portal_app.test_client()
    client.get("/language/en")
    return client


@pytest.fixture
def ask_price(visitor: FlaskClient, portal_app: Flask) -> Ask:
    """Send the form of "What will I pay?"."""

    def ask(**fields: str) -> tuple[int, html.HtmlElement]:
        visitor.get("/what-will-i-pay")
        with visitor.session_transaction() as session:
            forgery = session["csrf_token"]
        token = URLSafeTimedSerializer(portal_app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(forgery)
        answer = visitor.post("/what-will-i-pay", data={"csrf_token": token, **fields})
        return answer.status_code, html.document_fromstring(answer.get_data(as_text=True))

    return ask


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["da", "en"])
def test_public_pages_are_small_and_whole(portal_app: Flask, path: str, language: str) -> None:
    client = portal_app.test_client()
    client.get(f"/language/{language}")
    answer = client.get(path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert len(text.encode()) < 10_000
    assert "%(" not in text


def test_front_page_offers_the_service_the_price_and_ones_own_page(visitor: FlaskClient) -> None:
    page = html.document_fromstring(visitor.get("/").get_data(as_text=True))
    links = {link.text_content(): link.get("href") for link in page.xpath("//main//a")}
    assert links == {
        "Start here: Free-place subsidy (økonomisk fripladstilskud)": "/apply/free-place",
        "What will I pay?": "/what-will-i-pay",
        "My page": "/my-page",
    }


def test_draft_comes_first_with_its_date_and_can_be_thrown_away(portal_parts: Parts, login: Callable[..., Browser]) -> None:
    sofie = login("sofie")
    with portal_parts.database.transaction() as work:
        draft_id = Drafts(work, sofie.person_id).begin("free-place", facts_of(portal_parts, "sofie"), portal_parts.clock.now()).id
    page = html.document_fromstring(sofie.get("/").get_data(as_text=True))
    headings = page.xpath("//main//h2/text()")
    assert headings.index("Go on with what you began") == 0
    assert "21\xa0November\xa02026 at\xa011:00" in page.xpath("string(//main)")
    assert page.xpath(f"//a[@href='/apply/free-place/{draft_id}/check']")
    sofie.post(page.xpath("//main//form/@action")[0])
    assert "Go on with what you began" not in sofie.get("/").get_data(as_text=True)


def test_price_is_told_first_in_a_sentence_and_then_as_a_sum(ask_price: Ask) -> None:
    status, page = ask_price(**COUPLE, month="2026-12")
    assert status == 200
    panel = page.xpath("string(//main//section[1])")
    assert "In December\xa02026 you pay DKK\xa02,137.13" in panel
    assert "You pay 41 percent of DKK\xa06,464.00, and the sibling subsidy takes off DKK\xa0513.11." in panel
    assert [cell.text_content() for cell in page.xpath("//tbody/tr[1]/td")] == [
        "DKK\xa03,961.00",
        "DKK\xa02,336.99",
        "DKK\xa00.00",
        "DKK\xa01,624.01",
    ]
    assert [cell.text_content() for cell in page.xpath("//tfoot//td")] == [
        "DKK\xa06,464.00",
        "DKK\xa03,813.76",
        "DKK\xa0513.11",
        "DKK\xa02,137.13",
    ]
    assert "The household's income a year" in page.xpath("string(//details)")
    assert page.xpath("//main//a[@href='/apply/free-place']")
    assert "This is an estimate" not in page.xpath("string(//main)")


def test_price_in_danish_has_danish_kroner(visitor: FlaskClient, ask_price: Ask) -> None:
    visitor.get("/language/da")
    assert "2.137,13\xa0kr." in ask_price(**COUPLE, month="2026-12")[1].xpath("string(//main//section[1]//h2)")


def test_coming_year_is_marked_as_an_estimate_in_the_answer_and_the_table(ask_price: Ask) -> None:
    _status, page = ask_price(**COUPLE, month="2027-01")
    assert "In January\xa02027 you pay DKK\xa02,137.13 (estimate)" in page.xpath("//h2/text()")
    assert "This is an estimate" in page.xpath("//h2/text()")
    assert "The figures for 2027 are not out yet. We have used those of 2026." in page.xpath("string(//main)")
    assert page.xpath("//caption/text()") == ["The sum for January\xa02027, estimate"]


def test_figures_that_nobody_confirmed_say_so(ask_price: Ask) -> None:
    assert "Nobody has confirmed the figures we have used." in ask_price(**COUPLE, month="2026-12")[1].xpath("string(//main)")


def test_free_month_costs_nothing_and_says_why(ask_price: Ask) -> None:
    text = ask_price(**COUPLE, month="2026-07")[1].xpath("string(//main)")
    assert "you pay DKK\xa00.00" in text
    assert "The municipality takes no payment in that month." in text


def test_percentage_alone_without_a_municipality(ask_price: Ask) -> None:
    _status, page = ask_price(adults="1", children="1", income="30000", month="2026-12")
    assert page.xpath("//main//section[1]//h2/text()")[0].endswith("percent of the price")
    assert not page.xpath("//table")


def test_high_income_is_told_plainly(ask_price: Ask) -> None:
    _status, page = ask_price(adults="1", children="1", income="200000", month="2026-12")
    assert "Your income is above the limit, so you get no free-place subsidy." in page.xpath("string(//main)")


def test_more_places_than_children_is_refused_in_words_and_keeps_what_was_typed(ask_price: Ask) -> None:
    status, page = ask_price(**{**COUPLE, "children": "1"}, month="2026-12")
    assert status == 422
    assert page.findtext(".//title").startswith("Error:")
    assert "There are more places than children." in page.xpath("string(//*[@id='error-summary-heading']/..)")
    assert page.get_element_by_id("income").get("value") == "33333,33"


def test_empty_form_names_each_field(ask_price: Ask) -> None:
    status, page = ask_price(month="2026-12")
    assert status == 422
    assert [link.get("href") for link in page.find_class("error-summary")[0].iterfind(".//a")] == ["#adults", "#children", "#income"]


def test_refused_login_says_what_to_do(visitor: FlaskClient) -> None:
    page = html.document_fromstring(
        visitor.get("/login/callback?state=x&error=access_denied", follow_redirects=True).get_data(as_text=True)
    )
    assert page.findtext(".//h1") == "You are not logged in"
    assert page.xpath("//main//a[text()='Log in again']/@href") == ["/login"]
