"""Kroner for each place: the worked examples on Odense's rates, the order of siblings, and sums to the øre."""

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.free_place.figures import KINDS, Rounding, figures
from forms.free_place.rules import (
    ImpossibleInput,
    MissingFigures,
    PlaceRate,
    month_payments,
    own_payment_percent,
    takes_part,
    total,
)
from portal.months import Month

D = Decimal
ODENSE = figures().settings["0461"]
GRIBSKOV = figures().settings["0270"]
ORE = Rounding()
MONTH = Month(2026, 12)
VUGGESTUE = PlaceRate("a", "vuggestue", D(3961))
BOERNEHAVE = PlaceRate("b", "boernehave", D(2503))


def pay(places, percent, settings=ODENSE, rounding=ORE, month=MONTH):
    return month_payments(places, percent, settings, rounding, month)


def percent_2026(income, single, children):
    return own_payment_percent(income, single, children, figures().scales[2026])


@pytest.mark.parametrize(
    ("case", "household", "percent", "places", "after_free_place", "own"),
    [
        ("A", (400_000, False, 1), 42, [VUGGESTUE], ["1663.62"], ["1663.62"]),
        ("B", (420_000, False, 2), 45, [VUGGESTUE, BOERNEHAVE], ["1782.45", "1126.35"], ["1782.45", "563.18"]),
        ("C", (300_000, True, 2), 0, [BOERNEHAVE, BOERNEHAVE], ["0", "0"], ["0", "0"]),
        ("D", (298_800, True, 1), 5, [replace(VUGGESTUE, lunch=D(709))], ["233.50"], ["233.50"]),
        ("E", (700_000, False, 3), 100, [VUGGESTUE, BOERNEHAVE], ["3961", "2503"], ["3961", "1251.50"]),
    ],
)
def test_worked_examples_on_odense_rates(case, household, percent, places, after_free_place, own):
    assert percent_2026(*household) == percent, case
    paid = pay(places, percent)
    assert [one.rate + one.lunch - one.free_place for one in paid] == [D(amount) for amount in after_free_place]
    assert [one.own for one in paid] == [D(amount) for amount in own]


def test_the_issues_household_in_odense_by_hand():
    """400,000 kr., couple, 2 children: 41 %. 3,961 × 41 % = 1,624.01; 2,503 × 41 % = 1,026.23, half of it 513.115."""
    percent = percent_2026(400_000, False, 2)
    assert percent == 41
    first, second = pay([VUGGESTUE, BOERNEHAVE], percent)
    assert (first.free_place, first.sibling, first.own) == (D("2336.99"), D(0), D("1624.01"))
    assert (second.free_place, second.sibling, second.own) == (D("1476.77"), D("513.11"), D("513.12"))
    assert total([first, second]) == D("2137.13")


def test_the_dearest_pays_full_wherever_it_stands():
    second, first = pay([BOERNEHAVE, VUGGESTUE], 100)
    assert (first.pays_full, first.sibling) == (True, 0)
    assert (second.pays_full, second.sibling) == (False, D("1251.50"))


def test_of_equal_places_one_pays_full():
    paid = pay([BOERNEHAVE, replace(BOERNEHAVE, child_key="c"), replace(BOERNEHAVE, child_key="d")], 100)
    assert [one.pays_full for one in paid] == [True, False, False]


def test_of_equal_rates_the_one_with_lunch_pays_full():
    paid = pay([BOERNEHAVE, replace(BOERNEHAVE, child_key="c", lunch=D(709))], 100)
    assert [one.pays_full for one in paid] == [False, True]


def test_lunch_is_halved_with_the_place_where_the_municipality_says_so():
    places = [VUGGESTUE, replace(BOERNEHAVE, lunch=D(709))]
    assert pay(places, 100)[1].own == D("1606.00")
    assert pay(places, 100, replace(ODENSE, lunch_in_sibling=False))[1].own == D("1960.50")


@pytest.mark.parametrize(
    "outside", [replace(VUGGESTUE, foster=True), replace(VUGGESTUE, kind="klub"), replace(VUGGESTUE, kind="sfo", private_school=True)]
)
def test_some_places_have_no_part_in_the_sibling_discount(outside):
    first, second = pay([outside, BOERNEHAVE], 100)
    assert (first.takes_part, first.sibling, first.own) == (False, 0, 3961)
    assert (second.pays_full, second.own) == (True, 2503)


def test_klub_takes_part_where_the_municipality_lets_it():
    assert takes_part(replace(VUGGESTUE, kind="klub"), replace(ODENSE, klub_in_sibling=True))


def test_a_private_schools_sfo_has_the_free_place_subsidy_only_by_municipal_setting():
    private = PlaceRate("c", "sfo", D(2000), private_school=True)
    assert pay([private], 40)[0].own == 2000
    assert pay([private], 40)[0].own_percent == 100
    assert pay([private], 40, figures().settings["0173"])[0].own == 800


def test_no_grant_is_the_full_price():
    assert pay([VUGGESTUE], None)[0].own == 3961


def test_a_free_month_costs_nothing_and_says_so():
    paid = pay([VUGGESTUE, BOERNEHAVE], 42, month=Month(2026, 7))
    assert all(one.free_month and one.own == one.rate == one.free_place == one.sibling == 0 for one in paid)


def test_after_school_care_may_be_free_when_day_care_is_not():
    copenhagen = figures().settings["0101"]
    day_care, after_school = pay([VUGGESTUE, PlaceRate("c", "sfo", D(1949))], 100, copenhagen, month=Month(2026, 7))
    assert (day_care.own, after_school.own) == (3961, 0)


def test_the_order_by_running_cost_is_not_guessed():
    with pytest.raises(MissingFigures, match="running_cost"):
        pay([VUGGESTUE, BOERNEHAVE], 100, GRIBSKOV)


def test_the_order_by_running_cost_can_differ_from_that_by_rate():
    places = [replace(VUGGESTUE, running_cost=D(9000)), replace(BOERNEHAVE, running_cost=D(9001))]
    assert [one.pays_full for one in pay(places, 100, GRIBSKOV)] == [False, True]


def test_running_costs_are_not_asked_for_when_they_decide_nothing():
    assert pay([VUGGESTUE], 100, GRIBSKOV)[0].own == 3961
    assert total(pay([BOERNEHAVE, replace(BOERNEHAVE, child_key="c")], 100, GRIBSKOV)) == D("3754.50")


@pytest.mark.parametrize(
    ("rounding", "own"),
    [(Rounding(), "0.15"), (Rounding(mode=ROUND_HALF_EVEN), "0.14"), (Rounding(unit=D(1)), "0.00")],
)
def test_rounding_is_a_setting(rounding, own):
    assert pay([PlaceRate("a", "vuggestue", D("2.90"))], 5, rounding=rounding)[0].own == D(own)


@pytest.mark.parametrize("percent", [-1, 1, 4, 101])
def test_a_percentage_the_scale_does_not_have_is_refused(percent):
    with pytest.raises(ImpossibleInput):
        pay([VUGGESTUE], percent)


@pytest.mark.parametrize(
    "place", [replace(VUGGESTUE, rate=D(-1)), replace(VUGGESTUE, lunch=D("NaN")), replace(VUGGESTUE, rate=D("Infinity"))]
)
def test_a_price_that_cannot_be_is_refused(place):
    with pytest.raises(ImpossibleInput):
        pay([place], 50)


kroner = st.decimals(0, 12_000, places=2)
rates = st.builds(PlaceRate, st.just("a"), st.sampled_from(KINDS), kroner, kroner, st.booleans(), st.booleans(), st.none() | kroner)
percents = st.none() | st.just(0) | st.integers(5, 100)
roundings = st.sampled_from([Rounding(), Rounding(mode=ROUND_HALF_EVEN), Rounding(unit=D(1))])
settings = st.sampled_from(sorted(figures().settings.values(), key=lambda one: one.code))


@given(st.lists(rates, max_size=5), percents, roundings, settings, st.integers(1, 12))
def test_every_place_adds_up_to_the_ore(places, percent, rounding, municipal, number):
    try:
        paid = month_payments(places, percent, municipal, rounding, Month(2026, number))
    except MissingFigures:
        assert municipal.dearest_place != "highest_rate"
        return
    for one in paid:
        assert one.rate + one.lunch - one.free_place - one.sibling == one.own
        assert one.own == one.own.quantize(D("0.01"))
    assert sum(one.pays_full for one in paid) == any(one.takes_part for one in paid)


@given(st.lists(rates, min_size=1, max_size=5), st.integers(5, 100))
def test_nobody_pays_more_than_the_price_nor_less_than_nothing(places, percent):
    for one in month_payments(places, percent, ODENSE, ORE, MONTH):
        assert 0 <= one.own <= one.rate + one.lunch
        assert one.free_place >= 0
        assert one.sibling >= 0


@given(st.lists(rates, min_size=1, max_size=4), st.integers(5, 99))
def test_a_higher_percentage_never_costs_less(places, percent):
    assert total(month_payments(places, percent, ODENSE, ORE, MONTH)) <= total(month_payments(places, percent + 1, ODENSE, ORE, MONTH))
