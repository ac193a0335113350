"""Asking a register and carrying on when it does not answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from portal.i18n import format_date
from portal.i18n import lazy as _l

Status = Literal["ok", "unknown", "unavailable", "nonsense"]


@dataclass(frozen=True)
class Told:
    """What a register said, when, or why it said nothing."""

    value: Any
    status: Status
    register: str
    on: date

    @property
    def source(self) -> dict[str, str]:
        """Where an answer came from, as it is stored beside the answer."""
        return {"kind": "register", "register": self.register, "date": self.on.isoformat()}


Ask = Callable[..., Told]

REGISTERS = {
    "people": _l("From the people register (CPR), %(date)s"),
    "income": _l("From the income register, %(date)s"),
    "places": _l("From the municipality's list of day-care places, %(date)s"),
}
BY_CITIZEN = _l("You wrote this")


def citizen_source(on: date) -> dict[str, str]:
    """The source of what the person wrote."""
    return {"kind": "citizen", "date": on.isoformat()}


def source_words(source: Mapping[str, str]) -> str:
    """Where an answer came from, as it is told beside it."""
    if source["kind"] != "register":
        return str(BY_CITIZEN)
    return str(REGISTERS[source["register"]]) % {"date": format_date(date.fromisoformat(source["date"]))}
