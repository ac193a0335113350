"""The months ahead: right amounts, the reason for every change, and nothing guessed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.free_place.figures import KINDS, figures
from forms.free_place.plan import Enrolment, Grant, expected_plan, grants_by_year
from forms.free_place.rules import Household, ImpossibleInput, MissingFigures
from portal.months import Month
from portal.payments.lines import Why

D = Decimal
TODAY = date(2026, 3, 10)
APRIL = Month(2026, 4)
IDA = Enrolment("ida", "Ida", date(2025, 2, 1), "vuggestue", "0461", date(2026, 1, 1), None, lunch=False)
BO = Enrolment("bo", "Bo", date(2022, 5, 1), "boernehave", "0461", date(2025, 1, 1), None, lunch=False)
FORTY_ONE = Grant(Month(2026, 5), None, 41)


def plan(enrolments, grants=(), first=APRIL, months=12, today=TODAY, **more):
    return expected_plan(enrolments, grants, figures(), first, months, today=today, **more)


def line(made, month, child="ida"):
    (found,) = [one for each in made.months for one in each.lines if each.month == month and one.child_key == child]
    return found


def test_twelve_months_of_two_children_by_hand():
    made = plan([IDA, BO], [FORTY_ONE])
    assert [str(month.month) for month in made.months] == [str(Month(2026, 4).plus(number)) for number in range(12)]
    granted, free = D("2137.13"), D(0)
    assert [month.total for month in made.months] == [D("5212.50"), granted, granted, free, *[granted] * 8]


def test_a_line_adds_up():
    for month in plan([replace(IDA, lunch=True), BO], [FORTY_ONE]).months:
        for one in month.lines:
            assert one.rate + one.lunch - one.free_place - one.sibling == one.own_payment


def test_the_subsidy_starts_once_and_says_so():
    made = plan([IDA], [FORTY_ONE])
    assert [month.lines[0].own_percent for month in made.months][:3] == [None, 41, 41]
    assert [month.lines[0].why for month in made.months][:3] == [(), (Why.SUBSIDY_STARTS,), ()]


def test_a_later_grant_changes_it_and_the_end_ends_it():
    grants = [Grant(Month(2026, 4), None, 41), Grant(Month(2026, 6), Month(2026, 8), 50)]
    made = plan([IDA], grants)
    assert [month.lines[0].own_percent for month in made.months][:6] == [41, 41, 50, 50, 50, 41]
    assert line(made, Month(2026, 6)).why == (Why.SUBSIDY_CHANGES,)
    ended = plan([IDA], [Grant(Month(2026, 1), Month(2026, 5), 41)])
    assert line(ended, Month(2026, 6)).why == (Why.SUBSIDY_ENDS,)
    assert line(ended, Month(2026, 6)).own_payment == 3961


def test_a_free_month_costs_nothing_is_not_due_and_changes_nothing_after_it():
    made = plan([IDA, BO], [FORTY_ONE])
    july, august = line(made, Month(2026, 7)), line(made, Month(2026, 8))
    assert (july.own_payment, july.due, july.why, july.estimate) == (0, None, (Why.FREE_MONTH,), False)
    assert august.why == ()


def test_a_plan_that_begins_after_a_free_month_invents_no_change():
    made = plan([replace(IDA, lunch=True), replace(BO, lunch=True)], [FORTY_ONE], first=Month(2026, 8))
    assert [one.why for one in made.months[0].lines] == [(), ()]


def test_a_plan_that_begins_with_a_free_month_invents_no_change_after_it():
    made = plan([replace(IDA, lunch=True), replace(BO, lunch=True)], [FORTY_ONE], first=Month(2026, 7))
    assert [one.why for one in made.months[1].lines] == [(), ()]


def test_a_change_over_a_free_month_is_told_after_it():
    made = plan([replace(IDA, until=date(2026, 7, 31)), replace(IDA, lunch=True, from_date=date(2026, 8, 1))])
    assert line(made, Month(2026, 8)).why == (Why.LUNCH_CHANGES,)


def test_a_place_that_begins_in_a_free_month_invents_no_change_after_it():
    made = plan([replace(IDA, lunch=True, from_date=date(2026, 7, 1)), replace(BO, lunch=True)])
    assert line(made, Month(2026, 7)).why == (Why.PLACE_STARTS, Why.FREE_MONTH)
    assert line(made, Month(2026, 8)).why == ()


def test_the_price_drops_at_odenses_age():
    child = replace(IDA, birth_date=date(2023, 8, 20))
    made = plan([child])
    before, after = line(made, Month(2026, 5)), line(made, Month(2026, 6))
    assert (before.place_kind, before.rate, before.why) == ("vuggestue", 3961, ())
    assert (after.place_kind, after.rate, after.why) == ("boernehave", 2503, (Why.AGE_LOWERS_RATE,))


def test_a_new_place_is_told_apart_from_a_new_age():
    made = plan([replace(IDA, until=date(2026, 5, 31)), replace(IDA, kind="dagpleje", from_date=date(2026, 6, 1))])
    assert line(made, Month(2026, 6)).why == (Why.PLACE_CHANGES,)
    assert [len(month.lines) for month in made.months] == [1] * 12


def test_of_two_places_at_once_the_later_counts():
    earlier, later = IDA, replace(IDA, kind="dagpleje", from_date=date(2026, 5, 15))
    for order in ([earlier, later], [later, earlier]):
        made = plan(order)
        assert [line(made, month).place_kind for month in (Month(2026, 4), Month(2026, 5))] == ["vuggestue", "dagpleje"]


def test_a_place_that_begins_and_one_that_ends():
    made = plan([replace(IDA, from_date=date(2026, 5, 1), until=date(2026, 8, 31))], [FORTY_ONE])
    assert [len(month.lines) for month in made.months] == [0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert line(made, Month(2026, 5)).why == (Why.PLACE_STARTS, Why.SUBSIDY_STARTS)
    assert line(made, Month(2026, 8)).why == (Why.PLACE_ENDS,)


def test_a_sibling_who_begins_and_leaves_moves_the_discount():
    made = plan([BO, replace(IDA, from_date=date(2026, 5, 1), until=date(2026, 9, 30))])
    assert line(made, Month(2026, 5), "bo").why == (Why.SIBLING_STARTS,)
    assert line(made, Month(2026, 10), "bo").why == (Why.SIBLING_ENDS,)


def test_next_year_is_an_estimate_on_this_years_figures():
    made = plan([IDA], [FORTY_ONE])
    january = line(made, Month(2027, 1))
    assert (january.estimate, january.source_year, january.why) == (True, 2026, (Why.ESTIMATE,))
    assert not line(made, Month(2026, 12)).estimate
    assert line(made, Month(2027, 2)).why == ()


def test_known_new_years_prices_are_no_estimate():
    made = plan([IDA], first=Month(2025, 11), today=date(2025, 11, 1), months=1)
    assert made.months[0].lines == ()
    older = replace(IDA, from_date=date(2025, 1, 1))
    january = line(plan([older], first=Month(2025, 11), today=date(2025, 11, 1)), Month(2026, 1))
    assert (january.estimate, january.rate, january.why) == (False, 3961, (Why.NEW_PRICES,))


def test_next_years_prices_do_not_make_next_years_percentage_certain():
    key = ("0461", "vuggestue", "full_time")
    known = figures().prices[key]
    book = replace(figures(), prices={**figures().prices, key: {**known, 2027: replace(known[2026], year=2027)}})
    granted = expected_plan([IDA], [FORTY_ONE], book, Month(2027, 1), 1, today=TODAY)
    full = expected_plan([IDA], [], book, Month(2027, 1), 1, today=TODAY)
    assert (granted.months[0].estimate, full.months[0].estimate) == (True, False)


def test_a_present_month_without_a_price_has_no_amounts():
    made = plan([replace(IDA, municipality="0751")], [FORTY_ONE])
    april = line(made, Month(2026, 4))
    assert (april.missing, april.rate, april.own_payment, april.due, april.source_year) == ("price", None, None, None, None)
    assert made.months[0].total is None


def test_a_missing_price_is_told_when_it_begins():
    older = replace(IDA, municipality="0101", from_date=date(2025, 1, 1))
    made = plan([older], first=Month(2025, 12), today=date(2026, 1, 5))
    assert [line(made, Month(2025, 12).plus(number)).why for number in range(3)] == [(), (Why.MISSING,), ()]


def test_a_missing_price_leaves_the_siblings_order_open():
    copenhagen = replace(IDA, municipality="0101", from_date=date(2025, 1, 1))
    klub = replace(BO, municipality="0101", kind="boernehave", variant="30_hours")
    made = plan([copenhagen, klub], first=Month(2025, 4), months=1)
    assert [one.missing for one in made.months[0].lines] == ["sibling_price", "price"]


def test_a_place_outside_the_sibling_discount_leaves_the_others_alone():
    klub = replace(BO, kind="klub")
    made = plan([IDA, klub], months=1)
    assert [one.missing for one in made.months[0].lines] == [None, "price"]


def test_unknown_lunch_and_unknown_running_costs_are_not_guessed():
    assert line(plan([replace(IDA, kind="dagpleje", lunch=True)]), Month(2026, 4)).missing == "lunch"
    gribskov = [replace(child, municipality="0270", from_date=date(2025, 1, 1)) for child in (IDA, BO)]
    made = plan(gribskov, first=Month(2025, 4), months=1)
    assert [one.missing for one in made.months[0].lines] == ["running_cost"] * 2


def test_siblings_are_counted_together_within_one_municipality():
    elsewhere = replace(BO, municipality="0101")
    made = plan([IDA, elsewhere], first=Month(2026, 4), months=1)
    assert [one.missing for one in made.months[0].lines] == [None, "price"]
    assert made.months[0].lines[0].own_payment == 3961


def test_an_open_application_holds_the_months_it_may_change():
    made = plan([IDA], held_from=Month(2026, 6))
    assert [month.lines[0].state for month in made.months][:4] == ["expected", "expected", "held", "held"]
    assert [month.held for month in made.months][:4] == [False, False, True, True]


def test_bills_that_are_known_win():
    made = plan([IDA], held_from=Month(2026, 4)).with_states({("ida", Month(2026, 4)): "paid", ("ida", Month(2026, 5)): "invoiced"})
    assert [month.lines[0].state for month in made.months][:3] == ["paid", "invoiced", "held"]


def test_due_days_follow_the_municipality():
    assert line(plan([IDA]), Month(2026, 6)).due == date(2026, 7, 11)
    assert line(plan([IDA], [Grant(Month(2026, 1), None, 0)]), Month(2026, 6)).due is None


def test_a_private_schools_sfo_shows_no_percentage_it_does_not_get():
    private = replace(BO, kind="sfo", private_school=True)
    made = plan([private], [Grant(Month(2025, 1), None, 40)], first=Month(2025, 4), today=date(2025, 4, 1), months=1)
    assert (made.months[0].lines[0].own_percent, made.months[0].lines[0].own_payment) == (None, 2556)


def test_lines_keep_the_order_they_were_asked_in():
    assert [one.child_key for one in plan([BO, IDA]).months[0].lines] == ["bo", "ida"]


def test_one_income_has_each_years_percentage():
    grants = grants_by_year(400_000, Household(False, 2), Month(2025, 11), Month(2027, 2), figures(), TODAY)
    assert grants == [
        Grant(Month(2025, 11), Month(2025, 12), 45),
        Grant(Month(2026, 1), Month(2026, 12), 41),
        Grant(Month(2027, 1), Month(2027, 2), 41),
    ]


def test_grants_over_a_gap_or_backwards_are_errors():
    with pytest.raises(MissingFigures):
        grants_by_year(400_000, Household(False, 2), Month(2016, 1), Month(2018, 2), figures(), TODAY)
    with pytest.raises(ImpossibleInput):
        grants_by_year(400_000, Household(False, 2), Month(2026, 2), Month(2026, 1), figures(), TODAY)


days = st.dates(date(2023, 1, 1), date(2027, 12, 31))
enrolments = st.builds(
    Enrolment,
    st.sampled_from(["a", "b", "c"]),
    st.none(),
    st.dates(date(2015, 1, 1), date(2026, 12, 31)),
    st.sampled_from(KINDS),
    st.sampled_from(["0461", "0751", "0101", "0270", "0147"]),
    days,
    st.none() | days,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
months = st.builds(Month, st.integers(2024, 2028), st.integers(1, 12))
grants = st.builds(Grant, months, st.none() | months, st.just(0) | st.integers(5, 100))


@given(st.lists(enrolments, max_size=5), st.lists(grants, max_size=3), months, st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_whatever_is_asked_lines_add_up_or_say_what_is_missing(places, given_grants, first, today):
    made = expected_plan(places, given_grants, figures(), first, 6, today=today)
    assert len(made.months) == 6
    for month in made.months:
        assert len({one.child_key for one in month.lines}) == len(month.lines)
        for one in month.lines:
            if one.missing is not None:
                assert (one.rate, one.own_payment, one.due) == (None, None, None)
                continue
            assert one.rate + one.lunch - one.free_place - one.sibling == one.own_payment
            assert one.source_year == one.month.year or one.estimate or one.free_month
            if one.estimate:
                assert one.month.year > today.year
