"""Who counts in the household."""

from datetime import date

import pytest

from forms.free_place.rules import Household, household_in, is_counted, is_single_parent
from portal.months import Month


@pytest.mark.parametrize(
    ("born", "month", "counted"),
    [
        (date(2009, 1, 1), Month(2026, 12), True),
        (date(2009, 1, 1), Month(2027, 1), False),
        (date(2009, 1, 2), Month(2027, 1), True),
        (date(2009, 1, 2), Month(2027, 2), False),
        (date(2008, 2, 29), Month(2026, 2), True),
        (date(2008, 2, 29), Month(2026, 3), False),
        (date(2026, 12, 31), Month(2026, 12), True),
        (date(2026, 12, 31), Month(2026, 11), False),
    ],
)
def test_a_child_counts_until_the_first_of_a_month_on_which_it_is_18(born, month, counted):
    assert is_counted(born, month) is counted


def test_all_children_at_home_count_not_only_those_in_day_care():
    births = [date(2024, 3, 1), date(2012, 5, 1), date(2005, 1, 1)]
    assert household_in(Month(2026, 12), False, births) == Household(False, 2)


@pytest.mark.parametrize(("partner", "prison", "single"), [(False, False, True), (True, False, False), (True, True, True)])
def test_who_is_a_single_parent(partner, prison, single):
    assert is_single_parent(partner, prison) is single
