"""What is decided at once, what waits, what is heard first, and what nobody may decide."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forms.free_place import make_service
from forms.free_place.figures import figures
from portal.wiring import make_worker
from tests.portal.walking import PAYSLIP

COUPLE = {"household": {"living": "couple:a1"}}


@pytest.fixture
def heard(visit, worker, records):
    """Henrik's case, in which the facts speak against him."""
    henrik = visit("henrik")
    henrik.apply(COUPLE)
    visit("louise", fresh=True).approve(records.request("henrik").id)
    worker.drain()
    return henrik


def hearing(walker, records):
    return walker.open(f"/my-page/tasks/{records.request('henrik', 'hearing').id}")


def test_a_hearing_shows_the_facts_and_decides_nothing(heard, records):
    assert records.case("henrik").state == "hearing"
    assert records.decision("henrik") is None
    page = hearing(heard, records)
    assert "Nothing has been decided yet" in page.text
    assert "5 December 2026" in page.text
    assert [letter.kind for letter in records.letters("henrik")] == ["hearing"]


def test_somebody_who_agrees_is_decided_at_once(heard, worker, records):
    hearing(heard, records).fill({"answer": "agreed"}).press("Send answer")
    worker.drain()
    assert records.decision("henrik").outcome == "refused"
    assert records.case("henrik").state == "decided"


def test_comments_bring_the_case_to_a_person(heard, worker, records):
    hearing(heard, records).fill({"answer": "commented", "text": "Louise går på orlov i januar."}).press("Send answer")
    worker.drain()
    assert records.decision("henrik") is None
    assert (records.case("henrik").state, records.events("henrik")[-1]) == ("informed", "hearing_commented")


def test_comments_cannot_be_empty(heard, records):
    refused = hearing(heard, records).fill({"answer": "commented"}).press("Send answer")
    assert (refused.status, refused.errors) == (422, ["Write your comments"])
    assert records.case("henrik").state == "hearing"


def test_silence_is_decided_on_what_is_known_when_the_time_is_up(heard, worker, records, clock):
    clock.move(days=14)
    worker.drain()
    assert records.decision("henrik") is None
    clock.move(days=1)
    worker.drain()
    assert "hearing_expired" in records.events("henrik")
    assert records.decision("henrik").outcome == "refused"


def test_nobody_else_answers_a_hearing(heard, visit, records):
    louise = visit("louise", fresh=True)
    assert louise.open(f"/my-page/tasks/{records.request('henrik', 'hearing').id}").status == 404


def test_a_percentage_much_higher_than_shown_is_heard_first(visit, worker, records):
    maria = visit("maria")
    # She is shown what 18,500 and 5,000 come to, and Anders has 14,900.
    maria.apply({**COUPLE, "partner-income": {"estimate": "5000"}})
    visit("anders", fresh=True).approve(records.request("maria").id)
    worker.drain()
    assert records.case("maria").state == "hearing"
    assert records.decision("maria") is None


def test_a_month_whose_figures_are_not_out_is_never_decided(visit, worker, records, clock):
    clock.move(days=14)
    sofie = visit("sofie")
    page = sofie.fill_in(until="payment")
    assert "The figures for 2027 are not out yet" in page.text
    sofie.walk(page, {}).press("Send application")
    worker.drain()
    assert records.decision("sofie") is None
    assert records.why("sofie") == ["The figures for %(year)s are not out yet", "There is no confirmed price for a place in %(month)s"]
    assert records.case("sofie").state == "informed"


def test_figures_nobody_has_confirmed_decide_nothing_outside_the_demo(visit, portal_parts, clock, records):
    visit("sofie").apply()
    strict = {"free-place": make_service(figures(), use_unconfirmed=False)}
    make_worker(portal_parts.settings, portal_parts.database, clock, strict, portal_parts.ask).drain()
    assert records.decision("sofie") is None
    assert "Nobody has confirmed the income limits for %(year)s" in records.why("sofie")


def test_what_is_stopped_is_decided_without_asking_about_income(visit, worker, records):
    sofie = visit("sofie")
    check = sofie.fill_in({"reason": {"reason": "stop"}, "stop-month": {"month": "2026-12"}})
    assert "income" not in check.text.lower()
    check.press("Send application")
    worker.drain()
    assert records.decision("sofie").outcome == "stopped"
    assert records.application("sofie")["income"] is None


def test_four_steps_from_the_register_is_decided_and_five_is_not(visit, worker, records, clock):
    # A step of 2026 is 459,400 / 95 = 4,835.79 a year, 402.98 a month; the register has 25,000.
    for gross, state in (("26900", "executed"), ("27100", "informed")):
        clock.move(minutes=1)
        visit("sofie").apply({"income": {"use": "no"}, "payslip": {**PAYSLIP, "gross": gross, "am": "0", "atp": "0"}})
        worker.drain()
        assert records.case("sofie").state == state, gross


def test_the_bills_are_right_the_moment_it_is_decided(visit, worker, records):
    sofie = visit("sofie")
    sofie.apply()
    assert "Your bills are on hold" in sofie.open("/my-page/payments").text
    worker.drain()
    page = sofie.open("/my-page/payments")
    assert "Your bills are on hold" not in page.text
    assert page.rows("months")[1][-1] == "DKK 192.72"


def test_the_case_is_told_with_who_has_the_ball(visit, worker, records, clock):
    sofie = visit("sofie")
    sofie.apply({"children": {"right": "no"}, "correction": {"text": "Noah skifter børnehave"}})
    case = sofie.open(f"/my-page/cases/{records.case('sofie').id}")
    assert "We look your case up in the registers now" in case.text
    worker.drain()
    case = sofie.open(case.path)
    assert f"{(clock.today() + timedelta(days=28)).day} December 2026" in case.text
    assert "A case worker decides your case" in case.text


def test_a_case_withdrawn_while_the_registers_are_asked_is_not_decided(visit, portal_parts, clock, records):
    sofie = visit("sofie")
    sofie.apply()
    case = sofie.open(f"/my-page/cases/{records.case('sofie').id}")

    def ask(register, question, *args):
        if records.case("sofie").state == "submitted":
            case.press("Withdraw the application")
        return portal_parts.ask(register, question, *args)

    make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, ask).drain()

    assert records.events("sofie") == ["submitted", "withdrawn"]
    assert records.decision("sofie") is None
    assert records.letters("sofie") == []
