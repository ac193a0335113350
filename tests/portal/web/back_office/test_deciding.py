"""Deciding: granted, corrected, refused; once; never empty; the letter seen first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from forms.free_place import make_service
from forms.free_place.figures import figures
from portal.cases import requests
from portal.cases.decision import Proposal
from portal.cases.events import SYSTEM, add_event
from portal.i18n import use_locale
from portal.post.content import LetterContent
from portal.storage.models import AnswerRequest, Case, Decision, Grant, Letter, ParkedPost, PaymentHold, WebSession
from tests.portal.fixtures import COUPLE, MOMENT, SINGLE, staff_id_of
from tests.portal.web.back_office.conftest import LAW, Office, hidden_fields, text_of

RICH = {**SINGLE, "payslip": {"rhythm": "monthly", "gross": "80000.00", "am": "0.00", "atp": "0.00", "pension": "0.00", "remark": None}}


def decisions(case) -> list[Decision]:
    with case.database.session() as session:
        return list(session.scalars(select(Decision).where(Decision.case_id == case.case_id)))


def letters(case, kind: str = "decision") -> list[Letter]:
    with case.database.session() as session:
        return list(session.scalars(select(Letter).where(Letter.case_id == case.case_id, Letter.kind == kind)))


def grants(case) -> list[Grant]:
    with case.database.session() as session:
        return list(session.scalars(select(Grant).join(Decision).where(Decision.case_id == case.case_id)))


def is_on_hold(case) -> bool:
    with case.database.session() as session:
        return session.scalars(select(PaymentHold).where(PaymentHold.case_id == case.case_id)).one().released is None


def test_a_grant_as_worked_out_gives_decision_grant_letter_and_bills_free_again(office, worker):
    case = office()
    assert is_on_hold(case)
    shown = case.preview(case.write())
    assert "Nothing has been sent yet." in text_of(shown)
    assert decisions(case) == []
    assert case.send(shown).status_code == 303
    worker.drain()
    (decision,) = decisions(case)
    assert (decision.outcome, decision.automatic, decision.made_by) == ("granted", False, staff_id_of("karen"))
    (grant,) = grants(case)
    assert (grant.from_month, grant.content["own_percent_now"], grant.content["income_yearly"]) == ("2026-12", 6, 300_000)
    assert not is_on_hold(case)
    assert case.kinds() == ["submitted", "needs_person", "decided", "carried_out", "letter_delivered"]
    (letter,) = letters(case)
    assert (letter.state, letter.language) == ("delivered", "da")
    assert case.audited("decide")[0].actor == staff_id_of("karen")
    assert "Granted." in case.see()


def test_untouched_reasons_stay_sentences_that_both_languages_have(office):
    case = office()
    case.send(case.preview(case.write()))
    proposal = Proposal.from_json(decisions(case)[0].content)
    said = []
    for language in ("da", "en"):
        with use_locale(language):
            said.append(str(proposal.reasons[0]))
    assert proposal.reasons[0].message != "%(text)s"
    assert "300.000,00" in said[0]
    assert "300,000.00" in said[1]


WHY = "Vi har regnet med din nye lønseddel."


@pytest.fixture
def hear(worker, clock):
    """Hear the citizen, who says nothing; the case comes back to Karen."""

    def hear_first(case, form):
        assert case.send(case.preview(form), "hear").status_code == 303
        worker.drain()
        clock.move(days=16)
        worker.drain()
        case.take()
        return {**form, "version": hidden_fields(case.preview(case.write()))["version"][0]}

    return hear_first


@pytest.mark.parametrize(
    ("income", "per", "yearly"), [("30000", "month", 360_000), ("400,000", "year", 400_000), ("400000,50", "year", 400_001)]
)
def test_a_corrected_income_is_worked_out_again(office, hear, income, per, yearly):
    case = office(language="en")
    form = hear(case, case.write(outcome="corrected", income=income, per=per, why_other=WHY))
    case.send(case.preview(form))
    (grant,) = grants(case)
    assert grant.content["income_yearly"] == yearly
    assert grant.content["own_percent_now"] > 6
    content = LetterContent.from_json(letters(case)[0].content)
    assert f"{Decimal(yearly):,.2f}" in content.sections[0].paragraphs[0]
    assert content.sections[0].paragraphs.count(WHY) == 1
    assert decisions(case)[0].outcome == "partly"
    assert "less than your application showed" in content.lead
    assert f"{Decimal(yearly):,.2f}" in content.lead
    assert "300,000.00" in content.lead


def test_a_worse_correction_cannot_be_sent_before_the_citizen_is_heard(office):
    case = office()
    shown = case.preview(case.write(outcome="corrected", income="30000", why_other=WHY))
    page = text_of(shown)
    assert "The citizen must be heard first" in page
    assert "Decide and send the letter" not in page
    assert case.send(shown).status_code == 200
    assert decisions(case) == []
    assert case.state() == "informed"


def test_a_correction_says_why(office):
    case = office()
    answer = case.preview(case.write(outcome="corrected", income="30000", why_other=" "))
    assert answer.status_code == 422
    assert "Write why you do not use what the citizen has stated" in text_of(answer)


def test_a_correction_that_is_better_needs_no_hearing(office):
    case = office(language="en")
    shown = case.preview(case.write(outcome="corrected", income="20000", why_other="We have seen your accounts."))
    assert "Hear the citizen first" not in text_of(shown)
    assert case.send(shown).status_code == 303
    assert [decision.outcome for decision in decisions(case)] == ["granted"]
    assert "We have seen your accounts." in LetterContent.from_json(letters(case)[0].content).sections[0].paragraphs


def test_going_back_from_the_letter_keeps_why_in_its_own_field(office):
    case = office()
    shown = case.preview(case.write(outcome="corrected", income="20000", why_other=WHY))
    page = case.send(shown, "edit").get_data(as_text=True)
    assert page.count(WHY) == 1


def test_a_corrected_start_month_moves_the_grant(office):
    case = office()
    case.send(case.preview(case.write(outcome="corrected", month="2026-10", why_other=WHY)))
    assert [grant.from_month for grant in grants(case)] == ["2026-10"]


def test_a_correction_above_the_limit_refuses(office, hear):
    case = office(language="en")
    form = case.write(outcome="corrected", income="90000", why_other=WHY)
    assert "You cannot get the free-place subsidy" in text_of(case.preview(form))
    case.send(case.preview(hear(case, form)))
    assert [decision.outcome for decision in decisions(case)] == ["refused"]
    assert grants(case) == []


def test_a_refusal_with_own_reasons_is_sent_as_written(office, worker):
    case = office(language="en")
    written = "You have not sent the accounts.\r\n\r\nWe need 100 % of them, %(also) these & <b>those</b>."
    shown = case.preview(case.write(outcome="refuse", law=[LAW, "other"], other_law="Another Act § 100 %d", reasons=written))
    page = text_of(shown)
    assert "You do not get what you applied for." in page
    assert "We need 100 % of them, %(also) these & <b>those</b>." in page
    assert "Another Act § 100 %d" in page
    case.send(shown)
    worker.drain()
    (decision,) = decisions(case)
    assert decision.outcome == "refused"
    assert decision.content["sums"] == []
    assert not is_on_hold(case)
    (letter,) = letters(case)
    content = LetterContent.from_json(letter.content)
    assert letter.state == "delivered"
    assert content.sections[0].paragraphs == ("You have not sent the accounts.", "We need 100 % of them, %(also) these & <b>those</b>.")
    assert content.law[-1] == "Another Act § 100 %d"
    assert content.appeal is not None


def test_the_letter_that_is_sent_is_the_one_that_was_shown(office):
    case = office()
    shown = case.preview(case.write(outcome="refuse", reasons="Fordi regnskabet mangler."))
    case.send(shown)
    content = LetterContent.from_json(letters(case)[0].content)
    page = text_of(shown)
    for text in (content.title, content.lead, *content.sections[0].paragraphs, *content.law):
        assert text.replace("\N{NO-BREAK SPACE}", " ") in page


def test_nothing_is_sent_that_was_not_shown_first(office):
    case = office()
    unseen = case.preview({**case.write(), "then": "send"})
    assert "something has changed" in text_of(unseen)
    other = {**hidden_fields(case.preview(case.write())), "then": "send", "reasons": "Noget andet."}
    assert "something has changed" in text_of(case.preview(other))
    assert decisions(case) == []


def test_the_letter_can_be_changed_again_and_keeps_what_was_typed(office):
    case = office()
    shown = case.preview(case.write(outcome="refuse", reasons="Fordi regnskabet\nmangler."))
    page = case.send(shown, "edit").get_data(as_text=True)
    assert "Fordi regnskabet\nmangler.</textarea>" in page
    assert 'value="refuse" checked' in page
    assert decisions(case) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reasons": " \n "}, "Write the reasons, so that the citizen can understand the decision"),
        ({"reasons": "x" * 5001}, "Write at most 5000 characters. You have written 5001"),
        ({"outcome": ""}, "Choose what you decide"),
        ({"outcome": "sideways"}, "Choose one of the answers on the page"),
        ({"law": []}, "Tick the rules the decision rests on"),
        ({"law": ["made up"]}, "Choose one of the answers on the page"),
        ({"law": ["other"]}, "Write the other rule"),
        ({"outcome": "corrected"}, "Write the income you have found, or choose another start month"),
        ({"outcome": "corrected", "income": "12.500.50"}, "Use a point before the øre in the household's income"),
        ({"outcome": "corrected", "income": "12.500"}, "Write the household's income without a point"),
        ({"outcome": "corrected", "income": "-1"}, "Write the household's income as 0 or more"),
        ({"outcome": "corrected", "income": "1e9"}, "Write the household's income in digits"),
        ({"outcome": "corrected", "income": "\N{GRINNING FACE}"}, "Write the household's income in digits"),
        ({"outcome": "corrected", "income": "10000001"}, "Check the household's income"),
        ({"outcome": "corrected", "month": "2026-13"}, "Choose one of the answers on the page"),
        ({"outcome": "corrected", "month": "2027-01", "why_other": "Senere."}, "The figures for 2027 are not out yet."),
        ({"income": "25000"}, "Choose to work it out again."),
        ({"outcome": "refuse"}, "Write why you refuse. The text still says why the citizen gets the subsidy"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_words_and_kept(office, changes, words):
    case = office()
    typed = {"reasons": "Det her har jeg skrevet.", "outcome": "computed"} | changes
    if changes == {"outcome": "refuse"}:
        typed.pop("reasons")
    answer = case.preview(case.write(**typed))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert page.count('class="alert alert-error error-summary"') == 1
    assert "<title>Error:" in page
    if "reasons" not in changes and "reasons" in typed:
        assert "Det her har jeg skrevet.</textarea>" in page
    assert decisions(case) == []
    assert case.kinds() == ["submitted", "needs_person"]


def test_two_clicks_decide_once(office):
    case = office()
    shown = case.preview(case.write())
    first, second = case.send(shown), case.send(shown)
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(decisions(case)) == len(letters(case)) == len(grants(case)) == 1


def test_a_page_opened_before_something_happened_decides_nothing(office):
    case = office()
    shown = case.preview(case.write(reasons="Det her har jeg skrevet."))
    with case.database.transaction() as work:
        add_event(work, work.get_one(Case, case.case_id), "letter_failed", SYSTEM, MOMENT, {"kind": "information"})
    answer = case.send(shown)
    assert answer.status_code == 409
    assert "Something has happened in the case since you opened this page" in text_of(answer)
    assert "Det her har jeg skrevet." in text_of(answer)
    assert decisions(case) == []
    again = case.preview({**case.write(), "version": hidden_fields(answer)["version"][0]})
    assert case.send(again).status_code == 303
    assert len(decisions(case)) == 1


def test_only_the_one_who_has_the_case_decides_it(office, staff_login):
    case = office()
    shown = case.preview(case.write(reasons="Det her har jeg skrevet."))
    ole = staff_login("ole")
    assert ole.get(case.url("/decide")).location.endswith(case.url())
    answer = ole.post(case.url("/decide"), {**hidden_fields(shown), "then": "send"})
    assert answer.status_code == 409
    assert "Det her har jeg skrevet." in text_of(answer)
    case.staff.post(case.url("/give-back"))
    assert case.send(shown).status_code == 409
    assert decisions(case) == []


def test_a_hold_that_has_run_out_still_decides_unless_a_colleague_took_the_case(office, clock, staff_login):
    case = office()
    shown = case.preview(case.write())
    clock.move(minutes=40)
    other = staff_login("ole")
    other.post(case.url("/take"))
    assert case.send(shown).status_code == 409
    other.post(case.url("/give-back"))
    case.take()
    clock.move(minutes=40)
    assert case.send(case.preview(case.write())).status_code == 303
    assert len(decisions(case)) == 1


def test_a_refusal_can_be_heard_first_and_comes_back(office, worker, clock):
    case = office("sofie", {**RICH, "income": {"use": "no"}}, language="en")
    shown = case.preview(case.write())
    page = text_of(shown)
    assert "The decision goes against the citizen, who has not been heard." in page
    assert "Hear the citizen first" in page
    assert case.send(shown, "hear").status_code == 303
    assert case.state() == "hearing"
    worker.drain()
    assert [letter.state for letter in letters(case, "hearing")] == ["delivered"]
    assert decisions(case) == []
    assert case.audited("hear")[0].actor == staff_id_of("karen")
    assert "Being heard" in case.see()
    clock.move(days=16)
    worker.drain()
    assert case.state() == "informed"
    case.take()
    heard = text_of(case.preview(case.write()))
    assert "Hear the citizen first" not in heard


def test_a_grant_offers_no_hearing(office):
    case = office()
    assert "Hear the citizen first" not in text_of(case.preview(case.write()))


def test_without_confirmed_figures_nothing_is_worked_out_but_a_refusal_on_other_grounds_stands(office, portal_parts, monkeypatch):
    monkeypatch.setitem(portal_parts.services, "free-place", make_service(figures(), use_unconfirmed=False))
    case = office()
    assert "Nobody has confirmed the income limits for 2026" in case.see()
    for changes in ({}, {"outcome": "corrected", "income": "30000", "why_other": WHY}):
        answer = case.preview(case.write(**changes))
        assert answer.status_code == 422
        assert "Nobody has confirmed the income limits for 2026." in text_of(answer)
    assert case.preview(case.write(outcome="refuse", reasons="Regnskabet mangler.")).status_code == 200


def test_a_missing_price_is_said_and_stops_a_grant(office):
    case = office("kirsten", {**SINGLE, "other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000.00"}})
    assert "There is no confirmed price for a place in December 2026" in case.see()
    assert case.preview(case.write()).status_code == 422


def test_a_register_that_fell_silent_stops_every_decision(office, portal_parts, monkeypatch):
    case = office()
    service = portal_parts.services["free-place"]

    def silent(ask, cpr, today):
        facts = service.gather(ask, cpr, today)
        return {**facts, "places": [], "status": {**facts["status"], "places": "unavailable"}}

    monkeypatch.setitem(portal_parts.services, "free-place", replace(service, gather=silent))
    for changes in ({}, {"outcome": "refuse", "reasons": "Regnskabet mangler."}):
        answer = case.preview(case.write(**changes))
        assert answer.status_code == 422
        assert "The list of day-care places does not answer right now." in text_of(answer)


def test_a_case_whose_income_is_not_known_is_decided_on_what_the_case_worker_found(worker, portal_parts, send_application, staff_login):
    case_id = send_application("maria", COUPLE, "en")
    worker.drain()
    with portal_parts.database.transaction() as work:
        row = work.scalars(select(AnswerRequest).where(AnswerRequest.case_id == case_id)).one()
        requests.expire(work, row.id, portal_parts.clock.now())
    case = Office(staff_login("karen"), case_id, portal_parts.database)
    case.take()
    assert "The rules cannot work this out, because something is missing." in case.see()
    why = "Your partner did not answer."
    form = case.write(outcome="corrected", income="33333,33", why_other=why, reasons="We have seen the payslips.", law=[LAW])
    case.send(case.preview(form))
    assert grants(case)[0].content["income_yearly"] == 400_000


def test_what_was_typed_when_the_session_had_ended_is_kept(office, portal_parts):
    case = office()
    form = case.write(outcome="refuse", reasons="Det her har jeg skrevet.")
    with portal_parts.database.transaction() as work:
        for row in work.scalars(select(WebSession)):
            row.ends = row.created
    answer = case.staff.post(case.url("/decide"), form)
    assert answer.status_code == 303
    with portal_parts.database.session() as session:
        assert session.scalar(select(func.count()).select_from(ParkedPost)) == 1
    assert decisions(case) == []
