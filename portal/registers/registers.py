"""The three registers together, and which ones the settings ask for."""

from __future__ import annotations

from dataclasses import dataclass

from portal.registers.demo import demo_faults
from portal.registers.embedded import EmbeddedIncome, EmbeddedPeople, EmbeddedPlaces
from portal.registers.faults import FaultyIncome, FaultyPeople, FaultyPlaces
from portal.registers.http import connect_registers
from portal.registers.income import IncomeRegister
from portal.registers.people import PeopleRegister
from portal.registers.places import PlaceRegister
from portal.settings import Settings


@dataclass(frozen=True)
class Registers:
    """What the rooms above look people, income and places up in."""

    people: PeopleRegister
    income: IncomeRegister
    places: PlaceRegister


def embedded_registers(*, faults: bool = False) -> Registers:
    """The demo's registers; with `faults` they fail for the persons who are there to show that."""
    plain = Registers(EmbeddedPeople(), EmbeddedIncome(), EmbeddedPlaces())
    if not faults:
        return plain
    return Registers(
        FaultyPeople(plain.people, demo_faults("people")),
        FaultyIncome(plain.income, demo_faults("income")),
        FaultyPlaces(plain.places, demo_faults("places")),
    )


def make_registers(settings: Settings) -> Registers:
    """The municipality's registers when an address is set, the demo's in demo mode.

    Raises ValueError, in words, when there is neither or the address is not safe to send CPR numbers to.
    """
    if settings.registers_url:
        people, income, places = connect_registers(
            settings.registers_url, token=settings.registers_token, timeout=settings.registers_timeout
        )
        return Registers(people, income, places)
    if settings.demo:
        return embedded_registers(faults=True)
    raise ValueError("PORTAL_REGISTERS_URL is missing: the address of the municipality's integration layer")
