"""Until when a decision can be appealed."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.cases.appeals import appeal_until


def test_four_weeks_from_the_day_the_letter_came() -> None:
    assert appeal_until(date(2026, 11, 21)) == date(2026, 12, 19)
    assert appeal_until(date(2026, 12, 10)) == date(2027, 1, 7)


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_it_is_the_same_day_of_the_week(delivered: date) -> None:
    assert appeal_until(delivered).weekday() == delivered.weekday()
    assert (appeal_until(delivered) - delivered).days == 28
