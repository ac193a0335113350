"""Who is counted in the household (dagtilbudsbekendtgørelsen section 27(2)-(4))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.months import Month

ADULT_AGE = 18


@dataclass(frozen=True)
class Household:
    """What the scale needs to know: single parent or couple, and the children under 18 at home."""

    is_single: bool
    children_under_18: int


def is_single_parent(has_partner: bool, partner_in_prison_over_three_months: bool = False) -> bool:
    """Single: no spouse and no partner in a relationship like marriage, or one in prison for more than 3 months.

    Section 27(4). The address register does not decide it; the parent's declaration does until something speaks
    against it.
    """
    return not has_partner or partner_in_prison_over_three_months


def is_counted(born: date, month: Month) -> bool:
    """Whether a child at home raises the limits in `month`: born by its end and under 18 on its first day.

    Section 27(3) says under 18 and names no day; the first of the month is read as the day, because the subsidy is
    set month by month.
    """
    return Month.of(born) <= month and month.first < _birthday(born, ADULT_AGE)


def household_in(month: Month, is_single: bool, births: Iterable[date]) -> Household:
    """The household in `month`, from the birth dates of all children living at home."""
    return Household(is_single, sum(is_counted(born, month) for born in births))


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
