"""The page of a case: what it shows, what it does not, and that every look is written down."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from forms.free_place import make_service
from forms.free_place.figures import figures
from portal.cases import requests
from portal.cases.decision import NeedsPerson
from portal.cases.events import Actor
from portal.cases.staff import NO_FIGURES
from portal.cases.states import CHANGES, OPEN, OVER, WITH_CASE_WORKER
from portal.registers.demo import demo_persons
from portal.storage.models import AnswerRequest, AuditEntry, Case, Document
from portal.web.back_office import words
from tests.portal.fixtures import COUPLE, MOMENT, SINGLE, staff_id_of
from tests.portal.web.back_office.conftest import text_of

PDF = b"%PDF-1.7\n%%EOF\n"


def consent(database, case_id: uuid.UUID, **answer) -> None:
    """The partner approves, with other income, so that a person must look."""
    given = {"version": 1, "monthly_base": "14900.00", "payslip": None, "contested": False, "other_income": True, **answer}
    with database.transaction() as work:
        row = work.scalars(select(AnswerRequest).where(AnswerRequest.case_id == case_id)).one()
        source = {"kind": "register", "register": "income", "date": "2026-11-21"}
        requests.answer(
            work,
            row.id,
            row.person_id,
            "given",
            given | {"source": source},
            MOMENT,
            Actor("citizen", str(row.person_id)),
            seen_version=row.version,
        )


@pytest.fixture
def couple(portal_parts, send_application, worker, staff_login):
    """Maria's case, not yet approved by Anders, and Karen."""
    return send_application("maria", COUPLE), staff_login("karen")


def test_what_the_citizen_says_stands_beside_what_the_register_says_with_its_source(office):
    page = office().see()
    assert "Income a month after AM, ATP and pension DKK 20,000.00 The citizen wrote this, 21 November 2026 No income Different" in page
    assert "Lives as A single parent The citizen wrote this, 21 November 2026 No partner at the address" in page
    assert (
        "Place for Liv Fiktiv Kindergarten (børnehave), Børnehaven Tankespillet, without lunch From the municipality's list of day-care places"
        in page
    )
    assert page.count("Different") == 1


def test_it_says_why_it_needs_a_person_and_what_the_rules_work_out(office):
    page = office().see()
    assert "Why it needs a person The applicant has their own business The income register shows no income for the applicant" in page
    assert "You get the free-place subsidy from December 2026. You pay 6 percent of the price." in page
    assert "The household's income a year DKK 300,000.00" in page
    assert "§ 28: which income counts" in page


def test_a_register_that_is_silent_now_is_told_as_silent_and_not_as_different(office):
    page = office(
        "trine",
        {**SINGLE, "payslip": {"rhythm": "monthly", "gross": "21500.00", "am": "0.00", "atp": "0.00", "pension": "0.00", "remark": None}},
    ).see()
    assert "The income register did not answer" in page
    assert "DKK 21,500.00 The citizen wrote this, 21 November 2026 The register does not answer right now" in page
    assert "Different" not in page


def test_a_declared_single_parent_with_a_registered_partner_is_different(office):
    page = office("maria", SINGLE).see()
    assert "A single parent The citizen wrote this, 21 November 2026 A couple Different" in page
    assert "Anders Prøve" in page


def test_cpr_numbers_are_masked_and_stand_in_no_address_or_title(office):
    case = office("maria", SINGLE)
    body = case.staff.get(case.url()).get_data(as_text=True)
    assert "720391-••••" in body
    for row in demo_persons().values():
        assert row.cpr not in body
        assert f"{row.cpr[:6]}-{row.cpr[6:]}" not in body
    title = body[body.index("<title>") : body.index("</title>")]
    assert "Maria" not in title
    assert "7203" not in title


def test_every_look_is_written_down(office):
    case = office()
    for _look in range(2):
        case.see()
    entries = case.audited("view")
    assert len(entries) == 2
    with case.database.session() as session:
        person_id = session.get_one(Case, case.case_id).person_id
    assert {(entry.actor_role, entry.actor, entry.subject, entry.purpose, entry.person_id) for entry in entries} == {
        ("case_worker", staff_id_of("karen"), f"case:{case.case_id}", "case handling", person_id)
    }


def test_a_decider_is_written_down_as_one(office):
    case = office(staff="dorthe")
    case.see()
    assert [entry.actor_role for entry in case.audited("view")] == ["decider"]


def test_a_partners_registers_are_asked_only_when_they_have_approved(couple, portal_parts, worker, monkeypatch):
    case_id, karen = couple
    worker.drain()
    asked = []
    service = portal_parts.services["free-place"]
    watched = replace(service, gather=lambda ask, cpr, today: asked.append(cpr) or service.gather(ask, cpr, today))
    monkeypatch.setitem(portal_parts.services, "free-place", watched)
    before = text_of(karen.get(f"/back-office/cases/{case_id}"))
    assert asked == [demo_persons()["maria"].cpr]
    assert "Not answered yet. The deadline is 21 February 2027." in before
    assert "The partner's income" not in before
    consent(portal_parts.database, case_id)
    worker.drain()
    asked.clear()
    after = text_of(karen.get(f"/back-office/cases/{case_id}"))
    assert asked == [demo_persons()["maria"].cpr, demo_persons()["anders"].cpr]
    assert "The partner's income" in after
    assert "DKK 14,900.00 From the income register, 21 November 2026 DKK 14,900.00" in after
    assert "The partner has other income that the register does not show" in after


def test_a_look_at_a_couple_is_written_down_for_both(couple, portal_parts, worker):
    case_id, karen = couple
    consent(portal_parts.database, case_id)
    worker.drain()
    karen.get(f"/back-office/cases/{case_id}")
    with portal_parts.database.session() as session:
        looked = session.scalars(select(AuditEntry.person_id).where(AuditEntry.verb == "view", AuditEntry.case_id == case_id)).all()
    assert len(set(looked)) == 2


def test_a_case_that_is_over_asks_no_register(worker, send_application, staff_login):
    case_id = send_application("sofie", SINGLE)
    worker.drain()
    page = text_of(staff_login("karen").get(f"/back-office/cases/{case_id}"))
    assert "The case is over, so the registers are not asked." in page
    assert "Different" not in page
    assert "Decided by the portal 21 November 2026 at 11:00." in page
    assert "Delivered 21 November 2026 at 11:00" in page


def add_document(database, case_id: uuid.UUID, name: str = "Regnskab for Søren.pdf") -> uuid.UUID:
    with database.transaction() as work:
        case = work.get_one(Case, case_id)
        row = Document(
            person_id=case.person_id,
            case_id=case_id,
            name=name,
            media_type="application/pdf",
            size=len(PDF),
            sha256="0" * 64,
            scan="not_scanned",
            content=PDF,
            created=MOMENT,
        )
        work.add(row)
        work.flush()
        return row.id


def test_a_document_is_saved_never_shown_and_the_look_is_written_down(office):
    case = office()
    document_id = add_document(case.database, case.case_id)
    assert "Save Regnskab for Søren.pdf" in case.see()
    answer = case.staff.get(case.url(f"/documents/{document_id}"))
    assert answer.data == PDF
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.isascii()
    assert "Regnskab" not in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"document:{document_id}" in {entry.subject for entry in case.audited("view")}


def test_a_document_is_found_only_through_its_own_case(office, staff_login):
    one, other = office("kirsten", {**SINGLE, "other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000.00"}}), office()
    document_id = add_document(one.database, one.case_id)
    assert other.staff.get(other.url(f"/documents/{document_id}")).status_code == 404
    assert staff_login("ole").get(one.url(f"/documents/{document_id}")).status_code == 404
    assert one.staff.get(one.url(f"/documents/{uuid.uuid4()}")).status_code == 404


def test_the_citizens_other_cases_are_listed(office):
    first = office(take=False)
    second = office(take=False)
    with first.database.session() as session:
        number = session.get_one(Case, first.case_id).number
    assert f"{number} : Needs a case worker" in second.see()


def test_everything_that_can_happen_to_a_case_has_words_for_a_case_worker():
    assert set(words.HAPPENED) == set(CHANGES) - {"closed"} | {"letter_delivered", "letter_failed"}
    assert set(words.STATE) == OPEN | WITH_CASE_WORKER | OVER
    assert {kind for kind, change in CHANGES.items() if WITH_CASE_WORKER & set(change.values())} == set(words.INTO_QUEUE)
    assert set(words.ASKED) == set(requests.EVENTS)
    assert {outcome for _kind, (_asked, outcomes) in requests.EVENTS.items() for outcome in outcomes} <= set(words.ANSWERED)


def test_reasons_of_the_rules_that_forbid_a_decision_are_reasons_the_rules_give(portal_parts):
    strict = make_service(figures(), use_unconfirmed=False)
    given: set[str] = set()
    for key, month in (("sofie", "2026-12"), ("sofie", "2027-01"), ("sofie", "2011-01"), ("amira", "2026-12")):
        facts = {"applicant": strict.gather(portal_parts.ask, demo_persons()[key].cpr, portal_parts.clock.today())}
        home = {"kind": "single", "declared": True, "partner": None, "children": facts["applicant"]["children"], "children_counted": None}
        sent = {
            "municipality": facts["applicant"]["municipality"],
            "reason": "income",
            "household": home,
            "registers": facts["applicant"]["status"],
            "places": {"list": [], "contested": False},
            "start": {"month": month, "rule": "next_month", "paragraph": "§ 31"},
            "shown": {"own_percent": None},
            "income": {"monthly_base": "25000.00", "self_employed": False, "other": [], "contested": False},
        }
        verdict = strict.decide(sent, [], facts, portal_parts.clock.today())
        assert isinstance(verdict, NeedsPerson)
        given |= {phrase.message for phrase in verdict.why}
    assert given >= NO_FIGURES
