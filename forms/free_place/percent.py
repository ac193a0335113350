"""From a household's income to the percentage it pays itself (dagtilbudsbekendtgørelsen section 27)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from forms.free_place.errors import ImpossibleInput
from forms.free_place.figures import Figures, Scale
from forms.free_place.figures.scale import BANDS
from forms.free_place.household import Household
from forms.free_place.trail import SumStep
from portal.months import Month

FIRST_PERCENT = 5
STEPS_THAT_MATTER = 5
HIGHEST_INCOME = Decimal(1_000_000_000)
"""Above this, a year, something else than an income was written."""


def scale_for(month: Month, figures: Figures, today: date | None = None, allow_estimate: bool = False) -> Scale:
    """The scale of `month`.

    Raises MissingFigures for a month without figures. With `allow_estimate`, a month of a year after the one `today`
    is in uses the latest scale, marked ``estimate``; nothing may be decided or billed on it.
    """
    return figures.scale(month, today, allow_estimate)


def yearly_income(monthly: Decimal) -> int:
    """A month's household income times 12, in whole kroner, half a krone up (section 27(1)). Raises ImpossibleInput."""
    if not monthly.is_finite():
        raise ImpossibleInput("income")
    return whole_kroner(monthly * 12)


def whole_kroner(yearly: Decimal) -> int:
    """A yearly income in whole kroner, half a krone up. Raises ImpossibleInput below 0 and above any income."""
    if not yearly.is_finite() or not 0 <= yearly <= HIGHEST_INCOME:
        raise ImpossibleInput("income")
    return int(yearly.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def own_payment_percent(income_yearly: int, is_single: bool, children_under_18: int, scale: Scale) -> int:
    """The percentage of the price the parents pay themselves: 0, 5 to 99, or 100 (section 27 and the scale).

    The law raises the limits for single parents and further children; taking the raise off the income is the same.
    Raises ImpossibleInput for a negative income or number, MissingFigures when the year has no single-parent amount.
    """
    return _percent(_compared(income_yearly, is_single, children_under_18, scale), scale)


@dataclass(frozen=True)
class Percent:
    """The result with its sum: own payment and subsidy always make 100."""

    own: int
    scale: Scale
    trail: tuple[SumStep, ...]

    @property
    def subsidy(self) -> int:
        """The part the municipality pays, in percent."""
        return 100 - self.own


def percent_with_trail(income_yearly: int, household: Household, scale: Scale) -> Percent:
    """As `own_payment_percent`, with every step of the sum. Raises the same errors."""
    compared = _compared(income_yearly, household.is_single, household.children_under_18, scale)
    own = _percent(compared, scale)
    raised = scale.raise_for(household.is_single, household.children_under_18)
    kroner = [
        ("yearly_income", income_yearly, "§ 27, stk. 1"),
        ("single_raise", scale.single_raise(household.is_single), "§ 27, stk. 1 og 4"),
        ("children_raise", scale.children_raise(household.children_under_18), "§ 27, stk. 3"),
        ("lower_limit", scale.lower + raised, "§ 27, stk. 1"),
        ("upper_limit", scale.upper + raised, "§ 27, stk. 1"),
    ]
    steps = [SumStep(key, Decimal(value), "kroner_a_year", paragraph) for key, value, paragraph in kroner]
    steps.insert(1, SumStep("children", Decimal(household.children_under_18), "count", "§ 27, stk. 3"))
    steps.append(SumStep("own_percent", Decimal(own), "percent", "§ 27, stk. 1"))
    return Percent(own, scale, tuple(steps))


def five_steps(scale: Scale) -> Decimal:
    """Five steps of the scale in kroner a year: the least difference that changes a past month (section 33(1))."""
    return Decimal(STEPS_THAT_MATTER * (scale.upper - scale.lower)) / BANDS


def differs_by_five_steps(register_yearly: int | Decimal, granted_yearly: int | Decimal, scale: Scale) -> bool:
    """Whether the register's month times 12 is at least five steps from the granted income, up or down (section 33(1)).

    Kroner are compared, not bands: the regulation speaks of an amount.
    """
    difference = abs(Decimal(register_yearly) - Decimal(granted_yearly))
    return difference * BANDS >= STEPS_THAT_MATTER * (scale.upper - scale.lower)


def _compared(income_yearly: int, is_single: bool, children_under_18: int, scale: Scale) -> int:
    if income_yearly != int(income_yearly) or not 0 <= income_yearly <= HIGHEST_INCOME:
        raise ImpossibleInput("income")
    if children_under_18 < 0:
        raise ImpossibleInput("children")
    return int(income_yearly) - scale.raise_for(is_single, children_under_18)


def _percent(compared: int, scale: Scale) -> int:
    if compared <= scale.lower:
        return 0
    if compared >= scale.upper:
        return 100
    return FIRST_PERCENT + bisect_left(scale.borders, compared)
