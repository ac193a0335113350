"""The list of municipalities."""

import pytest

from portal.municipalities import ALL, Municipality, municipality


def test_there_are_98_with_four_digits_each():
    assert len(ALL) == 98
    assert all(len(code) == 4 and code.isdigit() and row.code == code and row.name and row.region for code, row in ALL.items())


def test_names_and_codes_are_unique():
    assert len({row.name for row in ALL.values()}) == 98


@pytest.mark.parametrize(
    ("code", "name", "region"),
    [("0461", "Odense", "Syddanmark"), ("0101", "København", "Hovedstaden"), ("0270", "Gribskov", "Hovedstaden")],
)
def test_a_municipality_is_found_by_its_code(code, name, region):
    assert municipality(code) == Municipality(code, name, region)


@pytest.mark.parametrize("code", ["461", "9999", "", "0461 ", "Odense"])
def test_anything_else_is_not_found(code):
    with pytest.raises(KeyError):
        municipality(code)


def test_the_list_cannot_be_changed():
    with pytest.raises(TypeError):
        ALL["0000"] = Municipality("0000", "Andeby", "")
