"""Whole journeys without a browser: each demo family from the first page to what became of its application."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from portal.clock import COPENHAGEN
from portal.months import Month
from portal.payments import bills
from portal.registers.demo import demo_persons
from portal.storage.people import ensure_person
from tests.portal.walking import PAYSLIP, START

COUPLE = {"household": {"living": "couple:a1"}}
# What the six families whose registers fail or are empty write by hand.
BY_HAND = {
    "payslip": PAYSLIP,
    "home": {"municipality": "0461", "children": "1"},
    "correction": {"text": "Karl går i Børnehaven Tankespillet siden august 2025."},
}


def bill(parts, key, *, first, months):
    """Send somebody the bills of some months as they were before any subsidy, unpaid."""
    service, now, today = parts.services["free-place"], parts.clock.now(), parts.clock.today()
    facts = service.gather(parts.ask, demo_persons()[key].cpr, today)
    plan = service.expected_plan(facts, [], first, today, None, months)
    with parts.database.transaction() as work:
        person = ensure_person(work, demo_persons()[key].cpr, now)
        for month in plan.months:
            bills.issue(work, person.id, month, datetime.combine(month.month.first + timedelta(days=19), time(8), COPENHAGEN))


def payments(walker):
    """The page of payments, and its months: (month, its state and notes; what is paid)."""
    page = walker.open("/my-page/payments")
    return page, [(f"{cells[0]} {cells[1]}", cells[-1]) for cells in page.rows("months")]


def test_a_single_parent_is_decided_when_the_application_is_sent(visit, worker, records):
    sofie = visit("sofie")
    receipt = sofie.apply()
    assert receipt.heading == "We have received your application"
    assert "If they confirm everything, your case is decided at once" in receipt.text

    worker.drain()

    assert records.events("sofie") == ["submitted", "decided", "carried_out", "letter_delivered"]
    case = sofie.open(f"/my-page/cases/{records.case('sofie').id}")
    assert "You get the free-place subsidy from December 2026. You pay 6 percent of the price." in case.text
    letter = case.link("Read the letter with the reasons")
    # 25,000 a month; the limit of a single parent is 218,100 + 76,317; one band above it is 6 percent.
    assert "Your household's income is DKK 300,000.00 a year. With that you pay 6 percent" in letter.text
    assert "You can appeal within 4 weeks" in letter.text
    assert "§ 31" in letter.text
    pdf = sofie.browser.get(f"{letter.path}/pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")


def test_twelve_months_follow_from_the_decision(visit, worker, records):
    sofie = visit("sofie")
    sofie.apply()
    worker.drain()

    _page, months = payments(sofie)

    # 2,503 and 709 for lunch; 6 percent from December; nothing in July; the figures of 2027 are not out.
    assert [amount for _month, amount in months] == ["DKK 3,212.00", *["DKK 192.72"] * 7, "DKK 0.00", *["DKK 192.72"] * 3]
    assert [month[:22] for month, _amount in months[:2]] == ["November 2026 Expected", "December 2026 Expected"]
    assert all("2027 Estimate" in month for month, amount in months[2:] if amount != "DKK 0.00")
    assert "Your free-place subsidy starts" in months[1][0]
    assert months[8][0] == "July 2027 You pay nothing this month."


def test_bills_are_on_hold_while_nobody_has_decided(visit, records):
    sofie = visit("sofie")
    sofie.apply()

    page, months = payments(sofie)

    assert "Your bills are on hold" in page.text
    assert [("On hold" in month) for month, _amount in months[:3]] == [False, True, True]


def test_a_first_admission_counts_from_the_first_day(visit, worker, portal_parts, records):
    bill(portal_parts, "camilla", first=Month(2026, 11), months=1)
    camilla = visit("camilla")
    check = camilla.fill_in({"reason": {"reason": "first_admission"}})
    assert "From which month?November 2026" in check.text
    check.press("Send application")
    worker.drain()

    page, months = payments(camilla)

    # 298,800 a year is in the first band of a single parent: 5 percent of 3,961 + 709.
    assert [amount for _month, amount in months[:2]] == ["DKK 233.50", "DKK 233.50"]
    assert "We have corrected your bills" in page.text
    assert "Your bill for November 2026 was DKK 4,670.00. It is now DKK 233.50. Pay the new amount only." in page.text
    decision = records.decision("camilla")
    assert [grant["from"] for grant in decision.content["grants"]] == ["2026-11"]


def test_a_bill_on_hold_is_not_asked_for(visit, worker, portal_parts):
    bill(portal_parts, "camilla", first=Month(2026, 11), months=1)
    camilla = visit("camilla")
    camilla.apply({"reason": {"reason": "first_admission"}})

    page, months = payments(camilla)

    assert "On hold" in months[0][0]
    assert "Next payment" not in page.text


def test_a_refusal_is_heard_first(visit, worker, records):
    henrik = visit("henrik")
    henrik.apply({**COUPLE, "partner-income": {"estimate": "31000"}})
    louise = visit("louise", fresh=True)
    louise.approve(records.request("henrik").id)
    worker.drain()

    told = [event for event in records.events("henrik") if event != "letter_delivered"]
    assert told == ["submitted", "consent_asked", "consent_given", "hearing_asked"]
    assert records.decision("henrik") is None
    hearing = henrik.open(f"/my-page/tasks/{records.request('henrik', 'hearing').id}")
    assert "Your household's income together is DKK 67,000.00 a month." in hearing.text
    assert hearing.fill({"answer": "agreed"}).press("Send answer").status == 200
    worker.drain()

    decision = records.decision("henrik")
    assert decision.outcome == "refused"
    assert decision.automatic
    letter = henrik.open(f"/my-page/post/{records.letters('henrik')[-1].id}")
    assert letter.heading == "You cannot get the free-place subsidy"
    # 67,000 x 12 against 677,500 + 7,000 for the second child.
    assert "DKK 804,000.00 a year. The limit for your household is DKK 684,500.00" in letter.text
    assert "You can appeal" in letter.text
    _page, months = payments(henrik)
    assert not any("On hold" in month for month, _amount in months)
    # A refusal changes no bill: Viggo 3,961 + 709, Agnes half of 2,503 + 709 as the sibling.
    assert months[0][1] == months[1][1] == "DKK 6,276.00"


def test_the_self_employed_wait_for_a_case_worker_and_are_told(visit, worker, records):
    soeren = visit("soeren")
    receipt = soeren.apply(
        {
            "payslip": {**PAYSLIP, "gross": "0", "am": "0", "atp": "0"},
            "other-income": {"kinds": ["self_employed"]},
            "other-amounts": {"self_employed": "240000"},
        }
    )
    assert receipt.status == 200
    worker.drain()

    assert "The applicant has their own business" in records.why("soeren")
    assert records.decision("soeren") is None
    case = soeren.open(f"/my-page/cases/{records.case('soeren').id}")
    assert "With a case worker" in case.text
    assert "We expect it to be done by 19 December 2026" in case.text


@pytest.mark.parametrize(
    ("key", "step", "told", "reason"),
    [
        ("trine", "payslip", "The income register does not answer", "The income register did not answer"),
        ("nanna", "payslip", "The income register does not answer", "The income register did not answer"),
        ("torben", "household", "The people register does not answer", "The people register did not answer"),
        ("torben", "correction", "The list of places does not answer", "The list of day-care places did not answer"),
        ("emma", "correction", "The municipality knows of no day-care place", "There is no place in day care to give a subsidy for"),
    ],
)
def test_a_silent_register_is_told_and_the_citizen_goes_on_by_hand(visit, worker, records, key, step, told, reason):
    citizen = visit(key)
    page = citizen.fill_in(BY_HAND, until=step)
    assert told in page.text

    assert citizen.walk(page, BY_HAND).press("Send application").heading == "We have received your application"
    worker.drain()

    assert records.case(key).state == "informed"
    assert reason in records.why(key)
    assert records.decision(key) is None


@pytest.mark.parametrize("key", ["torben", "emma"])
def test_nobody_is_said_to_contest_what_no_register_told(visit, worker, records, key):
    visit(key).apply(BY_HAND)
    worker.drain()

    assert "The applicant says that the list of places is wrong or incomplete" not in records.why(key)
    assert records.application(key)["places"]["source"]["kind"] == "citizen"


def test_somebody_who_says_that_a_place_is_wrong_is_heard(visit, worker, records):
    visit("sofie").apply({"children": {"right": "no"}, "correction": {"text": "Noah stoppede i oktober."}})
    worker.drain()

    assert records.why("sofie") == ["The applicant says that the list of places is wrong or incomplete"]
    assert records.application("sofie")["places"]["correction"] == "Noah stoppede i oktober."


def test_somebody_whose_income_is_far_from_the_register_is_looked_at(visit, worker, records):
    visit("sofie").apply({"income": {"use": "no"}, "payslip": {**PAYSLIP, "gross": "18000", "am": "1440"}})
    worker.drain()

    assert records.why("sofie") == ["The applicant's income differs from the register by five steps or more"]
    income = records.application("sofie")["income"]
    assert (income["contested"], income["register_base"], income["source"]["kind"]) == (True, "25000.00", "citizen")
    assert Decimal(income["monthly_base"]) == Decimal(18000 - 1440 - 99)


@pytest.mark.parametrize(
    ("key", "answers", "reason"),
    [
        ("yasmin", {}, "A place is in a private institution, which is worked out in another way"),
        ("mads", {}, "A place is part-time, and its price must be looked up"),
        ("amira", {}, "Applies as a single parent, but the people register shows a partner at the address"),
        ("rikke", {}, "Applies as a single parent, but the people register shows a marriage"),
        (
            "sofie",
            {"other-income": {"kinds": ["shares"]}, "other-amounts": {"shares": "9000"}},
            "The applicant has other income that the register does not show",
        ),
    ],
)
def test_what_is_not_objective_waits_with_the_reason(visit, worker, records, key, answers, reason):
    visit(key).apply(answers)
    worker.drain()

    assert records.case(key).state == "informed"
    assert reason in records.why(key)


def test_a_partner_elsewhere_is_named_by_number_and_a_person_looks(visit, worker, records):
    rasmus = demo_persons()["rasmus"].cpr
    visit("sofie").apply({"household": {"living": "couple"}, "partner-number": {"cpr": rasmus}})
    visit("rasmus", fresh=True).approve(records.request("sofie").id)
    worker.drain()

    assert records.why("sofie") == ["The partner is not the one the people register shows"]
    assert not records.application("sofie")["household"]["partner"]["registered"]


def test_the_subsidy_stops_when_asked(visit, worker, records, clock):
    sofie = visit("sofie")
    sofie.apply()
    worker.drain()
    clock.move(days=1)
    sofie.apply({"reason": {"reason": "stop"}, "stop-month": {"month": "2027-02"}})
    worker.drain()

    assert records.decision("sofie").outcome == "stopped"
    _page, months = payments(sofie)
    assert [amount for _month, amount in months[1:4]] == ["DKK 192.72", "DKK 192.72", "DKK 3,212.00"]


def test_somebody_under_18_is_told_what_to_do_instead(visit, records):
    page = visit("lukas").begin()
    assert page.heading == "You must be 18 to apply"
    assert "Ask the parent who pays" in page.text
    assert records.count("drafts") == 0


def test_an_open_case_is_named_before_another_is_begun(visit):
    sofie = visit("sofie")
    sofie.apply()
    assert "You have an open case" in sofie.open(START).text


def test_an_application_is_withdrawn_and_nothing_is_on_hold(visit, worker, records):
    sofie = visit("sofie")
    sofie.apply()
    sofie.open(f"/my-page/cases/{records.case('sofie').id}").press("Withdraw the application")
    worker.drain()

    assert records.events("sofie") == ["submitted", "withdrawn"]
    assert records.decision("sofie") is None
    page, months = payments(sofie)
    assert "Your bills are on hold" not in page.text
    assert not any("On hold" in month for month, _amount in months)


def test_danish_is_danish_all_the_way(visit, worker, records):
    sofie = visit("sofie", "da")
    receipt = sofie.apply()
    assert receipt.heading == "Vi har modtaget din ansøgning"
    worker.drain()

    letter = sofie.open(f"/my-page/post/{records.letters('sofie')[0].id}")
    assert "Du betaler 6 procent af prisen" in letter.text
    assert "300.000,00 kr." in letter.text
    _page, months = payments(sofie)
    assert [amount for _month, amount in months[:2]] == ["3.212,00 kr.", "192,72 kr."]
    assert months[0][0].startswith("November 2026")
