"""What the income register (eIndkomst) knows: what a person was paid, month by month."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Protocol

from portal.months import Month
from portal.registers.hidden import Hidden

IncomeKind = Literal["wage", "dagpenge", "sickness_benefit", "parental_benefit", "cash_benefit", "su", "pension", "other"]
LARGEST = Decimal(100_000_000)
OERE = Decimal("0.01")


class IncomeMonth(Hidden, frozen=True, kw_only=True):
    """One payment of one kind in one month, in kroner: before tax, and what is taken off before the subsidy is worked out.

    `gross` includes the employee's own pension contribution. `gross` may be negative: a correction of an earlier month.
    Raises ValueError for amounts that are not whole øre of a thinkable size.
    """

    month: Month
    gross: Decimal
    am: Decimal
    atp: Decimal
    pension: Decimal
    kind: IncomeKind

    def __post_init__(self) -> None:
        for amount in (self.gross, self.am, self.atp, self.pension):
            if not amount.is_finite() or abs(amount) >= LARGEST or amount != amount.quantize(OERE):
                raise ValueError("not an amount of money")

    @property
    def base(self) -> Decimal:
        """What counts: gross minus AM-bidrag, ATP and pension (dagtilbudsbekendtgørelsen § 28)."""
        return self.gross - self.am - self.atp - self.pension


class IncomeRegister(Protocol):
    """Looks income up by CPR number."""

    def months(self, cpr: str, until: Month, count: int = 3) -> tuple[IncomeMonth, ...]:
        """All payments in the `count` months up to and including `until`, oldest first.

        A month may have several payments, or none. Nothing at all is an empty tuple, as for the self-employed.
        Employers report after the month has gone, so ask until the month before this one. Raises RegisterError.
        """
