"""The date examples municipalities give, and section 31 paragraph by paragraph."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.free_place.figures import figures
from forms.free_place.rules import Reason, StartRule, start_month
from portal.months import Month


@pytest.mark.parametrize(
    ("applied", "first", "source"),
    [
        (date(2024, 1, 10), Month(2024, 2), "Lyngby-Taarbæk"),
        (date(2024, 1, 31), Month(2024, 2), "Lyngby-Taarbæk"),
        (date(2024, 1, 20), Month(2024, 2), "Odense"),
        (date(2024, 3, 4), Month(2024, 4), "Slagelse"),
        (date(2024, 5, 15), Month(2024, 6), "Rudersdal"),
        (date(2024, 2, 1), Month(2024, 3), "the first of a month is a day of that month"),
        (date(2026, 12, 31), Month(2027, 1), "over New Year"),
    ],
)
@pytest.mark.parametrize("reason", [Reason.INCOME, Reason.HOUSEHOLD])
def test_starts_on_the_first_of_the_month_after_the_application(reason, applied, first, source):
    start = start_month(reason, applied)
    assert (start.month, start.day, start.rule, start.paragraph) == (first, first.first, StartRule.NEXT_MONTH, "§ 31, stk. 2"), source


def test_first_admission_starts_on_the_day_the_child_does():
    start = start_month(Reason.FIRST_ADMISSION, date(2026, 11, 21), date(2027, 1, 15), 3)
    assert (start.month, start.day, start.rule, start.paragraph) == (Month(2027, 1), date(2027, 1, 15), StartRule.ADMISSION, "§ 31, stk. 1")


@pytest.mark.parametrize(
    ("municipality", "admitted", "last_day"),
    [
        ("0461", date(2026, 8, 1), date(2026, 11, 1)),
        ("0230", date(2026, 8, 1), date(2026, 10, 1)),
        ("0217", date(2026, 8, 1), date(2026, 10, 1)),
        ("0101", date(2026, 12, 31), date(2027, 2, 28)),
        ("0173", date(2026, 8, 31), date(2026, 9, 30)),
        ("0791", date(2026, 8, 1), date(2026, 9, 1)),
    ],
)
def test_the_municipality_limits_how_late_one_may_apply_after_a_first_admission(municipality, admitted, last_day):
    limit = figures().settings[municipality].back_dating_limit_months
    on_time = start_month(Reason.FIRST_ADMISSION, last_day, admitted, limit)
    assert (on_time.day, on_time.limit) == (admitted, last_day)
    day_after = date.fromordinal(last_day.toordinal() + 1)
    late = start_month(Reason.FIRST_ADMISSION, day_after, admitted, limit)
    assert (late.rule, late.paragraph, late.limit) == (StartRule.ADMISSION_TOO_LATE, "§ 31, stk. 2", last_day)
    assert late.month == Month.of(day_after).plus(1)


def test_without_a_municipal_limit_the_regulation_has_none():
    start = start_month(Reason.FIRST_ADMISSION, date(2026, 11, 21), date(2024, 1, 1), None)
    assert (start.day, start.limit) == (date(2024, 1, 1), None)


def test_first_admission_does_not_reach_back_before_the_move():
    start = start_month(Reason.FIRST_ADMISSION, date(2026, 11, 21), date(2026, 9, 1), 3, moved_in=date(2026, 10, 15))
    assert start.day == date(2026, 10, 15)


def test_first_admission_needs_its_day():
    with pytest.raises(ValueError, match="admission date"):
        start_month(Reason.FIRST_ADMISSION, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("applied", "first", "rule"),
    [
        (date(2026, 9, 30), Month(2026, 10), StartRule.NEXT_MONTH),
        (date(2026, 10, 1), Month(2026, 10), StartRule.AFTER_THREE_MONTHS),
        (date(2026, 10, 31), Month(2026, 10), StartRule.AFTER_THREE_MONTHS),
        (date(2026, 11, 1), Month(2026, 12), StartRule.NEXT_MONTH),
    ],
)
def test_after_three_months_without_subsidy_the_month_of_the_application_counts(applied, first, rule):
    start = start_month(Reason.INCOME, applied, lost_subsidy_month=Month(2026, 9))
    assert (start.month, start.rule) == (first, rule)


def test_three_months_lost_to_a_changed_household_give_nothing_back():
    assert start_month(Reason.HOUSEHOLD, date(2026, 10, 5), lost_subsidy_month=Month(2026, 9)).month == Month(2026, 11)


def test_a_stop_counts_from_the_next_month():
    stop = start_month(Reason.STOP, date(2026, 11, 21))
    assert (stop.month, stop.rule) == (Month(2026, 12), StartRule.STOP)


@given(st.dates(date(2013, 1, 1), date(2100, 1, 1)), st.sampled_from([Reason.INCOME, Reason.HOUSEHOLD, Reason.STOP]))
def test_nothing_but_a_first_admission_reaches_back(applied, reason):
    start = start_month(reason, applied)
    assert start.day > applied
    assert (start.day - applied).days <= 31
