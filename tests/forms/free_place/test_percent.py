"""The scale: every row a municipality has printed, rows computed by hand, and what must hold for all households."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forms.free_place.figures import figures
from forms.free_place.rules import (
    Household,
    ImpossibleInput,
    MissingFigures,
    differs_by_five_steps,
    five_steps,
    own_payment_percent,
    percent_with_trail,
    scale_for,
    whole_kroner,
    yearly_income,
)
from portal.months import Month

TODAY = date(2026, 11, 21)
YEARS = sorted(figures().scales)
COUPLE_ONE_CHILD = (False, 1)
SINGLE_ONE_CHILD = (True, 1)

PUBLISHED = [
    (2013, 158_800, COUPLE_ONE_CHILD, 0, "Randers"),
    (2013, 158_801, COUPLE_ONE_CHILD, 5, "Randers"),
    (2013, 162_321, COUPLE_ONE_CHILD, 5, "Randers"),
    (2013, 162_322, COUPLE_ONE_CHILD, 6, "Randers"),
    (2013, 493_300, COUPLE_ONE_CHILD, 100, "Randers"),
    (2015, 164_100, COUPLE_ONE_CHILD, 0, "Randers"),
    (2015, 164_101, COUPLE_ONE_CHILD, 5, "Randers"),
    (2015, 167_738, COUPLE_ONE_CHILD, 5, "Randers"),
    (2015, 167_739, COUPLE_ONE_CHILD, 6, "Randers"),
    (2015, 509_699, COUPLE_ONE_CHILD, 99, "Randers"),
    (2015, 509_700, COUPLE_ONE_CHILD, 100, "Randers"),
    (2019, 177_600, COUPLE_ONE_CHILD, 0, "Helsingør"),
    (2019, 177_601, COUPLE_ONE_CHILD, 5, "København"),
    (2019, 181_538, COUPLE_ONE_CHILD, 5, "København"),
    (2020, 181_500, COUPLE_ONE_CHILD, 0, "København"),
    (2020, 181_501, COUPLE_ONE_CHILD, 5, "Randers, Esbjerg"),
    (2020, 185_524, COUPLE_ONE_CHILD, 5, "Randers, Esbjerg"),
    (2020, 185_525, COUPLE_ONE_CHILD, 6, "Esbjerg"),
    (2020, 563_799, COUPLE_ONE_CHILD, 99, "København, Randers"),
    (2020, 563_800, COUPLE_ONE_CHILD, 100, "København, Randers"),
    (2021, 185_700, COUPLE_ONE_CHILD, 0, "Esbjerg"),
    (2021, 185_701, COUPLE_ONE_CHILD, 5, "Esbjerg"),
    (2021, 189_817, COUPLE_ONE_CHILD, 5, "Esbjerg"),
    (2021, 189_818, COUPLE_ONE_CHILD, 6, "Esbjerg, whose page prints 185.818 by mistake"),
    (2022, 187_900, COUPLE_ONE_CHILD, 0, "København"),
    (2022, 187_901, COUPLE_ONE_CHILD, 5, "København"),
    (2022, 583_699, COUPLE_ONE_CHILD, 99, "København"),
    (2022, 583_700, COUPLE_ONE_CHILD, 100, "København"),
    (2022, 649_447, SINGLE_ONE_CHILD, 100, "Odense"),
    (2022, 649_446, SINGLE_ONE_CHILD, 99, "Odense, one krone below"),
    (2024, 200_300, COUPLE_ONE_CHILD, 0, "København"),
    (2024, 622_199, COUPLE_ONE_CHILD, 99, "København"),
    (2024, 622_200, COUPLE_ONE_CHILD, 100, "København"),
    (2024, 692_289, SINGLE_ONE_CHILD, 100, "Viborg"),
    (2025, 646_499, COUPLE_ONE_CHILD, 99, "lifeindenmark.borger.dk"),
    (2025, 646_500, COUPLE_ONE_CHILD, 100, "lifeindenmark.borger.dk"),
    (2025, 719_322, SINGLE_ONE_CHILD, 100, "lifeindenmark.borger.dk, limit plus raise"),
]

MID_BAND = [
    (6, 207_000, 215_000, 225_400),
    (10, 224_700, 233_500, 244_700),
    (15, 246_900, 256_600, 268_900),
    (20, 269_100, 279_600, 293_100),
    (25, 291_300, 302_700, 317_200),
    (30, 313_500, 325_800, 341_400),
    (35, 335_800, 348_800, 365_600),
    (40, 358_000, 371_900, 389_800),
    (45, 380_200, 395_000, 413_900),
    (50, 402_400, 418_100, 438_100),
    (55, 424_600, 441_100, 462_300),
    (60, 446_800, 464_200, 486_500),
    (70, 491_200, 510_400, 534_800),
    (80, 535_600, 556_500, 583_200),
    (90, 580_000, 602_700, 631_600),
    (99, 620_000, 644_200, 675_100),
]

ROUND_2026 = [
    (220_000, COUPLE_ONE_CHILD, 5),
    (250_000, COUPLE_ONE_CHILD, 11),
    (300_000, COUPLE_ONE_CHILD, 21),
    (350_000, COUPLE_ONE_CHILD, 32),
    (400_000, COUPLE_ONE_CHILD, 42),
    (450_000, COUPLE_ONE_CHILD, 52),
    (500_000, COUPLE_ONE_CHILD, 63),
    (550_000, COUPLE_ONE_CHILD, 73),
    (600_000, COUPLE_ONE_CHILD, 83),
    (640_000, COUPLE_ONE_CHILD, 92),
    (675_000, COUPLE_ONE_CHILD, 99),
    (677_500, COUPLE_ONE_CHILD, 100),
    (400_000, (False, 2), 41),
    (400_000, (False, 3), 39),
    (400_000, SINGLE_ONE_CHILD, 26),
    (400_000, (True, 2), 25),
    (298_800, COUPLE_ONE_CHILD, 21),
    (298_800, SINGLE_ONE_CHILD, 5),
]


def scale(year):
    return figures().scales[year]


@pytest.mark.parametrize(("year", "income", "household", "percent", "source"), PUBLISHED)
def test_gives_what_the_municipalities_have_printed(year, income, household, percent, source):
    assert own_payment_percent(income, *household, scale(year)) == percent, source


@pytest.mark.parametrize("row", MID_BAND)
def test_gives_what_was_computed_by_hand_in_the_middle_of_a_band(row):
    percent, *incomes = row
    found = [own_payment_percent(income, *COUPLE_ONE_CHILD, scale(year)) for year, income in zip((2024, 2025, 2026), incomes, strict=True)]
    assert found == [percent] * 3


@pytest.mark.parametrize(("income", "household", "percent"), ROUND_2026)
def test_gives_what_was_computed_by_hand_for_round_incomes(income, household, percent):
    assert own_payment_percent(income, *household, scale(2026)) == percent


@pytest.mark.parametrize(("monthly", "yearly"), [("33333.33", 400_000), ("24900", 298_800), ("0", 0), ("18175.00", 218_100)])
def test_a_month_times_twelve_is_rounded_to_whole_kroner(monthly, yearly):
    assert yearly_income(Decimal(monthly)) == yearly


def test_half_a_krone_goes_up_so_that_no_income_above_the_limit_is_below_it():
    assert whole_kroner(Decimal("218100.50")) == 218_101


@pytest.mark.parametrize(("year", "yearly", "monthly"), [(2024, 22_205, 1850), (2025, 23_074, 1923), (2026, 24_179, 2015)])
def test_five_steps_are_what_aarhus_prints_for_2024_and_the_same_way_later(year, yearly, monthly):
    assert round(five_steps(scale(year))) == yearly
    assert round(five_steps(scale(year)) / 12) == monthly


def test_five_steps_count_from_the_exact_amount_both_ways():
    row = replace(scale(2026), lower=100_000, upper=195_000)
    assert five_steps(row) == 5000
    assert differs_by_five_steps(205_000, 200_000, row)
    assert differs_by_five_steps(195_000, 200_000, row)
    assert not differs_by_five_steps(204_999, 200_000, row)
    assert not differs_by_five_steps(Decimal("195000.01"), 200_000, row)


def test_the_sum_can_be_followed_step_by_step():
    trail = {step.key: step.value for step in percent_with_trail(400_000, Household(True, 2), scale(2026)).trail}
    assert trail == {
        "yearly_income": 400_000,
        "children": 2,
        "single_raise": 76_317,
        "children_raise": 7_000,
        "lower_limit": 301_417,
        "upper_limit": 760_817,
        "own_percent": 25,
    }


def test_each_step_of_the_sum_names_its_paragraph():
    assert all(step.paragraph.startswith("§ 27") for step in percent_with_trail(1, Household(False, 1), scale(2026)).trail)


@pytest.mark.parametrize("year", [2012, 2016, 2017])
def test_a_year_without_a_row_is_an_error(year):
    with pytest.raises(MissingFigures) as caught:
        scale_for(Month(year, 6), figures(), TODAY, allow_estimate=True)
    assert (caught.value.year, caught.value.what, caught.value.not_out) == (year, "scale", False)


def test_2014_has_no_amount_for_single_parents_but_answers_for_couples():
    assert own_payment_percent(161_700, False, 1, scale(2014)) == 0
    with pytest.raises(MissingFigures, match="single_parent_raise for 2014"):
        own_payment_percent(161_700, True, 1, scale(2014))


def test_a_coming_year_is_an_estimate_only_when_asked_for():
    with pytest.raises(MissingFigures) as caught:
        scale_for(Month(2027, 1), figures(), TODAY)
    assert caught.value.not_out
    coming = scale_for(Month(2027, 1), figures(), TODAY, allow_estimate=True)
    assert coming.estimate
    assert coming.year == 2026


def test_the_present_year_is_never_an_estimate():
    for day in (date(2027, 1, 1), date(2028, 5, 1)):
        with pytest.raises(MissingFigures):
            scale_for(Month(2027, 6), figures(), day, allow_estimate=True)
    with pytest.raises(MissingFigures):
        scale_for(Month(2027, 6), figures(), allow_estimate=True)


def test_a_year_left_out_between_known_ones_is_no_estimate():
    book = replace(figures(), scales={2026: scale(2026), 2028: scale(2026)})
    with pytest.raises(MissingFigures):
        scale_for(Month(2027, 1), book, TODAY, allow_estimate=True)


def test_a_known_year_is_no_estimate_even_when_it_lies_ahead():
    assert not scale_for(Month(2026, 1), figures(), date(2025, 12, 31), allow_estimate=True).estimate


@pytest.mark.parametrize("income", [-1, 10**10, Decimal("1.5")])
def test_an_income_nobody_has_is_refused_without_naming_it(income):
    with pytest.raises(ImpossibleInput) as caught:
        own_payment_percent(income, False, 1, scale(2026))
    assert str(income) not in str(caught.value)


@pytest.mark.parametrize("monthly", ["NaN", "Infinity", "-Infinity", "-0.05", "1e20", "sNaN"])
def test_a_monthly_income_nobody_has_is_refused(monthly):
    with pytest.raises(ImpossibleInput):
        yearly_income(Decimal(monthly))


def test_a_negative_number_of_children_is_refused():
    with pytest.raises(ImpossibleInput):
        own_payment_percent(1, False, -1, scale(2026))


incomes = st.integers(0, 1_200_000)
households = st.tuples(st.booleans(), st.integers(0, 12))
scales = st.sampled_from([row for row in figures().scales.values() if row.single_parent_raise])


@given(incomes, households, scales)
def test_the_percentage_is_nothing_or_from_five_to_a_hundred(income, household, row):
    assert own_payment_percent(income, *household, row) in {0, *range(5, 101)}


@given(incomes, incomes, households, scales)
def test_more_income_never_lowers_the_percentage(one, other, household, row):
    assume(one <= other)
    assert own_payment_percent(one, *household, row) <= own_payment_percent(other, *household, row)


@given(incomes, households, scales)
def test_one_more_child_or_being_single_never_raises_the_percentage(income, household, row):
    single, children = household
    percent = own_payment_percent(income, single, children, row)
    assert own_payment_percent(income, single, children + 1, row) <= percent
    assert own_payment_percent(income, True, children, row) <= percent


@given(incomes, households, scales)
def test_raising_the_limits_is_the_same_as_lowering_the_income(income, household, row):
    raised = row.raise_for(*household)
    moved = replace(row, lower=row.lower + raised, upper=row.upper + raised)
    assert own_payment_percent(income, *household, row) == own_payment_percent(income, False, 1, moved)


@given(scales, st.integers(1, 95))
def test_each_band_is_one_percent_wide_and_ends_on_its_border(row, band):
    border = row.borders[band - 1]
    assert own_payment_percent(border, False, 1, row) == (4 + band if band < 95 else 100)
    assert own_payment_percent(border + 1, False, 1, row) == min(5 + band, 100)


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_nothing_but_the_declared_error_comes_out(monthly):
    with suppress(ImpossibleInput):
        assert yearly_income(monthly) >= 0
