"""Registers that fail for the demo's persons who are there to show it."""

from __future__ import annotations

from collections.abc import Mapping

from portal.months import Month
from portal.registers.errors import RegisterName, RegisterNonsense, RegisterUnavailable
from portal.registers.income import IncomeMonth, IncomeRegister
from portal.registers.people import Household, PeopleRegister, Person
from portal.registers.places import Place, PlaceRegister

Faults = Mapping[str, str]
"""CPR number -> ``timeout`` or ``nonsense``."""


class FaultyPeople:
    """A people register that fails for some."""

    def __init__(self, inner: PeopleRegister, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    def person(self, cpr: str) -> Person | None:
        _fail("people", self._faults.get(cpr))
        return self._inner.person(cpr)

    def household(self, cpr: str) -> Household | None:
        _fail("people", self._faults.get(cpr))
        return self._inner.household(cpr)


class FaultyIncome:
    """An income register that fails for some."""

    def __init__(self, inner: IncomeRegister, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    def months(self, cpr: str, until: Month, count: int = 3) -> tuple[IncomeMonth, ...]:
        _fail("income", self._faults.get(cpr))
        return self._inner.months(cpr, until, count)


class FaultyPlaces:
    """A place register that fails for some."""

    def __init__(self, inner: PlaceRegister, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    def places(self, parent_cpr: str) -> tuple[Place, ...]:
        _fail("places", self._faults.get(parent_cpr))
        return self._inner.places(parent_cpr)


def _fail(register: RegisterName, fault: str | None) -> None:
    if fault == "timeout":
        raise RegisterUnavailable(register, "timeout")
    if fault == "nonsense":
        raise RegisterNonsense(register, "unreadable")
