"""The tables of expected payments: every month once, every change told, nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from portal.i18n import use_locale
from portal.months import Month
from portal.payments.bills import Bill
from portal.payments.lines import Plan, PlanLine, PlanMonth, Why
from portal.web.citizen.payment_tables import tables_of
from portal.web.citizen.payment_words import correction, said_of
from portal.web.citizen.payments import Expected

FIRST = Month(2026, 11)
TODAY = date(2026, 11, 21)
NBSP = "\xa0"


@pytest.fixture(autouse=True)
def english() -> Any:
    """The words as they are written."""
    with use_locale("en"):
        yield


def line(key: str, number: int, own: str = "1000.00", **more: Any) -> PlanLine:
    """One child's month without subsidies, due on the 11th of the next."""
    month = FIRST.plus(number)
    known: dict[str, Any] = {
        "child_key": key,
        "child_name": key.title(),
        "place_kind": "vuggestue",
        "month": month,
        "rate": Decimal(own),
        "lunch": Decimal(0),
        "free_place": Decimal(0),
        "sibling": Decimal(0),
        "own_payment": Decimal(own),
        "own_percent": None,
        "state": "expected",
        "estimate": False,
        "why": (),
        "source_year": 2026,
        "due": month.plus(1).first.replace(day=11),
    }
    return PlanLine(**known | more)


def expected(*months: list[PlanLine], **more: Any) -> Expected:
    """What is expected of these months."""
    plan = Plan(tuple(PlanMonth(FIRST.plus(number), tuple(lines)) for number, lines in enumerate(months)))
    return Expected(**{"plan": plan, "past": [], "status": "ok", "known_on": TODAY, "bills": {}, "held_from": None, "today": TODAY} | more)


def missing(key: str, number: int) -> PlanLine:
    """A month whose price is not known."""
    nothing = dict.fromkeys(("rate", "lunch", "free_place", "sibling", "own_payment", "due"))
    return replace(line(key, number), **nothing, missing="price", why=(Why.MISSING,))


def test_every_month_is_one_row_with_each_child_and_the_sum() -> None:
    table = tables_of(expected(*([line("ida", n), line("emil", n, "500.50"), line("ava", n, "1.00")] for n in range(12)))).months
    assert table is not None
    assert table.columns == ["Month", "Ida", "Emil", "Ava", "Total"]
    assert [row.header for row in table.rows][:3] == [f"November{NBSP}2026", f"December{NBSP}2026", f"January{NBSP}2027"]
    assert [list(row.cells) for row in table.rows] == [[Decimal("1000.00"), Decimal("500.50"), Decimal("1.00"), Decimal("1501.50")]] * 12
    assert table.rows[0].note == f"Pay by 11{NBSP}December{NBSP}2026."


def test_months_alike_are_told_together_and_changes_begin_a_new_stretch() -> None:
    months = [
        [
            line(
                "ida", n, "1000.00" if n < 2 else "400.00", own_percent=None if n < 2 else 40, why=(Why.SUBSIDY_STARTS,) if n == 2 else ()
            ),
            line("emil", n),
        ]
        for n in range(5)
    ]
    ida, emil = tables_of(expected(*months)).children
    assert [row.header for row in ida.rows] == [f"November{NBSP}2026 to December{NBSP}2026", f"January{NBSP}2027 to March{NBSP}2027"]
    assert ida.rows[1].note == "Your free-place subsidy starts. With the free-place subsidy you pay 40 percent of the price."
    assert [row.header for row in emil.rows] == [f"November{NBSP}2026 to March{NBSP}2027"]
    assert ida.caption == "Ida, nursery"


def test_months_without_a_place_are_no_part_of_a_stretch() -> None:
    months = [[line("ida", 0), line("emil", 0)], [line("emil", 1)], [line("ida", 2), line("emil", 2)]]
    tables = tables_of(expected(*months))
    assert [row.header for row in tables.children[0].rows] == [f"November{NBSP}2026", f"January{NBSP}2027"]
    assert tables.months is not None
    assert tables.months.rows[1].cells[0] == "No place"


def test_missing_price_gives_words_and_no_amount() -> None:
    tables = tables_of(expected([missing("ida", 0), line("emil", 0)]))
    assert tables.months is not None
    (row,) = tables.months.rows
    assert list(row.cells) == ["Not known", Decimal("1000.00"), "Not known"]
    assert "Ida: We do not have the municipality's price for this place." in row.note
    assert row.tag == ""
    assert set(tables.children[0].rows[0].cells) == {"Not known"}


def test_reason_is_said_of_the_child_it_is_about_or_of_all() -> None:
    both, one = (Why.SUBSIDY_STARTS,), (Why.SUBSIDY_STARTS, Why.SIBLING_STARTS)
    tables = tables_of(expected([line("ida", 0, why=both, due=None), line("emil", 0, why=one, due=None)]))
    assert tables.months is not None
    assert tables.months.rows[0].note == "Your free-place subsidy starts. Emil: Your sibling subsidy starts."


def test_estimates_are_marked_in_both_tables_and_the_chart() -> None:
    tables = tables_of(expected([line("ida", 0), line("emil", 0)], [line("ida", 1, estimate=True), line("emil", 1)]))
    assert tables.months is not None
    assert [row.tag for row in tables.months.rows] == ["Expected", "Estimate"]
    assert [row.tag for row in tables.children[0].rows] == ["", "Estimate"]
    assert [bar["state"] for bar in tables.chart] == ["expected", "estimate"]


def test_months_on_hold_have_no_day_to_pay_by() -> None:
    tables = tables_of(expected([line("ida", 0, state="held"), line("emil", 0, state="held", estimate=True)], held_from=FIRST))
    assert tables.months is not None
    assert (tables.months.rows[0].tag, tables.months.rows[0].note) == ("On hold, estimate", "")
    assert tables.chart[0]["state"] == "hold"


def test_children_in_different_states_are_told_one_by_one() -> None:
    tables = tables_of(expected([line("ida", 0, state="paid", due=None), line("emil", 0, due=None)]))
    assert tables.months is not None
    assert (tables.months.rows[0].tag, tables.months.rows[0].note) == ("", "Ida: paid. Emil: expected.")


def test_columns_of_nothing_are_left_out_and_said() -> None:
    table = tables_of(expected([line("ida", 0)])).months
    assert table is not None
    assert table.columns == ["Month", "Price", "Less free-place subsidy", "You pay"]
    assert table.without == "There is no lunch scheme to pay for, and no sibling subsidy."


def test_nothing_at_all_is_no_table() -> None:
    tables = tables_of(Expected(None, [], "none", None, {}, None, TODAY))
    assert (tables.months, tables.children, tables.chart, tables.past) == (None, [], [], None)


def bill(month: Month, before: str, after: str, *, paid: bool) -> Bill:
    """A bill and its correction."""
    moment = datetime(2026, 11, 20, tzinfo=timezone.utc)
    return Bill(month, {}, date(2026, 12, 11), moment, moment if paid else None, Decimal(after), Decimal(before))


@pytest.mark.parametrize(
    ("before", "after", "paid", "end"),
    [
        ("4670.00", "233.50", False, "Pay the new amount only."),
        ("4670.00", "233.50", True, f"You have paid DKK{NBSP}4,436.50 too much. The municipality settles it with you."),
        ("233.50", "4670.00", True, f"There is DKK{NBSP}4,436.50 more to pay."),
    ],
)
def test_correction_says_before_after_and_what_to_do(before: str, after: str, end: str, *, paid: bool) -> None:
    text = correction(bill(FIRST, before, after, paid=paid))
    assert text.startswith(f"Your bill for November{NBSP}2026 was DKK{NBSP}{Decimal(before):,}. It is now DKK{NBSP}{Decimal(after):,}.")
    assert text.endswith(end)


def test_unpaid_bill_comes_before_what_is_only_expected_and_is_late_after_its_day() -> None:
    october = bill(Month(2026, 10), "100.00", "100.00", paid=False)
    late = replace(october, due=date(2026, 11, 11))
    next_one = expected([line("ida", 0)], bills={late.month: late}).next_payment
    assert next_one is not None
    assert (next_one.month, next_one.amount, next_one.billed, next_one.late) == (late.month, Decimal("100.00"), True, True)


def test_next_payment_skips_what_is_on_hold_paid_or_free() -> None:
    paid = bill(FIRST, "1.00", "1.00", paid=True)
    months = [[line("ida", 0)], [line("ida", 1, "0.00")], [line("ida", 2, state="held")], [line("ida", 3, estimate=True)]]
    next_one = expected(*months, bills={FIRST: paid}).next_payment
    assert next_one is not None
    assert (next_one.month, next_one.billed, next_one.estimate) == (FIRST.plus(3), False, True)
    assert expected([line("ida", 0, state="held")], held_from=FIRST).next_payment is None


def test_estimates_name_the_year_of_the_prices_really_used() -> None:
    months = [[line("ida", 0)], [line("ida", 1, estimate=True, source_year=2026)], [line("ida", 2, estimate=True, source_year=2025)]]
    said = said_of(expected(*months)).estimates
    assert said.startswith(
        "Months marked “estimate” are worked out with the prices of 2025. The figures for 2026 and 2027 are not out yet."
    )
    assert "prices" not in said_of(expected([line("ida", 2, month=Month(2027, 1), source_year=2027, estimate=True)])).estimates
    assert said_of(expected([line("ida", 0)])).estimates == ""


def test_an_estimate_to_pay_next_names_the_year_too() -> None:
    said = said_of(expected([line("ida", 0, "0.00")], [line("ida", 1, "0.00")], [line("ida", 2, estimate=True, source_year=2025)]))
    assert said.next.endswith("The amount is an estimate, worked out with the prices of 2025.")


def test_months_nobody_knows_the_price_of_are_told_before_the_next_payment() -> None:
    january = line("ida", 2, estimate=True, source_year=2025)
    said = said_of(expected([missing("ida", 0)], [missing("ida", 1)], [january], [missing("ida", 3)]))
    assert said.unknown == f"We do not know the price for November{NBSP}2026 and December{NBSP}2026 yet."
    assert said_of(expected([line("ida", 0)], [missing("ida", 1)])).unknown == ""
    assert said_of(expected([missing("ida", 0)])).unknown == f"We do not know the price for November{NBSP}2026 yet."


def test_months_on_hold_are_not_called_unknown() -> None:
    assert said_of(expected([replace(missing("ida", 0), state="held")], held_from=FIRST)).unknown == ""


def test_the_first_other_amount_after_the_next_payment_is_told_with_its_month() -> None:
    free = line("ida", 1, "0.00", free_month=True)
    said = said_of(expected([line("ida", 0)], [free], [line("ida", 2)], [line("ida", 3, "400.00")], [line("ida", 4, "500.00")]))
    assert said.change == f"For February{NBSP}2027 you will pay DKK{NBSP}400.00."
    assert said_of(expected([line("ida", 0)], [free], [line("ida", 2)])).change == ""
    assert said_of(expected([line("ida", 0)], [line("ida", 1, "400.00", state="held")])).change == ""


def test_a_change_after_a_bill_that_is_sent_is_told() -> None:
    november = bill(FIRST, "1000.00", "1000.00", paid=False)
    said = said_of(expected([line("ida", 0, "990.00")], [line("ida", 1, "410.00")], bills={FIRST: november}))
    assert said.change == f"For December{NBSP}2026 you will pay DKK{NBSP}410.00."


def test_a_child_whose_name_is_known_is_named_in_the_reason() -> None:
    why = (Why.AGE_LOWERS_RATE,)
    tables = tables_of(expected([line("viggo", 0, why=why, due=None), line("agnes", 0, due=None)]))
    assert tables.months is not None
    assert tables.months.rows[0].note == "Viggo is now old enough for the kindergarten price."
    nameless = tables_of(expected([line("viggo", 0, why=why, due=None, child_name=None), line("agnes", 0, due=None)]))
    assert nameless.months is not None
    assert nameless.months.rows[0].note == "Child 1: Your child is now old enough for the kindergarten price."
