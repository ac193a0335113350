"""No struct of the registers tells in its repr who or what it is about."""

from __future__ import annotations

import traceback

import msgspec
import pytest
from msgspec import Struct

from portal.months import Month
from portal.registers import http
from portal.registers.demo import demo_citizens, demo_income, demo_persons, demo_places
from portal.registers.errors import RegisterNonsense, RegisterUnavailable
from portal.registers.hidden import Hidden
from portal.registers.income import IncomeMonth
from portal.registers.people import Address, Person
from portal.registers.registers import embedded_registers

MARIA = "7203914002"
OCTOBER = Month(2026, 10)


def everything_about_maria() -> list[object]:
    registers = embedded_registers()
    household = registers.people.household(MARIA)
    assert household is not None
    months = registers.income.months(MARIA, OCTOBER)
    places = registers.places.places(MARIA)
    return [
        household,
        household.person,
        household.person.address,
        *household.adults,
        *household.children,
        *months,
        *places,
        http.WhoQuestion(MARIA),
        http.MonthsQuestion(MARIA, OCTOBER, OCTOBER),
        http.PersonAnswer(household.person),
        http.HouseholdAnswer(household),
        http.MonthsAnswer(MARIA, months),
        http.PlacesAnswer(MARIA, places),
        demo_citizens()[0],
        demo_persons()["maria"],
        demo_income()[0],
        demo_places()[0],
    ]


@pytest.mark.parametrize("thing", everything_about_maria(), ids=lambda thing: type(thing).__name__)
def test_a_repr_is_the_name_of_the_class(thing: Struct) -> None:
    name = f"<{type(thing).__name__}>"
    assert (repr(thing), str(thing), f"{thing}", f"{thing!r}") == (name, name, name, name)
    assert list(thing.__rich_repr__()) == []


def test_all_structs_that_hold_people_are_hidden() -> None:
    for module in (http,):
        structs = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Struct)]
        assert structs
        assert all(issubclass(kind, Hidden) for kind in structs)


@pytest.mark.parametrize("kind", [Person, Address, IncomeMonth])
def test_what_is_looked_up_cannot_be_changed(kind: type[Struct]) -> None:
    thing = next(thing for thing in everything_about_maria() if type(thing) is kind)
    field = msgspec.structs.fields(kind)[0].name
    with pytest.raises(AttributeError):
        setattr(thing, field, "other")


@pytest.mark.parametrize("kind", [RegisterUnavailable, RegisterNonsense])
def test_an_error_says_which_register_and_a_word(kind: type[RegisterUnavailable | RegisterNonsense]) -> None:
    told = "".join(traceback.format_exception(kind("income", "timeout")))
    assert told.strip().endswith("income register: timeout")
