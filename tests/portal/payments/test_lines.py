"""Months of a plan: totals, due days, states and words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

from portal.i18n import use_locale
from portal.months import Month
from portal.payments import words
from portal.payments.lines import Missing, Plan, PlanLine, PlanMonth, State, Why

D = Decimal
MAY = Month(2026, 5)
LINE = PlanLine("a", "Ida", "vuggestue", MAY, D(3961), D(0), D(2000), D(0), D(1961), 50, "expected", False, (), 2026, date(2026, 6, 11))
GAP = replace(LINE, child_key="b", rate=None, lunch=None, free_place=None, sibling=None, own_payment=None, due=None, missing="price")


def test_a_month_sums_its_lines():
    assert PlanMonth(MAY, (LINE, replace(LINE, own_payment=D("0.50")))).total == D("1961.50")


def test_a_month_with_a_gap_has_no_total_for_a_part_would_mislead():
    assert PlanMonth(MAY, (LINE, GAP)).total is None


def test_a_month_without_lines_costs_nothing():
    assert PlanMonth(MAY, ()).total == 0
    assert PlanMonth(MAY, ()).due is None


def test_a_month_is_due_when_its_first_line_is():
    assert PlanMonth(MAY, (LINE, GAP, replace(LINE, due=date(2026, 5, 1)))).due == date(2026, 5, 1)


def test_a_month_is_held_estimated_or_changed_when_a_line_is():
    still = PlanMonth(MAY, (LINE,))
    assert (still.held, still.estimate, still.changed) == (False, False, False)
    moved = PlanMonth(MAY, (LINE, replace(LINE, state="held", estimate=True, why=(Why.ESTIMATE,))))
    assert (moved.held, moved.estimate, moved.changed) == (True, True, True)


def test_states_are_set_by_child_and_month():
    plan = Plan((PlanMonth(MAY, (LINE, GAP)),)).with_states({("b", MAY): "invoiced", ("a", Month(2026, 6)): "paid"})
    assert [line.state for line in plan.months[0].lines] == ["expected", "invoiced"]


def test_everything_a_line_can_say_has_words():
    assert set(words.WHY) == set(Why)
    assert set(words.STATES) == set(get_args(State))
    assert set(words.MISSING) == set(get_args(Missing))


def test_a_sent_bill_says_when_to_pay():
    with use_locale("en"):
        assert words.state_text(replace(LINE, state="invoiced")).replace("\N{NO-BREAK SPACE}", " ") == "Bill sent. Pay by 11 June 2026"
        assert words.state_text(replace(LINE, state="paid")) == "Paid"
