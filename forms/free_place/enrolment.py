"""What a plan is made from: the children's places and what has been granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forms.free_place.errors import ImpossibleInput
from forms.free_place.figures import Figures
from forms.free_place.household import Household
from forms.free_place.percent import own_payment_percent, scale_for
from portal.months import Month


@dataclass(frozen=True)
class Enrolment:
    """A child's place. until: its last day, None while open. Prices are for whole months, see municipalities.toml.

    pays: whether the bills for it go to the one the plan is for. The place counts among the siblings in any case.
    """

    child_key: str
    child_name: str | None
    birth_date: date
    kind: str
    municipality: str
    from_date: date
    until: date | None
    lunch: bool
    foster: bool = False
    private_school: bool = False
    variant: str = "full_time"
    pays: bool = True

    def holds_in(self, month: Month) -> bool:
        """Whether the child has the place in `month`."""
        return Month.of(self.from_date) <= month and (self.until is None or month <= Month.of(self.until))


@dataclass(frozen=True)
class Grant:
    """The granted own payment in percent, from one month to another, both included; until None while open."""

    from_month: Month
    until_month: Month | None
    own_percent: int

    def holds_in(self, month: Month) -> bool:
        """Whether the grant counts in `month`."""
        return self.from_month <= month and (self.until_month is None or month <= self.until_month)


def grants_by_year(
    income_yearly: int, household: Household, from_month: Month, last_month: Month, figures: Figures, today: date
) -> list[Grant]:
    """One granted income as percentages: the income stays, but each year has its own scale.

    A year whose scale is not out has the latest year's percentage; a plan marks those months as an estimate.
    Raises MissingFigures and ImpossibleInput as the scale does.
    """
    if last_month < from_month:
        raise ImpossibleInput("months")
    grants = []
    for year in range(from_month.year, last_month.year + 1):
        first, last = max(from_month, Month(year, 1)), min(last_month, Month(year, 12))
        scale = scale_for(first, figures, today, allow_estimate=True)
        percent = own_payment_percent(income_yearly, household.is_single, household.children_under_18, scale)
        grants.append(Grant(first, last, percent))
    return grants
