"""Asking a register and carrying on when it does not answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

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
