"""How a register fails. Not finding somebody is no failure: that is None or nothing."""

from __future__ import annotations

from typing import Literal

RegisterName = Literal["people", "income", "places"]


class RegisterError(Exception):
    """A register could not be used. `register` and `reason` are words from a fixed list, never what was asked or answered."""

    def __init__(self, register: RegisterName, reason: str) -> None:
        super().__init__(f"{register} register: {reason}")
        self.register = register
        self.reason = reason


class RegisterUnavailable(RegisterError):
    """No answer: reason is timeout, network, status (an HTTP error), refused (our token) or circuit_open."""


class RegisterNonsense(RegisterError):
    """An answer that cannot be used: reason is unreadable, redirect, too_long or other_person."""
