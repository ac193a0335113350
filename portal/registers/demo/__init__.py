"""The demo's people, staff and municipalities, read from the TOML files beside this one.

Nobody here can exist: every CPR number has 60 added to its day, every surname says that it is made up, telephone
numbers and company numbers begin with zeros that are not handed out. All ages and places fit `DEMO_DATE`.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from portal.registers.demo.rows import DemoCitizen, DemoStaff, IncomeRow, PersonRow, PlaceRow, SenderBlock
from portal.registers.people import Address

DEMO_DATE = date(2026, 11, 21)
FOLDER = Path(__file__).parent

T = TypeVar("T")


@cache
def demo_persons() -> dict[str, PersonRow]:
    """Everybody in the demo by key, those who cannot log in too."""
    return {row.key: row for row in _rows("persons", list[PersonRow])}


def demo_citizens() -> list[DemoCitizen]:
    """The persons one can log in as, in the order they are worth trying."""
    homes = demo_homes()
    return [
        DemoCitizen(
            key=row.key,
            cpr=row.cpr,
            name=row.name,
            shows_da=row.shows_da,
            shows_en=row.shows_en,
            municipality_code=homes[row.home][1] if row.home else None,
        )
        for row in demo_persons().values()
        if row.login
    ]


@cache
def demo_staff() -> tuple[DemoStaff, ...]:
    """The staff one can log in as."""
    return tuple(_rows("staff", list[DemoStaff]))


@cache
def demo_senders() -> dict[str, SenderBlock]:
    """Who the demo's letters are from, by municipality code."""
    return {row.municipality_code: row for row in _rows("municipalities", list[SenderBlock])}


@cache
def demo_homes() -> dict[str, tuple[Address, str]]:
    """Addresses with their municipality codes, by the keys that persons refer to."""
    table = _read("homes")["homes"]
    return {
        key: (msgspec.convert({"address_id": f"demo-{key}", **parts}, Address), parts["municipality_code"]) for key, parts in table.items()
    }


@cache
def demo_income() -> tuple[IncomeRow, ...]:
    """What each person is paid every month."""
    return tuple(_rows("income", list[IncomeRow]))


@cache
def demo_places() -> tuple[PlaceRow, ...]:
    """The children's places."""
    return tuple(_rows("places", list[PlaceRow]))


def demo_faults(register: Literal["people", "income", "places"]) -> dict[str, str]:
    """For whom a register fails, and how: CPR number -> ``timeout`` or ``nonsense``."""
    return {row.cpr: row.faults[register] for row in demo_persons().values() if register in row.faults}


def _rows(name: str, kind: type[T]) -> T:
    return msgspec.convert(_read(name)[name], kind)


def _read(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
