"""``quote free-place``: the answer in JSON and text, and one line for everything that is wrong."""

import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.free_place.figures import figures
from portal.cli.quote import main, quote

TODAY = date(2026, 11, 21)
HOUSEHOLD = ["--month", "2026-12", "--adults", "2", "--children", "2"]
ASKED = ["free-place", *HOUSEHOLD, "--monthly-income", "33333.33"]
PLACES = [*ASKED, "--municipality", "0461", "--place", "vuggestue", "--place", "boernehave"]


def run(argv, **more):
    out, err = io.StringIO(), io.StringIO()
    code = quote(argv, out, err, TODAY, **more)
    return code, out.getvalue(), err.getvalue()


def answer(argv, **more):
    code, out, err = run([*argv, "--json"], **more)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_percentages_as_json():
    found = answer(ASKED)
    assert found == {
        "month": "2026-12",
        "yearly_income": 400_000,
        "own_payment_percent": 41,
        "subsidy_percent": 59,
        "figures_year": 2026,
        "figures_confirmed": False,
        "estimate": False,
    }


def test_the_kroner_before_and_after_each_subsidy_as_json():
    found = answer(PLACES)
    assert found["places"][1] == {
        "kind": "boernehave",
        "rate": "2503.00",
        "lunch": "0.00",
        "before_subsidies": "2503.00",
        "free_place_subsidy": "1476.77",
        "after_free_place": "1026.23",
        "sibling_subsidy": "513.11",
        "own_payment": "513.12",
        "free_month": False,
    }
    assert found["places"][0]["own_payment"] == "1624.01"
    assert (found["totals"]["before_subsidies"], found["totals"]["own_payment"]) == ("6464.00", "2137.13")
    assert (found["municipality"], found["prices_year"]) == ("0461", 2026)


def test_lunch_is_added_and_halved():
    assert answer([*PLACES, "--lunch"])["totals"]["own_payment"] == "2573.16"


def test_one_adult_is_a_single_parent():
    assert answer([*ASKED[:3], "--adults", "1", "--children", "2", "--yearly-income", "400000"])["own_payment_percent"] == 25


def test_a_comma_is_read_as_danes_write_it():
    assert answer([*ASKED[:-1], "33333,33"])["own_payment_percent"] == 41


def test_a_coming_year_needs_the_word_estimate():
    coming = ["free-place", "--month", "2027-01", *HOUSEHOLD[2:], "--yearly-income", "400000"]
    code, out, err = run(coming)
    assert (code, out) == (2, "")
    assert err == "quote: --estimate: The figures for 2027 are not out yet. Ask for an estimate to use the latest ones.\n"
    found = answer([*coming, "--estimate"])
    assert (found["estimate"], found["figures_year"]) == (True, 2026)


def test_figures_an_operator_has_confirmed_are_told_as_confirmed():
    assert answer(ASKED, book=figures().confirming({"scale-2026"}))["figures_confirmed"]


def test_the_answer_as_text():
    code, out, err = run(PLACES)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Month: 2026-12",
        "Household income a year: 400,000 kroner",
        "You pay 41 percent. The subsidy is 59 percent.",
        "Nursery (vuggestue): DKK 3,961.00 less free place DKK 2,336.99 less sibling DKK 0.00 is DKK 1,624.01",
        "Kindergarten (børnehave): DKK 2,503.00 less free place DKK 1,476.77 less sibling DKK 513.11 is DKK 513.12",
        "Together: DKK 2,137.13",
        "Figures of 2026, not all confirmed",
    ]


def test_text_says_when_it_is_an_estimate():
    _code, out, _err = run(["free-place", "--month", "2027-01", *HOUSEHOLD[2:], "--yearly-income", "1", "--estimate"])
    assert out.endswith("An estimate: the month's own figures are not out yet.\n")


def test_help_is_no_error():
    code, out, err = run(["free-place", "--help"])
    assert (code, err) == (0, "")
    assert "--monthly-income" in out


def with_(option, value):
    argv = list(PLACES)
    argv[argv.index(option) + 1] = value
    return argv


WRONG = [
    ([], "required"),
    (["free-place"], "--month"),
    (["health-card", *ASKED[1:]], "free-place"),
    (ASKED[:-2], "either the monthly income or the yearly"),
    ([*ASKED, "--yearly-income", "1"], "either the monthly income or the yearly"),
    ([*ASKED, "--nonsense"], "unknown"),
    ([*ASKED, "--lunch=" + "\N{PILE OF POO}\n" * 500], "--lunch"),
    ([*ASKED, "two\nlines"], "unknown"),
    (with_("--month", "2026-13"), "year and month"),
    (with_("--month", "2026-1"), "year and month"),
    (with_("--month", "12-2026"), "year and month"),
    (with_("--month", "\N{ARABIC-INDIC DIGIT TWO}026-12"), "year and month"),
    (with_("--month", "0000-01"), "year and month"),
    (with_("--month", ""), "year and month"),
    (with_("--month", "2016-12"), "income limits for 2016"),
    (with_("--month", "2012-12"), "income limits for 2012"),
    (with_("--monthly-income", "-1"), "income as kroner"),
    (with_("--monthly-income", "nan"), "income as kroner"),
    (with_("--monthly-income", "inf"), "income as kroner"),
    (with_("--monthly-income", "1e9"), "income as kroner"),
    (with_("--monthly-income", "-1e9"), "--monthly-income"),
    (with_("--monthly-income", "12.500,50"), "income as kroner"),
    (with_("--monthly-income", "12,500.50"), "income as kroner"),
    (with_("--monthly-income", "12.505"), "income as kroner"),
    (with_("--monthly-income", "1_000"), "income as kroner"),
    (with_("--monthly-income", "10000000.01"), "income as kroner"),
    (with_("--monthly-income", "9" * 5000), "income as kroner"),
    (with_("--monthly-income", "\N{PILE OF POO}"), "income as kroner"),
    (with_("--monthly-income", " 1"), "income as kroner"),
    (with_("--adults", "0"), "1 for a single"),
    (with_("--adults", "3"), "1 for a single"),
    (with_("--adults", "two"), "1 for a single"),
    (with_("--children", "0"), "from 1 to 20"),
    (with_("--children", "21"), "from 1 to 20"),
    (with_("--children", "-1"), "from 1 to 20"),
    (with_("--children", "1.5"), "from 1 to 20"),
    (with_("--children", "9" * 5000), "from 1 to 20"),
    (with_("--children", "1"), "more places than children"),
    (with_("--municipality", "9999"), "municipality"),
    (with_("--municipality", "461"), "municipality"),
    (with_("--municipality", "Odense\n"), "municipality"),
    (with_("--municipality", "0751"), "price for this place for 2026"),
    (with_("--municipality", "0147"), "price for this place for 2026"),
    (with_("--place", "slot"), "kind of place"),
    (with_("--place", "sfo"), "price for this place for 2026"),
    ([*ASKED, "--place", "vuggestue"], "which municipality"),
    ([*with_("--place", "dagpleje"), "--lunch"], "lunch for 2026"),
]


@pytest.mark.parametrize(("argv", "said"), WRONG)
def test_bad_input_is_one_line_and_exit_code_2(argv, said):
    code, out, err = run([*argv, "--json"])
    assert (code, out) == (2, "")
    assert said in err
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert err.isascii()
    assert len(err) < 320


def test_what_was_typed_is_not_repeated():
    assert "123456789" not in run(with_("--monthly-income", "-123456789"))[2]
    assert "123456789" not in run([*PLACES, "123456789"])[2]


@given(st.lists(st.sampled_from([*PLACES, "--json", "--lunch", "--estimate", "--help"]) | st.text(max_size=8), max_size=14))
def test_no_command_line_ends_in_anything_else(argv):
    code, out, err = run(argv)
    assert (code, bool(out), err.count("\n")) in {(0, True, 0), (2, False, 1)}


def test_main_runs_on_the_process_itself(capsys):
    assert main([*PLACES, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["own_payment_percent"] == 41
    assert main([]) == 2
