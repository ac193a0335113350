"""What every register must do, held up to the embedded ones and to the HTTP client against a stand-in serving the same data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from portal.months import Month
from portal.registers.demo import demo_persons
from portal.registers.http import connect_registers
from portal.registers.registers import Registers, embedded_registers
from stand_ins.registers import RegistersStandIn

NOBODY = "6101000000"
OCTOBER = Month(2026, 10)


@pytest.fixture(scope="module", params=["embedded", "http"])
def registers(request: pytest.FixtureRequest) -> Iterator[Registers]:
    if request.param == "embedded":
        yield embedded_registers()
        return
    with RegistersStandIn(embedded_registers(), "secret").running() as server:
        yield Registers(*connect_registers(server.url, token="secret", timeout=5))


def cpr(key: str) -> str:
    return demo_persons()[key].cpr


def test_a_person(registers: Registers) -> None:
    person = registers.people.person(cpr("sofie"))
    assert person is not None
    assert (person.cpr, person.name, person.birth_date) == (cpr("sofie"), "Sofie Eksempel", date(1994, 1, 30))
    assert (person.status, person.civil_status, person.municipality_code) == ("resident", "unmarried", "0461")
    assert person.address is not None
    assert person.address.lines == ("Eksempelgade 12, 2. tv", "5000 Odense C")
    assert not person.protected
    assert not person.exempt_from_digital_post


def test_nobody_is_none_and_nothing(registers: Registers) -> None:
    assert registers.people.person(NOBODY) is None
    assert registers.people.household(NOBODY) is None
    assert registers.income.months(NOBODY, OCTOBER) == ()
    assert registers.places.places(NOBODY) == ()


def test_a_couple_with_children(registers: Registers) -> None:
    household = registers.people.household(cpr("maria"))
    assert household is not None
    assert household.person == registers.people.person(cpr("maria"))
    assert [(adult.person.cpr, adult.relation) for adult in household.adults] == [(cpr("anders"), "spouse")]
    assert household.partner == household.adults[0]
    assert [(child.person.cpr, child.relation, child.custody) for child in household.children] == [
        (cpr("ida"), "own", "joint"),
        (cpr("emil"), "own", "joint"),
    ]


def test_the_same_home_seen_by_the_partner_who_is_no_parent(registers: Registers) -> None:
    household = registers.people.household(cpr("mikkel"))
    assert household is not None
    assert [(adult.person.cpr, adult.relation) for adult in household.adults] == [(cpr("freja"), "cohabitant")]
    assert [(child.person.cpr, child.relation, child.custody) for child in household.children] == [(cpr("vigga"), "step", "none")]


def test_an_adult_the_register_says_nothing_about_is_no_partner(registers: Registers) -> None:
    household = registers.people.household(cpr("julie"))
    assert household is not None
    assert [adult.relation for adult in household.adults] == ["other"]
    assert household.partner is None
    seen_by_the_other = registers.people.household(cpr("rasmus"))
    assert seen_by_the_other is not None
    assert seen_by_the_other.children == ()


def test_one_who_lives_nowhere_here_has_a_household_of_one(registers: Registers) -> None:
    household = registers.people.household(cpr("viktor"))
    assert household is not None
    assert (household.person.status, household.person.address, household.person.municipality_code) == ("emigrated", None, None)
    assert (household.adults, household.children) == ((), ())


def test_a_protected_address_is_there_but_not_to_be_shown(registers: Registers) -> None:
    person = registers.people.person(cpr("line"))
    assert person is not None
    assert person.address is not None
    assert person.shown_address is None


def test_income_is_the_latest_months_oldest_first(registers: Registers) -> None:
    months = registers.income.months(cpr("maria"), OCTOBER)
    assert [paid.month for paid in months] == [Month(2026, 8), Month(2026, 9), OCTOBER]
    assert {(paid.gross, paid.am, paid.atp, paid.pension, paid.kind) for paid in months} == {
        (Decimal("21107.70"), Decimal("1608.70"), Decimal("99.00"), Decimal("900.00"), "wage")
    }
    assert {paid.base for paid in months} == {Decimal(18500)}


def test_income_over_new_year_and_as_many_months_as_asked(registers: Registers) -> None:
    months = registers.income.months(cpr("maria"), Month(2027, 1), count=5)
    assert [str(paid.month) for paid in months] == ["2026-09", "2026-10", "2026-11", "2026-12", "2027-01"]
    assert len(registers.income.months(cpr("maria"), OCTOBER, count=1)) == 1


def test_a_month_can_have_two_kinds_of_income(registers: Registers) -> None:
    assert [paid.kind for paid in registers.income.months(cpr("olena"), OCTOBER, count=1)] == ["su", "wage"]


def test_income_can_change_from_one_month_to_the_next(registers: Registers) -> None:
    kinds = [(str(paid.month), paid.kind) for paid in registers.income.months(cpr("mads"), OCTOBER)]
    assert kinds == [("2026-08", "wage"), ("2026-09", "dagpenge"), ("2026-10", "dagpenge")]


def test_one_without_pay_has_no_income(registers: Registers) -> None:
    assert registers.income.months(cpr("soeren"), OCTOBER) == ()


def test_places_are_seen_by_both_parents_and_paid_by_one(registers: Registers) -> None:
    places = registers.places.places(cpr("maria"))
    assert places == registers.places.places(cpr("anders"))
    assert [(place.child_cpr, place.kind, place.payer_cpr) for place in places] == [
        (cpr("ida"), "vuggestue", cpr("maria")),
        (cpr("emil"), "boernehave", cpr("maria")),
    ]


def test_a_place_has_its_dates_and_what_it_includes(registers: Registers) -> None:
    (place,) = registers.places.places(cpr("camilla"))
    assert (place.admitted, place.from_date, place.until) == (date(2026, 11, 1), date(2026, 11, 1), None)
    assert (place.lunch, place.private, place.hours, place.last_subsidy_month) == (True, False, None, None)
    assert place.municipality_code == "0461"


def test_a_place_knows_hours_and_earlier_subsidy(registers: Registers) -> None:
    (part_time,) = registers.places.places(cpr("mads"))
    (private,) = registers.places.places(cpr("yasmin"))
    assert part_time.hours == Decimal(30)
    assert private.private
    assert private.last_subsidy_month == Month(2026, 4)


def test_places_that_have_ended_are_told_of(registers: Registers) -> None:
    ended = [place.kind for place in registers.places.places(cpr("fatima")) if place.until]
    assert ended == ["boernehave"]


@pytest.mark.parametrize("key", sorted(demo_persons()))
def test_everybody_is_the_same_over_the_wire(registers: Registers, key: str) -> None:
    plain = embedded_registers()
    assert registers.people.person(cpr(key)) == plain.people.person(cpr(key))
    assert registers.people.household(cpr(key)) == plain.people.household(cpr(key))
    assert registers.income.months(cpr(key), OCTOBER) == plain.income.months(cpr(key), OCTOBER)
    assert registers.places.places(cpr(key)) == plain.places.places(cpr(key))
