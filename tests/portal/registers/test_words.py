from __future__ import annotations

from typing import get_args

from portal.registers.errors import RegisterName
from portal.registers.words import CPR_PROBLEMS, REGISTER_AWAY


def test_every_reason_and_every_register_has_words() -> None:
    assert CPR_PROBLEMS.keys() == {"empty", "characters", "length", "date", "unborn", "replacement"}
    assert REGISTER_AWAY.keys() == set(get_args(RegisterName))
