"""What counts as income, in which rhythm, and that nothing odd gets through."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.free_place.rules import ImpossibleInput, IncomeItem, IncomeKind, Rhythm, household_income, monthly_amount, wage_base

D = Decimal


def item(kind, amount, rhythm=Rhythm.MONTHLY, **taken_off):
    return IncomeItem(kind, D(amount), rhythm, **{name: D(value) for name, value in taken_off.items()})


def test_odense_example():
    pay = item(IncomeKind.WAGE, 28_000, am=2_240, atp=860)
    assert household_income([[pay]]).yearly == 298_800


def test_a_pay_counts_after_labour_market_contribution_atp_and_pension():
    assert wage_base(D(30_000), D(2_400), D(99), D(1_500)) == 26_001


@pytest.mark.parametrize(
    ("rhythm", "amount", "monthly", "yearly"),
    [
        (Rhythm.MONTHLY, "20000", "20000.00", 240_000),
        (Rhythm.FORTNIGHTLY, "10000", "21666.67", 260_000),
        (Rhythm.WEEKLY, "4500.50", "19502.17", 234_026),
        (Rhythm.YEARLY, "120000", "10000.00", 120_000),
    ],
)
def test_each_rhythm_becomes_months_and_a_year_without_losing_kroner(rhythm, amount, monthly, yearly):
    income = household_income([[item(IncomeKind.BENEFIT, amount, rhythm)]])
    assert monthly_amount(D(amount), rhythm) == D(monthly)
    assert (income.monthly, income.yearly) == (D(monthly), yearly)


def test_deductible_pension_comes_off_each_pay():
    assert household_income([[item(IncomeKind.WAGE, 20_000, am=1_600, pension=400)]]).yearly == 216_000


def test_both_adults_count():
    adults = [[item(IncomeKind.WAGE, 20_000)], [item(IncomeKind.STUDY_GRANT, 7_000)]]
    assert household_income(adults).yearly == 324_000


@pytest.mark.parametrize("kind", [IncomeKind.STUDY_LOAN, IncomeKind.CHILDS_OWN])
def test_student_loans_and_childrens_own_income_do_not_count(kind):
    assert household_income([[item(IncomeKind.WAGE, 10_000), item(kind, 5_000)]]).yearly == 120_000


@pytest.mark.parametrize(("amount", "counted"), [(-20_000, 0), (0, 0), (20_000, 20_000)])
def test_only_positive_capital_income_counts(amount, counted):
    adult = [item(IncomeKind.WAGE, 10_000), item(IncomeKind.CAPITAL, amount, Rhythm.YEARLY)]
    assert household_income([adult]).yearly == 120_000 + counted


def test_one_adults_negative_capital_income_does_not_lower_the_others():
    adults = [[item(IncomeKind.CAPITAL, -9_000, Rhythm.YEARLY)], [item(IncomeKind.CAPITAL, 9_000, Rhythm.YEARLY)]]
    assert household_income(adults).yearly == 9_000


@pytest.mark.parametrize(("amount", "counted"), [(4_999, 0), (5_000, 0), (5_001, 1), (12_000, 7_000), (-3_000, 0)])
def test_share_income_counts_above_the_threshold(amount, counted):
    assert household_income([[item(IncomeKind.SHARES, amount, Rhythm.YEARLY)]]).yearly == counted


def test_each_adult_has_a_threshold_for_shares():
    adult = [item(IncomeKind.SHARES, 6_000, Rhythm.YEARLY)]
    assert household_income([adult, adult]).yearly == 2_000


def test_what_a_business_took_off_for_tax_is_added_back():
    adult = [item(IncomeKind.BUSINESS, 200_000, Rhythm.YEARLY), item(IncomeKind.ADDED_BACK, 30_000, Rhythm.YEARLY)]
    income = household_income([adult])
    assert income.yearly == 230_000
    assert income.self_employed
    assert [step.paragraph for step in income.trail][:2] == ["§ 28, stk. 1", "§ 28, stk. 4"]


@pytest.mark.parametrize("kind", [IncomeKind.BUSINESS, IncomeKind.RENT, IncomeKind.FOREIGN, IncomeKind.CAPITAL, IncomeKind.SHARES])
def test_what_the_register_does_not_know_needs_papers(kind):
    assert household_income([[item(kind, 100)]]).needs_papers


def test_an_ordinary_pay_needs_neither_papers_nor_a_person():
    income = household_income([[item(IncomeKind.WAGE, 100), item(IncomeKind.BUSINESS, 0)]])
    assert not income.needs_papers
    assert not income.self_employed


def test_a_loss_beyond_all_income_counts_as_nothing():
    assert household_income([[item(IncomeKind.BUSINESS, -500_000, Rhythm.YEARLY), item(IncomeKind.WAGE, 10_000)]]).yearly == 0


def test_nobody_and_nothing_is_an_income_of_nothing():
    assert household_income([]).yearly == household_income([[]]).yearly == 0


def test_the_trail_adds_up_to_the_income():
    adults = [[item(IncomeKind.WAGE, 20_000, am=1_600), item(IncomeKind.SHARES, 8_000, Rhythm.YEARLY)], [item(IncomeKind.PENSION, 9_000)]]
    income = household_income(adults)
    *parts, monthly, yearly = income.trail
    assert [(step.key, step.value) for step in parts] == [
        ("adult_1_wage", 220_800),
        ("adult_1_shares", 3_000),
        ("adult_2_pension", 108_000),
    ]
    assert (monthly.value, yearly.value) == (income.monthly, sum(step.value for step in parts))


@pytest.mark.parametrize(
    "wrong",
    [
        item(IncomeKind.WAGE, -1),
        item(IncomeKind.WAGE, "NaN"),
        item(IncomeKind.WAGE, "Infinity"),
        item(IncomeKind.WAGE, "1e12"),
        item(IncomeKind.WAGE, 1_000, am=-1),
        item(IncomeKind.WAGE, 1_000, am=900, atp=101),
        item(IncomeKind.WAGE, 1_000, pension="NaN"),
        item(IncomeKind.FOREIGN, -1),
    ],
)
def test_an_amount_nobody_can_have_is_refused_by_its_kind_alone(wrong):
    with pytest.raises(ImpossibleInput) as caught:
        household_income([[wrong]])
    assert caught.value.field == wrong.kind
    assert str(wrong.amount) not in str(caught.value)


amounts = st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-10_000, 1_000_000, places=2)
items = st.builds(IncomeItem, st.sampled_from(IncomeKind), amounts, st.sampled_from(Rhythm), amounts, amounts, amounts)


@given(st.lists(st.lists(items, max_size=3), max_size=2))
def test_nothing_but_the_declared_error_comes_out(adults):
    with suppress(ImpossibleInput):
        assert household_income(adults).yearly >= 0
