"""The figures' files: complete, dated, with sources, and refused when they cannot be right."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import forms.free_place.figures as package
from forms.free_place.figures import KINDS, MissingFigures, figures, load
from portal import municipalities
from portal.months import Month

FOLDER = Path(package.__file__).parent
TODAY = date(2026, 11, 21)


def test_are_read_once_a_process():
    assert figures() is figures()


def test_every_year_from_2013_to_2026_is_there_or_a_known_gap():
    assert sorted(figures().scales) == [2013, 2014, 2015, *range(2018, 2027)]


def test_the_scale_is_what_was_published():
    rows = {year: (row.lower, row.upper, row.single_parent_raise) for year, row in figures().scales.items()}
    assert rows == {
        2013: (158_800, 493_300, 55_559),
        2014: (161_700, 502_200, None),
        2015: (164_100, 509_700, 57_407),
        2018: (173_800, 539_800, 60_801),
        2019: (177_600, 551_700, 62_139),
        2020: (181_500, 563_800, 63_506),
        2021: (185_700, 576_800, 64_967),
        2022: (187_900, 583_700, 65_747),
        2023: (193_500, 601_200, 67_719),
        2024: (200_300, 622_200, 70_089),
        2025: (208_100, 646_500, 72_822),
        2026: (218_100, 677_500, 76_317),
    }
    assert {row.child_raise for row in figures().scales.values()} == {7000}


def test_each_years_row_holds_for_its_year_and_names_its_source():
    for year, row in figures().scales.items():
        assert (row.valid_from, row.valid_to) == (date(year, 1, 1), date(year, 12, 31))
        assert "http" in row.source


def test_only_2026_waits_for_the_ministry():
    assert [year for year, row in figures().scales.items() if not row.confirmed] == [2026]


@pytest.mark.parametrize(
    ("code", "year", "kind", "rate", "lunch"),
    [
        ("0461", 2026, "dagpleje", 3779, None),
        ("0461", 2026, "vuggestue", 3961, 709),
        ("0461", 2026, "boernehave", 2503, 709),
        ("0461", 2025, "dagpleje", 3418, None),
        ("0461", 2025, "vuggestue", 3756, 694),
        ("0461", 2025, "boernehave", 2354, 694),
        ("0461", 2025, "sfo", 2556, 0),
        ("0751", 2025, "vuggestue", 4199, 722),
        ("0751", 2025, "boernehave", 2309, 722),
        ("0751", 2025, "sfo", 2209, 0),
        ("0101", 2025, "dagpleje", 3987, 0),
        ("0101", 2025, "vuggestue", 3996, 712),
        ("0101", 2025, "boernehave", 2317, 803),
        ("0101", 2025, "sfo", 1949, 0),
        ("0270", 2025, "dagpleje", 3663, None),
        ("0270", 2025, "vuggestue", 4119, None),
        ("0270", 2025, "boernehave", 2246, None),
        ("0270", 2025, "sfo", 2464, 0),
    ],
)
def test_prices_are_what_was_published(code, year, kind, rate, lunch):
    price = figures().price(code, kind, Month(year, 3))
    assert price.rate == rate
    if lunch is None:
        with pytest.raises(MissingFigures, match="lunch"):
            price.lunch_price()
    else:
        assert price.lunch_price() == lunch


def test_the_price_with_lunch_is_the_one_printed():
    printed = {("0751", "vuggestue"): 4921, ("0751", "boernehave"): 3031, ("0101", "vuggestue"): 4708, ("0101", "boernehave"): 3120}
    for (code, kind), amount in printed.items():
        price = figures().price(code, kind, Month(2025, 3))
        assert price.rate + price.lunch_price() == amount


def test_part_time_has_its_own_price():
    assert figures().price("0461", "vuggestue", Month(2026, 3), variant="30_hours").rate == Decimal(3367)


def test_a_price_not_found_is_an_error():
    for code, kind, year in [("0461", "sfo", 2026), ("0751", "vuggestue", 2026), ("0147", "vuggestue", 2025), ("0461", "klub", 2026)]:
        with pytest.raises(MissingFigures) as caught:
            figures().price(code, kind, Month(year, 12), TODAY, allow_estimate=True)
        assert (caught.value.what, caught.value.year) == ("price", year)


def test_a_coming_years_price_is_an_estimate():
    price = figures().price("0461", "vuggestue", Month(2027, 1), TODAY, allow_estimate=True)
    assert (price.estimate, price.year, price.rate) == (True, 2026, 3961)


def test_what_nobody_has_confirmed_can_be_listed_and_confirmed():
    keys = [row.key for row in figures().unconfirmed()]
    assert keys == ["prices-0101-2025", "prices-0270-2025", "prices-0461-2025", "prices-0751-2025", "scale-2026"]
    confirmed = figures().confirming({"scale-2026", "prices-0461-2025"})
    assert confirmed.scales[2026].confirmed
    assert [row.key for row in confirmed.unconfirmed()] == ["prices-0101-2025", "prices-0270-2025", "prices-0751-2025"]
    assert not figures().scales[2026].confirmed


def test_all_municipalities_have_settings():
    assert set(figures().settings) == set(municipalities.ALL)


def test_what_is_not_known_of_a_municipality_is_marked_as_assumed():
    odense, unknown = figures().settings["0461"], figures().settings["0147"]
    assert "back_dating_limit_months" not in odense.assumed
    assert "free_months" in odense.assumed
    assert {"free_months", "billing", "dearest_place"} <= unknown.assumed
    assert unknown.source == ""
    assert unknown.back_dating_limit_months is None


@pytest.mark.parametrize(
    ("code", "kind", "months"),
    [("0461", "vuggestue", 11), ("0751", "vuggestue", 11), ("0101", "vuggestue", 12), ("0101", "sfo", 11), ("0270", "boernehave", 12)],
)
def test_months_a_year(code, kind, months):
    assert figures().settings[code].months_a_year(kind) == months


def test_bills_fall_due_in_arrears_or_in_advance():
    assert figures().settings["0461"].due(Month(2026, 6)) == date(2026, 7, 11)
    assert figures().settings["0461"].due(Month(2026, 12)) == date(2027, 1, 11)
    assert figures().settings["0766"].due(Month(2026, 6)) == date(2026, 6, 5)


@pytest.mark.parametrize(
    ("code", "born", "last", "first"),
    [
        ("0461", date(2024, 3, 31), Month(2026, 12), Month(2027, 1)),
        ("0751", date(2023, 5, 15), Month(2026, 5), Month(2026, 6)),
        ("0751", date(2023, 5, 1), Month(2026, 5), Month(2026, 6)),
        ("0101", date(2023, 5, 15), Month(2026, 5), Month(2026, 6)),
    ],
)
def test_the_kindergarten_price_holds_from_the_municipalitys_age(code, born, last, first):
    settings = figures().settings[code]
    assert settings.kind_charged("vuggestue", born, last) == "vuggestue"
    assert settings.kind_charged("vuggestue", born, first) == "boernehave"
    assert settings.kind_charged("dagpleje", born, first) == "dagpleje"
    assert settings.kind_charged("sfo", born, first) == "sfo"


@pytest.fixture
def folder(tmp_path):
    for file in FOLDER.glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_copy_is_read_before_it_is_broken(folder):
    assert load(folder) == figures()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("scale.toml", "lower = 218100", "lower = 677500", "2026: lower limit"),
        ("scale.toml", "lower = 218100", "lower = 218100.5", "2026: not whole kroner"),
        ("scale.toml", "year = 2026", "year = 2025", "2025: not valid for its own year"),
        ("scale.toml", "valid_to = 2026-12-31", "valid_to = 2027-12-31", "2026: not valid for its own year"),
        ("scale.toml", "year = 2017\nwhy", "year = 2011\nwhy", "neither a row nor a gap"),
        ("scale.toml", "year = 2017\nwhy", "year = 2018\nwhy", "both a row and a gap"),
        ("scale.toml", 'source = "https://www.elov.dk/dagtilbudsbekendtgorelsen/paragraf/27/"', 'source = ""', "no source"),
        ("scale.toml", "lower = 218100\n", "", "wrong fields: \\['lower'\\]"),
        ("scale.toml", "lower = 218100", "lower = ", "scale.toml"),
        ("prices.toml", "rate = 3961", "rate = -3961", "not an amount"),
        ("prices.toml", 'kind = "vuggestue"\nrate = 3961', 'kind = "boernehave"\nrate = 3961', "two rows"),
        ("prices.toml", 'kind = "vuggestue"', 'kind = "nursery"', "unknown kind"),
        ("prices.toml", 'municipality = "0461"', 'municipality = "9999"', "unknown municipality"),
        ("prices.toml", 'source = "odense"', 'source = "somewhere"', "no source"),
        ("prices.toml", "lunch = 709", "lunch = 709\nlunch_included = true", "both extra and included"),
        ("municipalities.toml", 'code = "0101"', 'code = "0001"', "unknown municipality"),
        ("municipalities.toml", 'billing = "advance"', 'billing = "later"', "billing"),
        ("municipalities.toml", "due_day = 11", "due_day = 32", "due_day"),
        ("municipalities.toml", "free_months = [7]", "free_months = [13]", "free_months"),
        ("municipalities.toml", "due_day = 11", "due_days = 11", "due_days"),
        ("municipalities.toml", 'mode = "half_up"', 'mode = "down"', "rounding mode"),
        ("municipalities.toml", 'unit = "0.01"', 'unit = "0.07"', "rounding unit"),
    ],
)
def test_a_wrong_file_is_refused_and_named(folder, name, old, new, said):
    edit(folder, name, old, new)
    with pytest.raises(ValueError, match=said):
        load(folder)


def test_kinds_are_those_the_prices_use():
    assert {kind for _code, kind, _variant in figures().prices} <= set(KINDS)
