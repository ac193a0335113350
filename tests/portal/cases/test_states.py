"""What is over stays over: which events change a case, and what becomes of those who were asked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.cases import deciding, requests, states, withdrawing
from portal.cases.decision import RequestSpec
from portal.cases.events import SYSTEM, Actor, add_event
from portal.phrases import Phrase
from portal.registers.demo import demo_persons
from portal.storage.models import AnswerRequest, AuditEntry, Case, CaseEvent, Decision

COUPLE = {"household": {"living": "couple:a1"}}
KINDS = (*states.CHANGES, "letter_delivered", "letter_failed")
OUTCOMES = {"consent": "given refused", "hearing": "agreed commented", "information": "given"}
FAR = date(2027, 2, 21)


@pytest.fixture
def maria(visit):
    """Maria has applied; Anders is asked."""
    walker = visit("maria")
    walker.apply(COUPLE)
    return walker


@pytest.fixture
def decided(maria, visit, worker, records):
    """Anders has approved, and the case is decided."""
    answered = visit("anders", fresh=True).approve(records.request("maria").id)
    worker.drain()
    assert records.case("maria").state == "executed"
    return answered


def case_page(walker, records, key="maria"):
    return walker.open(f"/my-page/cases/{records.case(key).id}")


@given(st.lists(st.sampled_from(KINDS)), st.sampled_from(sorted(states.FINAL)), st.sampled_from(KINDS))
def test_nothing_leads_out_of_what_is_final(before, final, kind):
    assert states.after(final, kind) == final
    kinds = [*before, kind]
    told = [states.fold(kinds[:number]) for number in range(len(kinds) + 1)]
    ended = next((number for number, state in enumerate(told) if state in states.FINAL), len(told))
    assert set(told[ended:]) <= {told[-1]}


def test_every_state_of_the_table_is_told_in_words():
    reached = {state for change in states.CHANGES.values() for state in change.values()}
    assert {state for change in states.CHANGES.values() for state in change} <= reached | {"draft", "awaiting_host"}
    assert reached | {"awaiting_host"} == states.OPEN | states.WITH_CASE_WORKER | states.OVER
    assert not (states.OPEN | states.WITH_CASE_WORKER) & states.OVER
    assert "reconsidering" not in states.OPEN


ACTS = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(sorted(OUTCOMES))),
    st.tuples(st.just("answer"), st.integers(0, 5)),
    st.tuples(st.just("expire"), st.integers(0, 5)),
    st.tuples(st.just("take back"), st.integers(0, 5)),
    st.tuples(st.just("withdraw"), st.none()),
    st.tuples(st.just("event"), st.sampled_from(["needs_person", "decided", "carried_out", "closed", "letter_failed"])),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(ACTS, max_size=14))
def test_the_state_is_what_the_events_come_to_whatever_happens(database, send_application, clock, acts):
    case_id = send_application("soeren", {"household": {"living": "single"}, "reason": {"reason": "income"}})
    with database.transaction() as work:
        case = work.get_one(Case, case_id)
        ended = False
        for number, act in enumerate(acts):
            before = case.state
            _do(work, case, act, clock.now(), number)
            kinds = work.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence))
            assert case.state == states.fold(kinds)
            assert not ended or case.state == before
            ended = case.state in states.FINAL
        if case.state == "withdrawn":
            open_ones = select(AnswerRequest.id).where(AnswerRequest.case_id == case_id, AnswerRequest.answered.is_(None))
            assert work.scalars(open_ones).all() == [] or acts[-1][0] == "ask"


def _do(work, case, act, now, number):
    kind, which = act
    asked = work.scalars(
        select(AnswerRequest).where(AnswerRequest.case_id == case.id).order_by(AnswerRequest.created, AnswerRequest.id)
    ).all()
    row = asked[which % len(asked)] if asked and isinstance(which, int) else None
    if kind == "ask" and case.state not in states.OVER:
        requests.ask(work, case, RequestSpec(demo_persons()["anders"].cpr, which, {}, FAR), now)
    elif kind == "answer" and row and row.answered is None:
        outcomes = OUTCOMES[row.kind].split()
        requests.answer(work, row.id, row.person_id, outcomes[number % len(outcomes)], {}, now, SYSTEM, seen_version=row.version)
    elif kind == "expire" and row:
        requests.expire(work, row.id, now)
    elif kind == "take back" and row and (row.kind, row.outcome) == ("consent", "given"):
        requests.withdraw(work, row.id, row.person_id, now, SYSTEM)
    elif kind == "withdraw":
        withdrawing.withdraw(work, case, now, Actor("citizen", str(case.person_id)))
    elif kind == "event":
        add_event(work, case, which, SYSTEM, now)


def test_a_decided_case_that_is_looked_at_again_cannot_be_withdrawn(maria, decided, visit, database, records):
    decided.press("Take the approval back")
    assert records.case("maria").state == "reconsidering"
    page = case_page(maria, records)
    assert "Withdraw the application" not in page.text

    maria.send(f"{page.path}/withdraw", {})

    assert records.case("maria").state == "reconsidering"
    assert "withdrawn" not in records.events("maria")
    assert records.decision("maria") is not None


def test_a_reopened_case_is_not_withdrawn_whatever_state_it_is_in(maria, decided, database, records, clock):
    with database.transaction() as work:
        case = work.get_one(Case, records.case("maria").id)
        case.state = "informed"
        assert not withdrawing.withdraw(work, case, clock.now(), Actor("citizen", str(case.person_id)))
    assert "Withdraw the application" not in case_page(maria, records).text


def test_a_withdrawal_is_written_down(maria, database, records):
    case_page(maria, records).press("Withdraw the application")
    with database.session(reads_only=True) as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.verb == "withdraw"))
    case = records.case("maria")
    assert (entry.actor_role, entry.actor, entry.subject, entry.person_id) == (
        "citizen",
        str(case.person_id),
        f"case:{case.id}",
        case.person_id,
    )


def test_a_case_looked_at_again_is_told_to_the_citizen_and_lies_in_the_queue(maria, decided, records, staff_login, clock):
    clock.move(days=40)
    decided.press("Take the approval back")
    page = case_page(maria, records)
    assert "Looked at again" in page.text
    assert "The decision stands until then. We expect to be done by 28 January 2027." in page.text
    assert "Read the letter with the reasons" in page.text
    assert "You have an open case" not in maria.open("/apply/free-place").text
    case = records.case("maria")
    karen = staff_login("karen")
    assert case.number in karen.get("/back-office").text
    shown = karen.get(f"/back-office/cases/{case.id}").text
    assert "The partner has taken the approval back" in shown


def test_a_case_worker_decides_a_case_looked_at_again(maria, decided, database, portal_parts, records, clock):
    decided.press("Take the approval back")
    service = portal_parts.services["free-place"]
    facts = service.gather(portal_parts.ask, demo_persons()["maria"].cpr, clock.today())
    with database.transaction() as work:
        case = work.get_one(Case, records.case("maria").id)
        proposal = deciding.Proposal.from_json(work.scalars(select(Decision.content)).one())
        deciding.decide(work, service, case, proposal, facts, clock.now(), Actor("decider", "d"))
    assert records.case("maria").state == "executed"
    assert records.decision("maria").sequence == 2


@pytest.mark.parametrize("state", ["withdrawn", "closed"])
def test_an_approval_taken_back_when_all_is_over_only_marks_the_approval(maria, decided, database, records, state):
    with database.transaction() as work:
        work.get_one(Case, records.case("maria").id).state = state
    before = records.events("maria")
    assert decided.press("Take the approval back").heading == "You have taken your approval back"
    assert (records.case("maria").state, records.events("maria"), records.request("maria").outcome) == (state, before, "withdrawn")


@pytest.mark.parametrize("state", ["decided", "executed", "withdrawn", "closed"])
@pytest.mark.parametrize("how", ["given", "refused", "expired"])
def test_what_comes_after_the_end_changes_nothing_but_the_request(maria, database, records, clock, state, how):
    with database.transaction() as work:
        work.get_one(Case, records.case("maria").id).state = state
    before, asked = records.events("maria"), records.request("maria")
    with database.transaction() as work:
        if how == "expired":
            requests.expire(work, asked.id, clock.now())
        else:
            requests.answer(work, asked.id, asked.person_id, how, {}, clock.now(), SYSTEM, seen_version=asked.version)
    assert (records.case("maria").state, records.events("maria")) == (state, before)
    assert (records.request("maria").outcome, records.outbox("decide")) == (how, [])


def test_an_answer_to_a_hearing_that_was_overtaken_is_told_but_decides_nothing(visit, worker, records):
    henrik = visit("henrik")
    henrik.apply(COUPLE)
    approved = visit("louise", fresh=True).approve(records.request("henrik").id)
    worker.drain()
    hearing = henrik.open(f"/my-page/tasks/{records.request('henrik', 'hearing').id}")
    approved.press("Take the approval back")
    assert records.case("henrik").state == "informed"

    hearing.fill({"answer": "agreed"}).press("Send answer")
    worker.drain()

    assert records.events("henrik")[-1] == "hearing_agreed"
    assert (records.case("henrik").state, records.decision("henrik")) == ("informed", None)


def test_a_decision_asks_nobody_any_longer(maria, visit, database, portal_parts, records, clock, worker):
    service = portal_parts.services["free-place"]
    facts = service.gather(portal_parts.ask, demo_persons()["maria"].cpr, clock.today())
    with database.transaction() as work:
        case = work.get_one(Case, records.case("maria").id)
        proposal = deciding.Proposal("refused", Phrase("The case was decided."), [], [], [])
        requests.ask(
            work, case, RequestSpec(demo_persons()["maria"].cpr, "hearing", {"facts": [], "proposal": proposal.to_json()}, FAR), clock.now()
        )
        add_event(work, case, "consent_refused", SYSTEM, clock.now())
        case.state = "informed"
        deciding.decide(work, service, case, proposal, facts, clock.now(), Actor("decider", "d"))
        assert deciding.answers_given(work, case) == []
    for kind in ("consent", "hearing"):
        asked = records.request("maria", kind)
        assert (asked.outcome, asked.version) == ("cancelled", 2)
    anders = visit("anders", fresh=True)
    page = anders.open(f"/my-page/tasks/{records.request('maria').id}")
    assert page.heading == "Your answer is no longer needed"
    assert "The case has been decided." in page.text
    assert "Approve the application" not in anders.open("/my-page/tasks").text.split("Tasks that ended")[0]
