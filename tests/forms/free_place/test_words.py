"""Every key the rules can give has words."""

from datetime import date
from decimal import Decimal

import pytest

from forms.free_place import words
from forms.free_place.figures import KINDS, figures
from forms.free_place.quote import QuoteRefused
from forms.free_place.rules import Household, IncomeItem, IncomeKind, Reason, StartRule, household_income, percent_with_trail, start_month
from portal.i18n import use_locale


def test_every_kind_income_and_start_has_words():
    assert set(words.KIND_NAMES) == set(KINDS)
    assert set(words.INCOME) == set(IncomeKind)
    assert set(words.START) == set(StartRule)


def test_every_step_of_a_sum_has_words():
    income = household_income([[IncomeItem(kind, Decimal(100)) for kind in IncomeKind]])
    percent = percent_with_trail(income.yearly, Household(True, 3), figures().scales[2026])
    texts = [words.step_text(step) for step in (*income.trail, *percent.trail)]
    assert all(texts)


def test_a_first_admission_names_the_last_day_to_apply():
    with use_locale("en"):
        limited = str(words.start_phrase(start_month(Reason.FIRST_ADMISSION, date(2026, 11, 21), date(2026, 11, 1), 3)))
        unlimited = str(words.start_phrase(start_month(Reason.FIRST_ADMISSION, date(2026, 11, 21), date(2026, 11, 1))))
    assert "1\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2027" in limited
    assert unlimited.endswith("starts in day care.")


@pytest.mark.parametrize("key", words.QUOTE)
def test_every_refusal_can_be_said(key):
    with use_locale("en"):
        assert "%" not in str(words.refusal_phrase(QuoteRefused(key, "x", most="20", kinds="sfo", year="2027")))


@pytest.mark.parametrize(
    ("admitted", "said"),
    [("2026-11-01", "started on 1 November 2026, when Alma started"), ("2026-12-01", "starts on 1 December 2026, when Alma starts")],
)
def test_a_first_admission_is_told_as_past_or_coming(admitted, said):
    facts = {"children": [{"ref": "c1", "name": "Alma Opfundet"}], "places": [{"child": "c1", "admitted": admitted}]}
    with use_locale("en"):
        assert f"The subsidy {said} in day care." == str(words.admission_phrase(facts, date(2026, 11, 21))).replace(
            "\N{NO-BREAK SPACE}", " "
        )
        assert "the day Alma start" in str(words.admission_source(facts, date(2026, 11, 21)))


@pytest.mark.parametrize("yearly", [0, 250_000, 400_000, 650_000, 900_000])
def test_the_step_on_the_scale_is_the_percentage_that_is_told(yearly):
    scale = figures().scales[2026]
    percent = percent_with_trail(yearly, Household(False, 2), scale)
    phrase = words.scale_phrase(percent)
    assert (phrase is None) == (percent.own in (0, 100))
    if phrase:
        lower = next(step.value for step in percent.trail if step.key == "lower_limit")
        above = (yearly - lower) / phrase.values["width"]
        assert phrase.values["step"] - 1 - Decimal("0.01") <= above <= phrase.values["step"] + Decimal("0.01")
        assert phrase.values["first"] + phrase.values["step"] - 1 == percent.own
