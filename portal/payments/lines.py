"""The vocabulary of expected payments: plain values that an application computes and Min Side shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from portal.months import Month

State = Literal["expected", "held", "invoiced", "paid"]
Missing = Literal["price", "lunch", "running_cost", "sibling_price"]


class Why(StrEnum):
    """Why a line differs from the child's month before; `portal.payments.words` has the words."""

    PLACE_STARTS = "place_starts"
    PLACE_ENDS = "place_ends"
    PLACE_CHANGES = "place_changes"
    AGE_LOWERS_RATE = "age_lowers_rate"
    NEW_PRICES = "new_prices"
    LUNCH_CHANGES = "lunch_changes"
    SUBSIDY_STARTS = "subsidy_starts"
    SUBSIDY_CHANGES = "subsidy_changes"
    SUBSIDY_ENDS = "subsidy_ends"
    SIBLING_STARTS = "sibling_starts"
    SIBLING_ENDS = "sibling_ends"
    FREE_MONTH = "free_month"
    ESTIMATE = "estimate"
    MISSING = "missing"


@dataclass(frozen=True)
class PlanLine:
    """What one child's place costs in one month, in kroner: ``rate + lunch - free_place - sibling == own_payment``.

    child_key: the caller's name for the child, never a CPR number. place_kind: the kind whose rate is charged.
    own_percent: the granted percentage, None without a grant. estimate: on figures of `source_year` because the
    month's own are not out; nothing is billed on it. why: what changed since the month before, first thing first.
    due: None when nothing is due. missing: what figure is missing; then every amount is None and nothing is guessed.
    """

    child_key: str
    child_name: str | None
    place_kind: str
    month: Month
    rate: Decimal | None
    lunch: Decimal | None
    free_place: Decimal | None
    sibling: Decimal | None
    own_payment: Decimal | None
    own_percent: int | None
    state: State
    estimate: bool
    why: tuple[Why, ...]
    source_year: int | None
    due: date | None
    missing: Missing | None = None
    free_month: bool = False


@dataclass(frozen=True)
class PlanMonth:
    """All lines of one month."""

    month: Month
    lines: tuple[PlanLine, ...]

    @property
    def total(self) -> Decimal | None:
        """What is to be paid, in kroner; None when a line's figures are missing, for a part would mislead."""
        amounts = [line.own_payment for line in self.lines if line.own_payment is not None]
        return sum(amounts, Decimal("0.00")) if len(amounts) == len(self.lines) else None

    @property
    def due(self) -> date | None:
        """The first day something is due; None when nothing is."""
        return min((line.due for line in self.lines if line.due is not None), default=None)

    @property
    def held(self) -> bool:
        """Whether a bill of the month waits for a decision."""
        return any(line.state == "held" for line in self.lines)

    @property
    def estimate(self) -> bool:
        """Whether any line rests on another year's figures."""
        return any(line.estimate for line in self.lines)

    @property
    def changed(self) -> bool:
        """Whether anything differs from the month before."""
        return any(line.why for line in self.lines)


@dataclass(frozen=True)
class Plan:
    """The months in order, one entry for each, also those without lines."""

    months: tuple[PlanMonth, ...]

    def with_states(self, states: Mapping[tuple[str, Month], State]) -> Plan:
        """The plan with what is known of bills, by (child_key, month): invoiced or paid wins over expected or held."""
        return Plan(tuple(replace(month, lines=tuple(_with(line, states) for line in month.lines)) for month in self.months))


def _with(line: PlanLine, states: Mapping[tuple[str, Month], State]) -> PlanLine:
    state = states.get((line.child_key, line.month), line.state)
    return line if state == line.state else replace(line, state=state)
