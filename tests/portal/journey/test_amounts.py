"""Amounts as people type them in Danish and English: read exactly, or refused, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.i18n import NBSP, format_kroner, format_number, use_locale
from portal.journey.amounts import AmountProblem, parse_amount, typed_amount

LIMIT = Decimal(10_000_000)


@given(st.decimals(0, LIMIT, places=2), st.booleans(), st.sampled_from(["", " kr.", f"{NBSP}kr", " DKK"]))
def test_an_amount_written_in_danish_is_read_exactly(amount, grouped, unit):
    whole, _point, part = f"{amount:,.2f}".partition(".")
    text = (whole.replace(",", ".") if grouped else whole.replace(",", "")) + "," + part + unit
    assert parse_amount(text, LIMIT) == amount


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_amount_within_bounds_or_a_known_problem(text):
    assert outcome(text) in {"an amount", "money_letters", "money_negative", "money_decimals", "money_mixed", "money_too_big"}


@given(st.text("0123456789., -kr", max_size=20), st.sampled_from(["da", "en"]))
def test_a_text_of_digits_and_marks_is_one_amount_or_a_known_problem(text, language):
    known = {"money_letters", "money_negative", "money_decimals", "money_mixed", "money_too_big", "money_unclear"}
    assert outcome(text, language) in known | {"an amount"}


@given(st.decimals(0, LIMIT, places=2), st.sampled_from(["da", "en"]))
def test_what_we_show_we_take_in_both_languages(amount, language):
    with use_locale(language):
        shown = format_kroner(amount)
    assert parse_amount(shown, LIMIT, language) == amount
    assert parse_amount(typed_amount(amount, language), LIMIT, language) == amount


@given(st.integers(0, int(LIMIT)), st.sampled_from(["da", "en"]))
def test_a_limit_as_we_show_it_is_taken(whole, language):
    with use_locale(language):
        shown = format_number(whole)
    assert parse_amount(shown, LIMIT, language) == whole


@given(st.from_regex(r"[0-9]{1,8}([.,][0-9]{1,3}){0,3}", fullmatch=True))
def test_a_text_both_languages_take_means_the_same_unless_only_one_way_of_grouping_fits(text):
    danish, english = read(text, "da"), read(text, "en")
    if danish is not None and english is not None:
        assert danish == english


def read(text, language):
    """The amount, or None where it is refused."""
    try:
        return parse_amount(text, LIMIT, language)
    except AmountProblem:
        return None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12,500.50", "12500.50"),
        ("12,500", "12500"),
        ("12500.5", "12500.50"),
        ("12.5", "12.50"),
        ("DKK 1,234,567.89", "1234567.89"),
        ("12.500,50", "12500.50"),
        ("12500,5", "12500.50"),
        ("1.234.567", "1234567"),
    ],
)
def test_english_amounts(text, amount):
    assert parse_amount(text, LIMIT, "en") == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12.500", "money_unclear"),
        ("1,23,456", "money_mixed"),
        ("12.5000", "money_decimals"),
        ("12,500.505", "money_decimals"),
        ("-5", "money_negative"),
    ],
)
def test_what_is_refused_in_english(text, code):
    with pytest.raises(AmountProblem) as problem:
        parse_amount(text, LIMIT, "en")
    assert problem.value.code == code


def outcome(text, language="da"):
    """What becomes of a text: an amount within bounds, or the code of its problem."""
    try:
        return "an amount" if 0 <= parse_amount(text, LIMIT, language) <= LIMIT else "out of bounds"
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
