from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.registers.cpr import (
    NotACprNumber,
    birth_date,
    could_be_real,
    has_check_digit,
    is_replacement,
    mask,
    parse_cpr,
)
from tests.portal.registers.numbers import born_and_number, number

FICTIONAL = "7203914002"


@given(born_and_number())
def test_a_number_gives_its_birth_date_back(pair: tuple[date, str]) -> None:
    born, cpr = pair
    assert parse_cpr(cpr, allow_fictional=True) == cpr
    assert birth_date(cpr) == born
    assert is_replacement(cpr)
    assert not could_be_real(cpr)


@given(born_and_number(), st.sampled_from(["", "-", " ", " - ", "\N{EN DASH}"]), st.sampled_from(["", " ", "\t", "\n"]))
def test_hyphen_and_spaces_do_not_matter(pair: tuple[date, str], between: str, around: str) -> None:
    cpr = pair[1]
    assert parse_cpr(f"{around}{cpr[:6]}{between}{cpr[6:]}{around}", allow_fictional=True) == cpr


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    result = accepted_or_reason(text)
    assert result in {"empty", "characters", "length", "date"} or (len(result) == 10 and result.isascii() and result.isdigit())


def accepted_or_reason(text: str) -> str:
    try:
        return parse_cpr(text, allow_fictional=True)
    except NotACprNumber as refusal:
        return refusal.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("720391400", "length"),
        ("72039140021", "length"),
        ("7" * 10_000_000, "length"),
        ("720391400x", "characters"),
        ("72.03.91/4002", "characters"),
        ("720391\N{PILE OF POO}4002", "characters"),
        ("\N{ARABIC-INDIC DIGIT SEVEN}203914002", "characters"),
        ("7213914002", "date"),
        ("9002914002", "date"),
        ("0000000000", "date"),
        ("9201914002", "date"),
        ("3201914002", "date"),
        ("6003914002", "date"),
    ],
)
def test_what_is_wrong_is_told_by_a_fixed_word(text: str, reason: str) -> None:
    with pytest.raises(NotACprNumber) as refusal:
        parse_cpr(text, allow_fictional=True)
    assert refusal.value.reason == reason


def test_the_leap_day_is_a_day_in_leap_years_only() -> None:
    assert birth_date("8902004000") == date(2000, 2, 29)
    with pytest.raises(NotACprNumber, match="date"):
        parse_cpr("8902014000", allow_fictional=True)
    # 1900 had no leap day, and the seventh digit says 1900
    with pytest.raises(NotACprNumber, match="date"):
        parse_cpr("8902000000", allow_fictional=True)


def test_a_replacement_number_is_nobody_outside_the_demo() -> None:
    with pytest.raises(NotACprNumber, match="replacement"):
        parse_cpr(FICTIONAL)
    assert parse_cpr(FICTIONAL, allow_fictional=True) == FICTIONAL


def test_a_number_from_the_future_is_refused_where_today_is_known() -> None:
    unborn = number(date(2036, 1, 1), "4")
    assert parse_cpr(unborn, allow_fictional=True) == unborn
    with pytest.raises(NotACprNumber, match="unborn"):
        parse_cpr(unborn, allow_fictional=True, today=date(2026, 11, 21))


@pytest.mark.parametrize(
    ("yy", "seventh", "year"),
    [
        (0, "0", 1900), (36, "3", 1936), (37, "0", 1937), (57, "3", 1957), (58, "0", 1958), (99, "3", 1999),
        (0, "4", 2000), (36, "4", 2036), (37, "4", 1937), (57, "4", 1957), (58, "4", 1958), (99, "4", 1999),
        (0, "5", 2000), (36, "8", 2036), (37, "5", 2037), (57, "8", 2057), (58, "5", 1858), (99, "8", 1899),
        (0, "9", 2000), (36, "9", 2036), (37, "9", 1937), (57, "9", 1957), (58, "9", 1958), (99, "9", 1999),
    ],
)  # fmt: skip
def test_the_table_of_centuries(yy: int, seventh: str, year: int) -> None:
    assert birth_date(f"7506{yy:02d}{seventh}000").year == year


@given(born_and_number())
def test_the_check_digit_never_decides(pair: tuple[date, str]) -> None:
    numbers = {f"{pair[1][:9]}{last}" for last in range(10)}
    assert {parse_cpr(cpr, allow_fictional=True) for cpr in numbers} == numbers
    assert sum(has_check_digit(cpr) for cpr in numbers) <= 1


def test_the_check_digit_is_known() -> None:
    # 4*7 + 3*2 + 2*0 + 7*3 + 6*9 + 5*1 + 4*4 + 3*0 + 2*0 + 1*2 = 132 = 12 * 11
    assert has_check_digit(FICTIONAL)
    assert not has_check_digit("7203914003")


@given(born_and_number())
def test_the_mask_hides_the_serial(pair: tuple[date, str]) -> None:
    cpr = pair[1]
    assert mask(cpr) == f"{cpr[:6]}-\u2022\u2022\u2022\u2022"


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_a_number_with_a_real_day_could_be_real(born: date, serial: int) -> None:
    assert could_be_real(number(born, "0", f"{serial:03d}", replacement=False))


@pytest.mark.parametrize("text", ["", "720391400", "72039140020", "0000000000", "3113990000", "abcdefghij", FICTIONAL])
def test_what_nobody_can_have(text: str) -> None:
    assert not could_be_real(text)
