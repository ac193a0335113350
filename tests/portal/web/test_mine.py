"""Min Side, page by page. That each page is valid, has one heading and so on is checked wherever a page is fetched."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from lxml import html

from portal.cases import requests
from portal.cases.events import Actor
from portal.clock import COPENHAGEN, FixedClock
from portal.months import Month
from portal.outbox.worker import Worker
from portal.payments import bills
from portal.storage.people import ensure_person
from portal.web.parts import Parts
from tests.portal.fixtures import COUPLE, SELF_EMPLOYED, SINGLE, Browser
from tests.registers_of import facts_of

PAGES = ("", "/cases", "/tasks", "/payments", "/post")
NBSP = "\xa0"


def read(browser: Browser, path: str) -> html.HtmlElement:
    """A page of one's own."""
    answer = browser.get(f"/my-page{path}")
    assert answer.status_code == 200
    assert len(answer.data) < 15_000
    return html.document_fromstring(answer.get_data(as_text=True))


def main(page: html.HtmlElement) -> str:
    """What the page says, without the frame."""
    return " ".join(page.xpath("string(//main)").split(" "))


@pytest.fixture
def billed(portal_parts: Parts) -> Callable[..., None]:
    """Send a person's bills from July to November 2026; the newest is unpaid."""

    def bill(key: str) -> None:
        facts, today = facts_of(portal_parts, key), portal_parts.clock.today()
        plan = portal_parts.services["free-place"].expected_plan(facts, [], Month(2026, 7), today, None, 5)  # type: ignore[misc]
        with portal_parts.database.transaction() as work:
            person = ensure_person(work, facts["cpr"], portal_parts.clock.now())
            for month in plan.months:
                if month.total is None or not month.lines:
                    continue
                due = month.due or month.month.last
                paid = datetime.combine(due, time(6), COPENHAGEN) if due < today else None
                bills.issue(work, person.id, month, datetime.combine(month.month.first + timedelta(19), time(8), COPENHAGEN), paid=paid)

    return bill


@pytest.fixture
def camilla(
    billed: Callable[..., None],
    send_application: Callable[..., uuid.UUID],
    worker: Worker,
    clock: FixedClock,
    login: Callable[..., Browser],
) -> tuple[Browser, uuid.UUID]:
    """A single parent whose child began in November, with a decision and a letter, and that case's id."""
    billed("camilla")
    case = send_application("camilla", {**SINGLE, "reason": {"reason": "first_admission"}})
    worker.drain()
    clock.move(minutes=5)
    worker.drain()
    return login("camilla"), case


@pytest.fixture
def maria(
    billed: Callable[..., None], send_application: Callable[..., uuid.UUID], worker: Worker, login: Callable[..., Browser]
) -> tuple[Browser, uuid.UUID]:
    """A parent of two who has applied and waits for her husband, and her case's id."""
    billed("maria")
    case = send_application("maria", COUPLE)
    worker.drain()
    return login("maria"), case


@pytest.mark.parametrize("language", ["da", "en"])
def test_empty_pages_say_what_one_can_do(login: Callable[..., Browser], language: str) -> None:
    browser = login("maria", language)
    for path in PAGES:
        assert "%(" not in main(read(browser, path))
    assert not read(browser, "").xpath("//main//form")
    assert read(browser, "").xpath("//main//li/a/@href") == ["/apply/free-place"]
    assert read(browser, "/cases").xpath("//main//a/@href") == ["/"]


def test_overview_before_anything_has_happened(login: Callable[..., Browser]) -> None:
    text = main(read(login("maria"), ""))
    assert "Nothing needs you right now." in text
    assert "You have no cases." in text
    assert "You have no letters." in text


def test_waiting_case_says_who_has_the_ball_and_by_when(maria: tuple[Browser, uuid.UUID]) -> None:
    browser, case = maria
    page = read(browser, f"/cases/{case}")
    panel = page.xpath("string(//section[contains(@class, 'status-panel')])")
    assert panel == f"Waiting for your partnerWe are waiting for your partner to approve. The deadline is 21{NBSP}February{NBSP}2027."
    assert page.findtext(".//h1") == f"Free-place subsidy (økonomisk fripladstilskud), sent 21{NBSP}November{NBSP}2026"
    assert "Our letter arrived in your partner's Digital Post." in main(page)
    assert "28.77.08 Økonomisk fripladstilskud" in page.xpath("string(//details)")


def test_link_to_a_case_has_the_words_of_its_heading(maria: tuple[Browser, uuid.UUID]) -> None:
    browser, case = maria
    (link,) = read(browser, "/cases").xpath("//ul[contains(@class, 'task-list')]//a")
    assert link.get("href") == f"/my-page/cases/{case}"
    assert link.text_content() == read(browser, f"/cases/{case}").findtext(".//h1")


def test_partner_is_asked_by_name_with_a_deadline(maria: tuple[Browser, uuid.UUID], login: Callable[..., Browser]) -> None:
    anders = login("anders")
    page = read(anders, "")
    assert page.xpath("//main//h2/text()")[0] == "1 thing needs you"
    assert page.xpath("//main//ul[1]//a/text()")[0] == "Approve the application from Maria Prøve"
    assert f"Answer by 21{NBSP}February{NBSP}2027. You will be asked to log in with MitID once more." in main(read(anders, "/tasks"))
    assert "once more" not in main(read(login("anders", fresh=True), "/tasks"))


def test_what_has_been_answered_is_told_as_done(
    maria: tuple[Browser, uuid.UUID], login: Callable[..., Browser], portal_parts: Parts
) -> None:
    anders = login("anders")
    with portal_parts.database.transaction() as work:
        (asked,) = requests.open_for(work, anders.person_id)
        requests.answer(
            work, asked.id, anders.person_id, "refused", {}, portal_parts.clock.now(), Actor("citizen", ""), seen_version=asked.version
        )
    text = main(read(anders, "/tasks"))
    assert "Nothing needs you right now." in text
    assert f"You did not approve. You answered on 21{NBSP}November{NBSP}2026." in text


def test_open_application_puts_the_bills_on_hold_and_says_which(maria: tuple[Browser, uuid.UUID]) -> None:
    page = read(maria[0], "/payments")
    assert f"It can change your bills from December{NBSP}2026. You do not have to pay them until we have decided." in main(page)
    assert f"Next payment: DKK{NBSP}5,921.50" in main(page)
    states = [" ".join(row.xpath(".//*[contains(@class, 'badge')]/text()")) for row in page.xpath("//table[1]")[0].iterfind("tbody/tr")]
    assert states == ["Bill sent", "On hold", *["On hold, estimate"] * 6, "", *["On hold, estimate"] * 3]


def test_withdrawing_ends_the_wait_and_is_offered_only_while_open(maria: tuple[Browser, uuid.UUID]) -> None:
    browser, case = maria
    (action,) = read(browser, f"/cases/{case}").xpath("//main//form/@action")
    browser.post(action)
    page = read(browser, f"/cases/{case}")
    assert "You withdrew the application, so nothing is decided." in main(page)
    assert not page.xpath("//main//form")
    assert "Your bills are on hold" not in main(read(browser, "/payments"))


def test_case_worker_has_the_ball(send_application: Callable[..., uuid.UUID], worker: Worker, login: Callable[..., Browser]) -> None:
    case = send_application("soeren", SELF_EMPLOYED)
    worker.drain()
    text = main(read(login("soeren"), f"/cases/{case}"))
    assert f"A case worker decides your case. We expect it to be done by 19{NBSP}December{NBSP}2026." in text
    assert "We have not written to you in this case yet." in text


def test_decided_case_begins_with_the_result_and_links_the_letter(camilla: tuple[Browser, uuid.UUID]) -> None:
    browser, case = camilla
    page = read(browser, f"/cases/{case}")
    panel = page.xpath("string(//section[contains(@class, 'status-panel--success')])")
    assert (
        panel
        == f"You got the subsidy you applied forYou get the free-place subsidy from November{NBSP}2026. You pay 5 percent of the price."
    )
    (link,) = page.xpath("//a[starts-with(text(), 'Read the letter')]/@href")
    assert browser.get(link).status_code == 200
    assert f"Decided 21{NBSP}November{NBSP}2026 at{NBSP}11:00 by a computer" in main(page)


def test_corrected_bill_is_explained(camilla: tuple[Browser, uuid.UUID]) -> None:
    text = main(read(camilla[0], "/payments"))
    assert f"Your bill for November{NBSP}2026 was DKK{NBSP}4,670.00. It is now DKK{NBSP}233.50. Pay the new amount only." in text
    assert f"Next payment: DKK{NBSP}233.50" in text
    assert "Your bills are on hold" not in text


def test_letter_is_read_as_a_page_in_its_own_language(camilla: tuple[Browser, uuid.UUID]) -> None:
    browser, _case = camilla
    (link,) = read(browser, "/post").xpath("//ul[contains(@class, 'task-list')]//a")
    page = read(browser, link.get("href").removeprefix("/my-page"))
    assert (link.get("lang"), page.find(".//h1").get("lang"), page.find(".//article").get("lang")) == ("da", "da", "da")
    assert f"Delivered in your Digital Post 21{NBSP}November{NBSP}2026 at{NBSP}11:00." in main(page)
    assert page.xpath("//article//table//th")
    (pdf,) = page.xpath("//a[contains(text(), 'PDF')]")
    size = len(browser.get(pdf.get("href")).data)
    assert pdf.text == f"Open the letter as a PDF file ({-(-size // 1024)} KB)"
    assert page.xpath("//main//a[text()='See the case this letter belongs to']")


def test_letter_counts_as_new_until_it_is_opened(camilla: tuple[Browser, uuid.UUID]) -> None:
    browser, _case = camilla
    page = read(browser, "")
    assert "You have 1 letter you have not read." in main(page)
    browser.get(page.xpath("//a[starts-with(@href, '/my-page/post/')]/@href")[0])
    assert "You have read all your letters." in main(read(browser, ""))


def test_payments_of_one_child_show_the_whole_sum_of_each_month(camilla: tuple[Browser, uuid.UUID]) -> None:
    page = read(camilla[0], "/payments")
    months, past = page.xpath("//table")[0], page.xpath("//table")[1:]
    assert past == []
    assert months.xpath(".//thead//th/text()") == ["Month", "Status", "Price", "Lunch", "Less free-place subsidy", "You pay"]
    december = months.xpath(".//tbody/tr[2]/td/text()")
    assert december == [f"DKK{NBSP}{amount}" for amount in ("3,961.00", "709.00", "4,436.50", "233.50")]
    assert "There is no sibling subsidy for this place." in main(page)


def test_past_bills_stand_below_without_those_of_nothing(maria: tuple[Browser, uuid.UUID]) -> None:
    past = read(maria[0], "/payments").xpath("//table")[-1]
    assert [head.text.strip() for head in past.xpath(".//tbody//th")] == [
        f"{month}{NBSP}2026" for month in ("October", "September", "August")
    ]


def test_payments_in_danish_kroner_and_dates(maria: tuple[Browser, uuid.UUID], login: Callable[..., Browser]) -> None:
    text = main(read(login("maria", "da"), "/payments"))
    assert f"5.921,50{NBSP}kr." in text
    assert f"11.{NBSP}december{NBSP}2026" in text
    assert "DKK" not in text


def test_another_persons_case_and_letter_do_not_exist(camilla: tuple[Browser, uuid.UUID], login: Callable[..., Browser]) -> None:
    browser, case = camilla
    letter = read(browser, "/post").xpath("//ul[contains(@class, 'task-list')]//a/@href")[0]
    other = login("sofie")
    assert [other.get(path).status_code for path in (f"/my-page/cases/{case}", letter, f"{letter}/pdf")] == [404, 404, 404]


def test_silent_register_is_told_and_the_bills_stay(
    login: Callable[..., Browser], billed: Callable[..., None], portal_parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed("maria")
    facts = facts_of(portal_parts, "maria")
    silent = {**facts, "places": [], "status": {**facts["status"], "places": "unavailable"}}
    monkeypatch.setattr("portal.web.citizen.payments._facts", lambda _service: silent)
    page = read(login("maria"), "/payments")
    assert "We cannot show the months ahead right now" in main(page)
    assert len(page.xpath("//table")) == 1
