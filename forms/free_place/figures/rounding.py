"""How kroner are rounded: one setting, in municipalities.toml, because no rule on it was found."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


@dataclass(frozen=True)
class Rounding:
    """Round each child's amounts each month to `unit` kroner."""

    unit: Decimal = Decimal("0.01")
    mode: str = ROUND_HALF_UP

    def __call__(self, amount: Decimal) -> Decimal:
        """`amount` in whole units, always with øre."""
        units = (amount / self.unit).quantize(Decimal(1), rounding=self.mode)
        return (units * self.unit).quantize(Decimal("0.01"))
