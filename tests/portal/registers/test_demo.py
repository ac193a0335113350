"""The demo's data hangs together, cannot be about anybody, and shows what it says."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from stdnum.dk import cvr

from portal.months import Month
from portal.registers.cpr import birth_date, is_replacement, parse_cpr
from portal.registers.demo import (
    DEMO_DATE,
    demo_citizens,
    demo_homes,
    demo_income,
    demo_persons,
    demo_places,
    demo_senders,
    demo_staff,
)
from portal.registers.registers import embedded_registers

PERSONS = demo_persons()
MADE_UP = {
    "Prøve", "Eksempel", "Opdigtet", "Mønster", "Fiktiv", "Påhit", "Opspind", "Attrap", "Påfund", "Tænkt", "Forlæg", "Kladde",
    "Dække", "Papir", "Tvivl", "Skitse", "Udkast", "Specimen", "Model",
}  # fmt: skip
REGISTERS = embedded_registers()
OCTOBER = Month(2026, 10)


def yearly_base(*keys: str) -> Decimal:
    """Twelve times what the register's latest month says the household's adults have."""
    return 12 * sum(paid.base for key in keys for paid in REGISTERS.income.months(PERSONS[key].cpr, OCTOBER, count=1))


@pytest.mark.parametrize("row", PERSONS.values(), ids=PERSONS.keys())
def test_nobody_can_be_real(row) -> None:
    assert parse_cpr(row.cpr, allow_fictional=True, today=DEMO_DATE) == row.cpr
    assert is_replacement(row.cpr)
    assert row.name.split()[-1] in MADE_UP


def test_keys_and_numbers_are_used_once() -> None:
    assert len({row.cpr for row in PERSONS.values()}) == len(PERSONS)
    assert len({place.id for place in demo_places()}) == len(demo_places())


def test_everything_referred_to_is_there() -> None:
    for row in PERSONS.values():
        named = {*row.parents, *row.foster_parents, *([row.partner] if row.partner else [])}
        assert named <= PERSONS.keys()
        assert row.home is None or row.home in demo_homes()
        if row.partner:
            back = PERSONS[row.partner]
            assert (back.partner, back.partner_relation, back.home) == (row.key, row.partner_relation, row.home)
    assert {row.person for row in demo_income()} <= PERSONS.keys()
    assert {key for row in demo_places() for key in (row.child, row.payer)} <= PERSONS.keys()


def test_everybody_to_log_in_as_says_what_they_show_in_both_languages() -> None:
    citizens = demo_citizens()
    assert citizens[0].key == "maria"
    assert all(citizen.shows_da and citizen.shows_en for citizen in citizens)
    # Those with no address here, and those who are turned away, come last: nobody is to begin with them.
    last = {"viktor", "ellen", "alberte", "nikolaj"}
    assert {citizen.key for citizen in citizens[-len(last) :]} == last
    assert all(citizen.municipality_code for citizen in citizens if citizen.key not in last)
    assert all(staff.shows_da and staff.shows_en for staff in demo_staff())


@pytest.mark.parametrize("row", demo_places(), ids=lambda row: row.id)
def test_children_have_the_age_of_their_place(row) -> None:
    born = birth_date(PERSONS[row.child].cpr)
    started = row.from_date or row.admitted
    age = (started - born).days / 365.25
    low, high = {"dagpleje": (0.4, 3), "vuggestue": (0.4, 3), "boernehave": (2.7, 6.6), "sfo": (5.5, 11)}[row.kind]
    assert low <= age <= high
    assert row.admitted <= started <= DEMO_DATE
    assert row.until is not None or row.kind != "vuggestue" or (DEMO_DATE - born).days / 365.25 < 3


@pytest.mark.parametrize("row", demo_income(), ids=lambda row: f"{row.person}-{row.kind}")
def test_am_is_eight_percent_of_work(row) -> None:
    taxed = row.gross - row.atp - row.pension
    due = (taxed * Decimal("0.08")).quantize(Decimal("0.01"), ROUND_HALF_UP) if row.kind == "wage" else Decimal(0)
    assert row.am == due


@pytest.mark.parametrize(
    ("keys", "income"),
    [
        (("maria", "anders"), 400_800),
        (("sofie",), 300_000),
        (("camilla",), 298_800),
        (("henrik", "louise"), 804_000),
        (("soeren",), 0),
        (("fatima", "ali"), 364_800),
    ],
)
def test_households_have_the_income_they_are_there_for(keys: tuple[str, ...], income: int) -> None:
    assert yearly_base(*keys) == income


def test_the_demo_covers_the_ways_it_can_go() -> None:
    people, places = REGISTERS.people, REGISTERS.places
    households = {key: people.household(row.cpr) for key, row in PERSONS.items() if row.registered}
    assert people.person(PERSONS["nikolaj"].cpr) is None
    assert people.household(PERSONS["nikolaj"].cpr) is None
    assert {household.person.municipality_code for household in households.values()} >= {"0461", "0751", "0101", "0270"}
    assert {household.person.status for household in households.values()} == {"resident", "emigrated", "dead"}
    assert {adult.relation for household in households.values() for adult in household.adults} == {"spouse", "cohabitant", "other"}
    assert any(household.person.protected for household in households.values())
    assert any(household.person.exempt_from_digital_post for household in households.values())
    assert len([place for place in places.places(PERSONS["fatima"].cpr) if place.until is None]) == 3
    assert households["emma"].children
    assert places.places(PERSONS["emma"].cpr) == ()
    assert households["lukas"].person.age(DEMO_DATE) == 15
    assert households["alberte"].person.age(DEMO_DATE) == 13
    assert households["rikke"].person.civil_status == "married"
    assert households["rikke"].partner is None


def test_senders_are_made_up_and_there_for_every_municipality_of_the_demo() -> None:
    senders = demo_senders()
    assert senders.keys() == {code for _address, code in demo_homes().values()}
    for sender in senders.values():
        assert re.fullmatch(r"\d{8}", sender.cvr)
        assert not cvr.is_valid(sender.cvr)
        assert sender.phone.startswith("00 00")
        assert sender.written_contact.endswith(".example")
        assert "demo" in sender.municipality


def test_staff_have_every_role() -> None:
    roles = {role for staff in demo_staff() for role in staff.roles}
    assert roles == {"case_worker", "decider", "front_desk", "municipality_admin", "auditor"}
    assert {staff.municipalities for staff in demo_staff()} == {"all", ("0461",)}
