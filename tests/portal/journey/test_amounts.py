"""Amounts as people in Denmark type them: read exactly, or refused, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.i18n import NBSP
from portal.journey.amounts import AmountProblem, parse_amount

LIMIT = Decimal(10_000_000)


@given(st.decimals(0, LIMIT, places=2), st.booleans(), st.sampled_from(["", " kr.", f"{NBSP}kr", " DKK"]))
def test_an_amount_written_in_danish_is_read_exactly(amount, grouped, unit):
    whole, _point, part = f"{amount:,.2f}".partition(".")
    text = (whole.replace(",", ".") if grouped else whole.replace(",", "")) + "," + part + unit
    assert parse_amount(text, LIMIT) == amount


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_amount_within_bounds_or_a_known_problem(text):
    assert outcome(text) in {"an amount", "money_letters", "money_negative", "money_decimals", "money_mixed", "money_too_big"}


def outcome(text):
    """What becomes of a text: an amount within bounds, or the code of its problem."""
    try:
        return "an amount" if 0 <= parse_amount(text, LIMIT) <= LIMIT else "out of bounds"
    except AmountProblem as problem:
        return problem.code


@pytest.mark.parametrize("text", ["12,500", "12,500.50", "1.23", "1.2345", "12.50", "1,2,3", "1.000,5.0"])
def test_what_could_mean_two_things_is_never_guessed(text):
    with pytest.raises(AmountProblem) as problem:
        parse_amount(text, LIMIT)
    assert problem.value.code == "money_mixed"


@pytest.mark.parametrize("text", ["1" * 31, "9" * 400, "10.000.000,01"])
def test_too_much_is_too_much(text):
    with pytest.raises(AmountProblem) as problem:
        parse_amount(text, LIMIT)
    assert problem.value.code == "money_too_big"
