"""The household's income for the scale (dagtilbudsbekendtgørelsen section 28).

The numbered list in section 28(1) could not be read. What is here agrees with the municipalities' forms: personal income
after labour-market contribution (AM-bidrag), ATP and deductible pension, plus positive capital income, plus share
income over a threshold, plus foreign income. The threshold is from an old form. Both must be read in the regulation
itself before anything but the demo rests on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from forms.free_place.errors import ImpossibleInput
from forms.free_place.percent import HIGHEST_INCOME, whole_kroner
from forms.free_place.trail import SumStep

SHARE_THRESHOLD = Decimal(5000)
"""Share income up to this, a year and adult, is not counted (municipal form; not confirmed in the regulation)."""
ZERO = Decimal(0)


class Rhythm(StrEnum):
    """How often an amount comes. Odense: weekly × 52 / 12, fortnightly × 26 / 12."""

    MONTHLY = "monthly"
    FORTNIGHTLY = "fortnightly"
    WEEKLY = "weekly"
    YEARLY = "yearly"


TIMES_A_YEAR = {Rhythm.MONTHLY: 12, Rhythm.FORTNIGHTLY: 26, Rhythm.WEEKLY: 52, Rhythm.YEARLY: 1}


class IncomeKind(StrEnum):
    """What an amount is. ADDED_BACK: tax deductions of a business that section 28(4) takes back."""

    WAGE = "wage"
    BENEFIT = "benefit"
    STUDY_GRANT = "study_grant"
    PENSION = "pension"
    BUSINESS = "business"
    ADDED_BACK = "added_back"
    RENT = "rent"
    FOREIGN = "foreign"
    CAPITAL = "capital"
    SHARES = "shares"
    STUDY_LOAN = "study_loan"
    CHILDS_OWN = "childs_own"


NOT_COUNTED = frozenset({IncomeKind.STUDY_LOAN, IncomeKind.CHILDS_OWN})
MAY_BE_A_LOSS = frozenset({IncomeKind.BUSINESS, IncomeKind.RENT, IncomeKind.CAPITAL, IncomeKind.SHARES})
SELF_EMPLOYED = frozenset({IncomeKind.BUSINESS, IncomeKind.ADDED_BACK})
NEEDS_PAPERS = SELF_EMPLOYED | {IncomeKind.RENT, IncomeKind.FOREIGN, IncomeKind.CAPITAL, IncomeKind.SHARES}
PARAGRAPHS = {IncomeKind.ADDED_BACK: "§ 28, stk. 4", IncomeKind.STUDY_LOAN: "§ 28, stk. 2"}


@dataclass(frozen=True)
class IncomeItem:
    """One amount in kroner, before tax, as it comes in its rhythm; am, atp and pension are what is taken off it."""

    kind: IncomeKind
    amount: Decimal
    rhythm: Rhythm = Rhythm.MONTHLY
    am: Decimal = ZERO
    atp: Decimal = ZERO
    pension: Decimal = ZERO

    def base(self) -> Decimal:
        """What counts of one payment, after am, atp and pension. Raises ImpossibleInput."""
        deductions = (self.am, self.atp, self.pension)
        if not all(value.is_finite() for value in (self.amount, *deductions)) or abs(self.amount) > HIGHEST_INCOME:
            raise ImpossibleInput(self.kind)
        if self.amount < 0 and self.kind not in MAY_BE_A_LOSS:
            raise ImpossibleInput(self.kind)
        if any(value < 0 for value in deductions) or (any(deductions) and sum(deductions) > self.amount):
            raise ImpossibleInput(self.kind)
        return self.amount - self.am - self.atp - self.pension

    def yearly(self) -> Decimal:
        """What it comes to in a year, before thresholds. Raises ImpossibleInput."""
        return self.base() * TIMES_A_YEAR[self.rhythm]


@dataclass(frozen=True)
class HouseholdIncome:
    """yearly: whole kroner for the scale. monthly: a twelfth of it before rounding, in øre, to show.

    self_employed: someone has a business, so a person must look at it and no month is recalculated.
    needs_papers: the register does not know all of it.
    """

    yearly: int
    monthly: Decimal
    self_employed: bool
    needs_papers: bool
    trail: tuple[SumStep, ...]


def wage_base(gross: Decimal, am: Decimal, atp: Decimal, pension: Decimal = ZERO) -> Decimal:
    """The part of one pay that counts: gross minus AM-bidrag, ATP and deductible pension. Raises ImpossibleInput."""
    return IncomeItem(IncomeKind.WAGE, gross, am=am, atp=atp, pension=pension).base()


def monthly_amount(amount: Decimal, rhythm: Rhythm) -> Decimal:
    """What an amount in this rhythm is a month, in øre."""
    return _ore(amount * TIMES_A_YEAR[rhythm] / 12)


def household_income(adults: Sequence[Sequence[IncomeItem]]) -> HouseholdIncome:
    """The income of all counted adults together (section 27(2), section 28). A loss beyond all income counts as 0.

    Raises ImpossibleInput, naming the kind of income, for a value nobody can have.
    """
    steps = tuple(step for number, items in enumerate(adults, 1) for step in _adult(number, items))
    total = max(ZERO, sum((step.value for step in steps), ZERO))
    yearly = whole_kroner(total)
    end = (
        SumStep("monthly_income", _ore(total / 12), "kroner_a_month", "§ 28"),
        SumStep("yearly_income", Decimal(yearly), "kroner_a_year", "§ 27, stk. 1"),
    )
    kinds = {item.kind for items in adults for item in items if item.amount}
    return HouseholdIncome(yearly, _ore(total / 12), bool(kinds & SELF_EMPLOYED), bool(kinds & NEEDS_PAPERS), steps + end)


def _adult(number: int, items: Sequence[IncomeItem]) -> list[SumStep]:
    sums: dict[IncomeKind, Decimal] = {}
    for item in items:
        sums[item.kind] = sums.get(item.kind, ZERO) + item.yearly()
    return [
        SumStep(f"adult_{number}_{kind}", _counted(kind, amount), "kroner_a_year", PARAGRAPHS.get(kind, "§ 28, stk. 1"))
        for kind, amount in sums.items()
    ]


def _counted(kind: IncomeKind, yearly: Decimal) -> Decimal:
    if kind in NOT_COUNTED:
        return ZERO
    if kind is IncomeKind.CAPITAL:
        return max(ZERO, yearly)
    if kind is IncomeKind.SHARES:
        return max(ZERO, yearly - SHARE_THRESHOLD)
    return yearly


def _ore(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
