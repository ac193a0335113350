"""The trail of a calculation: each step with its value and paragraph, so that a letter can show the whole sum."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Unit = Literal["kroner_a_year", "kroner_a_month", "percent", "count"]


@dataclass(frozen=True)
class SumStep:
    """One step. key: which one (its words are in `words.STEPS`). paragraph: where the rule stands."""

    key: str
    value: Decimal
    unit: Unit
    paragraph: str
