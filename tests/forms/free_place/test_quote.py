"""The quote that the command line and the public page share."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.free_place.figures import KINDS, figures
from forms.free_place.quote import QuoteInput, QuoteRefused, quote_free_place
from forms.free_place.words import QUOTE
from portal.months import Month

D = Decimal
TODAY = date(2026, 11, 21)
ASKED = QuoteInput(Month(2026, 12), adults=2, children=2, monthly_income=D("33333.33"))
PLACES = replace(ASKED, municipality="0461", places=("vuggestue", "boernehave"))


def quote(asked, today=TODAY):
    return quote_free_place(asked, figures(), today)


def test_the_percentages():
    answer = quote(ASKED)
    assert (answer.income_yearly, answer.own_payment_percent, answer.subsidy_percent) == (400_000, 41, 59)
    assert (answer.figures_year, answer.prices_year, answer.confirmed, answer.estimate) == (2026, None, False, False)
    assert answer.payments == ()


def test_the_places_in_odense_by_hand():
    answer = quote(PLACES)
    assert [one.own for one in answer.payments] == [D("1624.01"), D("513.12")]
    assert [answer.sum_of(part) for part in ("rate", "lunch", "free_place", "sibling", "own")] == [
        D(6464),
        D(0),
        D("3813.76"),
        D("513.11"),
        D("2137.13"),
    ]


def test_lunch_is_in_both_subsidies():
    assert [one.own for one in quote(replace(PLACES, lunch=True)).payments] == [D("1914.70"), D("658.46")]


def test_one_adult_is_single():
    assert quote(replace(ASKED, adults=1)).own_payment_percent == 25


def test_a_yearly_income_is_the_same_as_its_twelfth():
    assert quote(replace(ASKED, monthly_income=None, yearly_income=D(400_000))).own_payment_percent == 41


def test_confirmed_is_only_what_every_figure_is():
    year_2025 = replace(ASKED, month=Month(2025, 3))
    assert quote(year_2025).confirmed
    assert quote(replace(year_2025, municipality="0461", places=("vuggestue",))).confirmed
    assert not quote(replace(year_2025, municipality="0461", places=("vuggestue", "sfo"))).confirmed


def test_an_estimate_says_so_and_on_which_year():
    answer = quote(replace(PLACES, month=Month(2027, 1), estimate=True))
    assert (answer.estimate, answer.figures_year, answer.prices_year) == (True, 2026, 2026)
    assert not quote(replace(PLACES, estimate=True)).estimate


def test_the_oldest_price_is_told():
    asked = replace(PLACES, month=Month(2027, 1), estimate=True, places=("vuggestue", "sfo"))
    assert (quote(asked).figures_year, quote(asked).prices_year) == (2026, 2025)


REFUSED = [
    ({"monthly_income": None}, "one_income", "income"),
    ({"yearly_income": D(1)}, "one_income", "income"),
    ({"monthly_income": D(-1)}, "income", "monthly_income"),
    ({"monthly_income": D("NaN")}, "income", "monthly_income"),
    ({"monthly_income": D("Infinity")}, "income", "monthly_income"),
    ({"monthly_income": D("1e9")}, "income", "monthly_income"),
    ({"monthly_income": None, "yearly_income": D("1e9")}, "income", "yearly_income"),
    ({"adults": 0}, "adults", "adults"),
    ({"adults": 3}, "adults", "adults"),
    ({"children": 0}, "children", "children"),
    ({"children": 21}, "children", "children"),
    ({"municipality": "9999"}, "municipality", "municipality"),
    ({"municipality": None}, "place_without_municipality", "municipality"),
    ({"places": ("slot",)}, "place", "place"),
    ({"places": ("vuggestue",) * 3}, "too_many_places", "place"),
    ({"month": Month(2027, 1)}, "not_out", "month"),
    ({"month": Month(2016, 1)}, "missing_scale", "month"),
    ({"month": Month(2014, 1), "adults": 1}, "missing_single_parent_raise", "month"),
    ({"municipality": "0751"}, "missing_price", "place"),
    ({"places": ("sfo",)}, "missing_price", "place"),
    ({"places": ("dagpleje",), "lunch": True}, "missing_lunch", "place"),
    ({"municipality": "0270", "month": Month(2025, 1)}, "missing_running_cost", "place"),
]


@pytest.mark.parametrize(("change", "key", "field"), REFUSED)
def test_what_cannot_be_answered_is_refused_in_words(change, key, field):
    with pytest.raises(QuoteRefused) as caught:
        quote(replace(PLACES, **change))
    assert (caught.value.key, caught.value.field) == (key, field)


def test_every_sentence_of_a_refusal_is_used():
    assert {key for _change, key, _field in REFUSED} | {"month"} == set(QUOTE)


amounts = st.none() | st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(0, 100_000, places=2)
asked = st.builds(
    QuoteInput,
    st.builds(Month, st.integers(2010, 2030), st.integers(1, 12)),
    st.integers(0, 3),
    st.integers(-1, 22),
    amounts,
    amounts,
    st.none() | st.sampled_from(["0461", "0751", "0101", "0270", "0000", "x"]),
    st.lists(st.sampled_from([*KINDS, "slot"]), max_size=4).map(tuple),
    st.booleans(),
    st.booleans(),
)


@given(asked)
def test_nothing_but_a_refusal_comes_out(one):
    try:
        answer = quote(one)
    except QuoteRefused:
        return
    assert answer.own_payment_percent + answer.subsidy_percent == 100
    subsidies = answer.sum_of("free_place") + answer.sum_of("sibling")
    assert answer.sum_of("rate") + answer.sum_of("lunch") - subsidies == answer.sum_of("own")
