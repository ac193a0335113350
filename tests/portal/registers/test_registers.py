"""Which registers the settings give, and the demo's persons for whom they fail."""

from __future__ import annotations

import pytest

from portal.months import Month
from portal.registers.demo import demo_persons
from portal.registers.embedded import EmbeddedPeople
from portal.registers.errors import RegisterNonsense, RegisterUnavailable
from portal.registers.http import HttpIncome, HttpPeople, HttpPlaces
from portal.registers.registers import embedded_registers, make_registers
from portal.settings import Settings

OCTOBER = Month(2026, 10)


def cpr(key: str) -> str:
    return demo_persons()[key].cpr


def test_the_demo_has_registers_that_fail_for_some() -> None:
    registers = make_registers(Settings(demo=True))
    with pytest.raises(RegisterUnavailable, match="income register: timeout"):
        registers.income.months(cpr("trine"), OCTOBER)
    with pytest.raises(RegisterNonsense, match="income register: unreadable"):
        registers.income.months(cpr("nanna"), OCTOBER)
    with pytest.raises(RegisterUnavailable, match="people register: timeout"):
        registers.people.person(cpr("torben"))
    with pytest.raises(RegisterUnavailable, match="people register: timeout"):
        registers.people.household(cpr("torben"))
    with pytest.raises(RegisterUnavailable, match="places register: timeout"):
        registers.places.places(cpr("torben"))


def test_the_other_registers_answer_for_them_and_all_do_for_the_rest() -> None:
    faulty, plain = make_registers(Settings(demo=True)), embedded_registers()
    assert faulty.people.household(cpr("trine")) == plain.people.household(cpr("trine"))
    assert faulty.places.places(cpr("trine")) == plain.places.places(cpr("trine"))
    assert faulty.income.months(cpr("torben"), OCTOBER) == plain.income.months(cpr("torben"), OCTOBER)
    assert faulty.people.person(cpr("maria")) == plain.people.person(cpr("maria"))
    assert faulty.income.months(cpr("maria"), OCTOBER, 1) == plain.income.months(cpr("maria"), OCTOBER, 1)


def test_an_address_gives_the_real_ones_also_in_the_demo() -> None:
    for demo in (False, True):
        registers = make_registers(Settings(demo=demo, registers_url="https://registers.example", registers_token="secret"))
        assert isinstance(registers.people, HttpPeople)
        assert isinstance(registers.income, HttpIncome)
        assert isinstance(registers.places, HttpPlaces)


def test_the_demos_people_are_never_anybodys_register() -> None:
    with pytest.raises(ValueError, match="PORTAL_REGISTERS_URL is missing"):
        make_registers(Settings())
    assert isinstance(embedded_registers().people, EmbeddedPeople)
