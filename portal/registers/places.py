"""What the day-care administration knows: which place a child has, from when, and who pays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from portal.months import Month
from portal.registers.hidden import Hidden
from portal.registers.people import Cpr, Line, MunicipalityCode

PlaceKind = Literal["dagpleje", "vuggestue", "boernehave", "sfo"]


class Place(Hidden, frozen=True, kw_only=True):
    """One child's place.

    `admitted` is the child's first admission to day care (nyoptagelse); `from_date` and `until` (last day, None when
    open) are this place's. `private`: a private institution or school, which bills by itself. `hours` a week, None for
    full time. `last_subsidy_month` is the last month an economic free-place subsidy was given for this child, if ever.
    """

    id: Line
    child_cpr: Cpr
    kind: PlaceKind
    institution: Line
    municipality_code: MunicipalityCode
    admitted: date
    from_date: date
    until: date | None = None
    lunch: bool
    private: bool
    payer_cpr: Cpr
    hours: Decimal | None = None
    last_subsidy_month: Month | None = None

    def __post_init__(self) -> None:
        if self.hours is not None and not (self.hours.is_finite() and 0 < self.hours <= 168):
            raise ValueError("not a number of hours a week")
        if self.until is not None and self.until < self.from_date:
            raise ValueError("a place that ends before it begins")


class PlaceRegister(Protocol):
    """Looks places up by a parent's CPR number."""

    def places(self, parent_cpr: str) -> tuple[Place, ...]:
        """Places that the parent pays for or whose child is the parent's, with and without end.

        Places that have ended are there too, for as long as the municipality keeps them. Raises RegisterError.
        """
