from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.months import Month
from portal.registers.income import IncomeMonth

AMOUNTS = st.decimals(Decimal("-99999999.99"), Decimal("99999999.99"), places=2)


def month(gross: Decimal, am: Decimal = Decimal(0), atp: Decimal = Decimal(0), pension: Decimal = Decimal(0)) -> IncomeMonth:
    return IncomeMonth(month=Month(2026, 10), gross=gross, am=am, atp=atp, pension=pension, kind="wage")


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_base_is_exact(gross: Decimal, am: Decimal, atp: Decimal, pension: Decimal) -> None:
    assert month(gross, am, atp, pension).base + am + atp + pension == gross


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "0.001", "100000000", "-1e8", "1e999999", "1e-999999"])
def test_what_is_no_amount_is_refused_without_quoting_it(amount: str) -> None:
    for name in ("gross", "am", "atp", "pension"):
        with pytest.raises(ValueError, match=r"^not an amount of money$"):
            month(**{"gross": Decimal(0), name: Decimal(amount)})
