"""The partner approves exactly the income that was shown, whatever the register says from one page to the next."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec.structs import replace as changed

from forms.free_place.answers import stated_base
from forms.free_place.consent import consent_answer
from portal.journey.service import IncompleteAnswer
from portal.registers.errors import RegisterUnavailable
from portal.registers.registers import embedded_registers
from portal.web.citizen import answering
from portal.wiring import make_ask
from tests.portal.walking import PAYSLIP

COUPLE = {"household": {"living": "couple:a1"}}
AGAIN = "Something has changed since you saw this page"
APPROVED = {"other": "no", "agree": "yes"}


class Income:
    """An income register whose answer a test decides: the usual, some kroner more, silent, or nothing."""

    def __init__(self):
        self.says = "usual"
        self._usual = embedded_registers().income

    def months(self, cpr, until, count=3):
        if self.says == "silent":
            raise RegisterUnavailable("income", "timeout")
        if self.says == "nothing":
            return ()
        more = Decimal(2000) if self.says == "more" else Decimal(0)
        return tuple(changed(row, gross=row.gross + more) for row in self._usual.months(cpr, until, count))


@pytest.fixture
def income(portal_app, portal_parts, clock):
    """The income register of the pages."""
    register = Income()
    portal_app.extensions["portal"] = replace(portal_parts, ask=make_ask(replace(embedded_registers(), income=register), clock))
    return register


@pytest.fixture
def first(income, visit, records):
    """Anders looks at what he is asked to approve."""
    visit("maria").apply(COUPLE)
    return visit("anders", fresh=True).open(f"/my-page/tasks/{records.request('maria').id}")


def test_a_register_that_falls_silent_on_the_way_leaves_the_figure_that_was_seen(first, income, worker, records):
    assert "14,900.00" in first.text
    following = first.fill({"use": "yes"}).press()
    income.says = "silent"
    assert following.fill(APPROVED).press().heading == "You have approved"
    answer = records.request("maria").answer
    assert (answer["monthly_base"], answer["payslip"], answer["source"]["kind"]) == ("14900.00", None, "register")
    worker.drain()
    assert records.decision("maria").content["grants"][0]["content"]["own_percent_now"] == 41


def test_a_register_that_falls_silent_before_the_first_answer_leaves_it_too(first, income, records):
    income.says = "silent"
    first.fill({"use": "yes"}).press().fill(APPROVED).press()
    assert records.request("maria").answer["monthly_base"] == "14900.00"


@pytest.mark.parametrize("when", ["before the first answer", "before the last"])
def test_another_figure_is_shown_before_it_is_approved(first, income, records, when):
    if when == "before the first answer":
        income.says = "more"
    last = first.fill({"use": "yes"}).press()
    income.says = "more"

    again = last.fill(APPROVED).press()

    assert (again.status, records.request("maria").answered) == (409, None)
    assert AGAIN in again.text
    assert "16,900.00" in again.text
    again.fill({"use": "yes"}).press().fill(APPROVED).press()
    assert records.request("maria").answer["monthly_base"] == "16900.00"


def test_a_register_that_knows_nothing_any_more_leads_to_the_payslip(first, income, records):
    last = first.fill({"use": "yes"}).press()
    income.says = "nothing"
    again = last.fill(APPROVED).press()
    assert (again.status, again.heading) == (409, "Your income from a payslip")
    again.fill(PAYSLIP).press().fill(APPROVED).press()
    answer = records.request("maria").answer
    assert (answer["monthly_base"], answer["payslip"]["gross"], answer["contested"]) == (None, "28000.00", False)


def test_a_register_that_begins_to_speak_does_not_undo_a_payslip(income, visit, records):
    income.says = "silent"
    visit("maria").apply({**COUPLE, "payslip": PAYSLIP})
    first = visit("anders", fresh=True).open(f"/my-page/tasks/{records.request('maria').id}")
    assert first.heading == "Your income from a payslip"
    following = first.fill(PAYSLIP).press()
    income.says = "usual"
    assert following.fill(APPROVED).press().heading == "You have approved"
    assert stated_base(records.request("maria").answer) == Decimal("25669.00")


def test_what_was_carried_for_more_than_an_hour_is_shown_again(first, records, monkeypatch):
    last = first.fill({"use": "yes"}).press()
    monkeypatch.setattr(answering, "CARRIED_SECONDS", -1)
    again = last.fill(APPROVED).press()
    assert (again.status, records.request("maria").answered) == (422, None)
    assert AGAIN in again.text
    assert "14,900.00" in again.text


def test_a_figure_that_nobody_showed_is_not_approved(first, records):
    again = first.walker.send(first.path, {"version": "1", "carried": "", "use": "yes"})
    assert (again.status, again.heading) == (422, "Your income")


@pytest.mark.parametrize("given", [[], [{"use": "no"}], [{"use": "no"}, {"rhythm": "monthly"}], [{"other": "no", "agree": True}]])
def test_an_answer_without_an_income_is_not_stored(given):
    shown = {"income": [], "status": "unavailable", "on": "2026-11-21"}
    with pytest.raises(IncompleteAnswer):
        consent_answer(shown, given)


def test_a_payslip_of_nothing_is_no_income():
    assert stated_base({"payslip": dict.fromkeys(("rhythm", "gross", "am", "atp", "pension", "remark"))}) is None
