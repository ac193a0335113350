"""What a decision means: said on My page, in the list of cases, on the case, and to the partner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from portal.clock import COPENHAGEN, FixedClock
from portal.months import Month
from portal.outbox.worker import Worker
from portal.payments import bills
from portal.storage.people import ensure_person
from portal.web.parts import Parts
from tests.portal.records import Records
from tests.portal.walking import Walker
from tests.registers_of import facts_of

COUPLE = {"household": {"living": "couple:a1"}, "partner-income": {"estimate": "15000"}}


@pytest.fixture
def november(portal_parts: Parts) -> Callable[[str], None]:
    """Send somebody the bill for November, unpaid."""

    def send(key: str) -> None:
        facts, clock = facts_of(portal_parts, key), portal_parts.clock
        plan = portal_parts.services["free-place"].expected_plan(facts, [], Month(2026, 11), clock.today(), None, 1)  # type: ignore[misc]
        with portal_parts.database.transaction() as work:
            person = ensure_person(work, facts["cpr"], clock.now())
            bills.issue(work, person.id, plan.months[0], datetime.combine(Month(2026, 11).first + timedelta(19), time(8), COPENHAGEN))

    return send


def granted(visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock) -> tuple[Walker, Walker]:
    """Maria has the subsidy, and Anders has approved."""
    maria = visit("maria")
    maria.apply(COUPLE)
    worker.drain()
    anders = visit("anders", fresh=True)
    anders.approve(records.request("maria").id)
    worker.drain()
    clock.move(minutes=5)
    worker.drain()
    return maria, anders


def refused(visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock) -> Walker:
    """Henrik earns too much, and has been heard."""
    henrik = visit("henrik")
    henrik.apply({**COUPLE, "partner-income": {"estimate": "31000"}})
    visit("louise", fresh=True).approve(records.request("henrik").id)
    worker.drain()
    henrik.open(f"/my-page/tasks/{records.request('henrik', 'hearing').id}").fill({"answer": "agreed"}).press("Send answer")
    worker.drain()
    return henrik


def test_a_grant_is_told_with_its_percentage_and_first_bill(
    visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock, november: Callable[[str], None]
) -> None:
    november("maria")
    maria, _anders = granted(visit, worker, records, clock)

    page = maria.open("/my-page")

    told = page.main.xpath("string(//ul[contains(@class, 'task-list')][.//a[contains(@href, '/cases/')]])").replace("\xa0", " ")
    assert "You get the free-place subsidy from December 2026. You pay 41 percent of the price." in told
    assert "The first bill that follows the decision is for December 2026: DKK" in told
    assert "Pay by 11 January 2027." in told
    assert "Subsidy granted" in told
    assert "appeal" not in told
    # Above the cases: what falls due first at the full price, and the new amount with its month.
    assert "Next payment: DKK 5,921.50" in page.text
    december = told.split("December 2026: ")[1].split(". Pay")[0]
    assert f"For December 2026 you will pay {december}." in page.text


def test_a_granted_case_says_what_happens_next(visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock) -> None:
    maria, _anders = granted(visit, worker, records, clock)
    page = maria.open(f"/my-page/cases/{records.case('maria').id}")
    steps = [
        " ".join(each.text_content().replace("\xa0", " ").split())
        for each in page.main.xpath(".//h2[text()='What happens next']/following-sibling::ul[1]/li")
    ]
    assert "December 2026" in steps[0]
    assert "You do not have to do anything." in steps[0]
    assert steps[1].startswith("The first bill that follows the decision is for December 2026: DKK")
    assert steps[-1] == "You can appeal until 19 December 2026."


def test_a_refusal_says_until_when_one_can_appeal(
    visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock
) -> None:
    henrik = refused(visit, worker, records, clock)
    clock.move(minutes=5)
    worker.drain()
    for path in ("/my-page", "/my-page/cases", f"/my-page/cases/{records.case('henrik').id}"):
        text = henrik.open(path).text
        assert "You cannot get the free-place subsidy, because your household's income is above the limit." in text
        assert "You can appeal until 19 December 2026." in text, path
    assert "Refused" in henrik.open("/my-page/cases").text

    clock.move(days=40)
    assert "The time to appeal ran out on 19 December 2026." in henrik.open("/my-page/cases").text


def test_the_time_to_appeal_begins_when_the_letter_has_come(
    visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock, portal_parts: Parts
) -> None:
    henrik = refused(visit, worker, records, clock)
    letter = records.letters("henrik")[-1]
    with portal_parts.database.transaction() as work:
        found = work.get_one(type(letter), letter.id)
        found.state, found.delivered = "accepted", None
    assert "You can appeal within 4 weeks of getting the letter." in henrik.open("/my-page").text


def test_a_partners_letter_leads_to_what_they_were_asked(
    visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock
) -> None:
    visit("maria").apply(COUPLE)
    worker.drain()
    anders = visit("anders", fresh=True)
    overview = anders.open("/my-page")
    assert "Here you can apply" not in overview.text
    assert "You have no cases." in overview.text
    letter = anders.open(overview.main.xpath(".//a[contains(@href, '/my-page/post/')]/@href")[0])
    page = letter.link("See the task this letter is about")
    assert (page.status, page.path) == (200, f"/my-page/tasks/{records.request('maria').id}")


def test_a_task_that_ended_is_not_told_as_done(visit: Callable[..., Walker], worker: Worker, records: Records) -> None:
    maria = visit("maria")
    maria.apply(COUPLE)
    maria.open(f"/my-page/cases/{records.case('maria').id}").press("Withdraw the application")
    page = visit("anders").open("/my-page/tasks")
    assert "What you have done" not in page.text
    assert "Tasks that ended without your answer" in page.text
    assert "Your answer has not been needed since 21 November 2026." in page.text


def test_an_approval_taken_back_says_when_and_that_the_decision_stands(
    visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock
) -> None:
    maria, anders = granted(visit, worker, records, clock)
    clock.move(hours=3)
    page = anders.open(f"/my-page/tasks/{records.request('maria').id}").press("Take the approval back")
    assert "You took your approval back 21 November 2026 at 14:05." in page.text
    assert "A case worker looks at the case. The decision stands until then." in page.text
    told = maria.open(f"/my-page/cases/{records.case('maria').id}").text
    assert "Your partner took the approval back. A case worker looks at the case. The decision stands until then." in told
    assert "Since then you have taken your approval back." in anders.open("/my-page/tasks").text


def test_an_approval_taken_back_before_the_decision_says_that_nothing_is_decided(visit: Callable[..., Walker], records: Records) -> None:
    maria = visit("maria")
    maria.apply(COUPLE)
    anders = visit("anders", fresh=True)
    anders.approve(records.request("maria").id)
    page = anders.open(f"/my-page/tasks/{records.request('maria').id}").press("Take the approval back")
    assert "A case worker looks at the case. Nothing has been decided." in page.text
    assert "Nothing is decided yet." in maria.open(f"/my-page/cases/{records.case('maria').id}").text


def test_the_timeline_names_the_deadline_and_the_time_of_events_of_one_day(
    visit: Callable[..., Walker], worker: Worker, records: Records, clock: FixedClock
) -> None:
    maria = visit("maria")
    maria.apply(COUPLE)
    page = maria.open(f"/my-page/cases/{records.case('maria').id}")
    lines = [" ".join(each.text_content().replace("\xa0", " ").split()) for each in page.main.xpath(".//ol[@class='timeline']/li")]
    assert lines[0].startswith("21 November 2026 at 11:00")
    assert lines[-1].startswith("What happens next Deadline: 21 February 2027")

    clock.move(days=1)
    visit("anders", fresh=True).approve(records.request("maria").id)
    approved = next(line for line in _lines(maria, records) if "approved" in line)
    assert approved.startswith(("22 November 2026Your", "22 November 2026 Your"))


def _lines(walker: Walker, records: Records) -> list[str]:
    page = walker.open(f"/my-page/cases/{records.case('maria').id}")
    return [" ".join(each.text_content().replace("\xa0", " ").split()) for each in page.main.xpath(".//ol[@class='timeline']/li")]
