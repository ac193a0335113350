"""What a place costs the parents in one municipality and one year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from forms.free_place.figures.years import MissingFigures

KINDS = ("dagpleje", "vuggestue", "boernehave", "sfo", "klub")
"""Kinds of place, by their Danish names in law: childminder, nursery, kindergarten, after-school care, club."""

WITHOUT_LUNCH = frozenset({"sfo", "klub"})
"""Kinds without a lunch scheme: the scheme belongs to day care before school (section 27(1))."""

FULL_TIME = "full_time"


@dataclass(frozen=True)
class Price:
    """Kroner in each month that is paid for. lunch: the extra for lunch; None where it was not found."""

    municipality: str
    year: int
    kind: str
    rate: Decimal
    lunch: Decimal | None
    lunch_included: bool
    confirmed: bool
    source: str
    variant: str = FULL_TIME
    estimate: bool = False

    @property
    def key(self) -> str:
        """The name under which an operator confirms the municipality's prices of the year."""
        return f"prices-{self.municipality}-{self.year}"

    @cached_property
    def as_estimate(self) -> Price:
        """The row, marked as used for a later year."""
        return replace(self, estimate=True)

    def lunch_price(self) -> Decimal:
        """What lunch adds to the rate; 0 where it is in the rate or there is no scheme. Raises MissingFigures."""
        if self.lunch_included or self.kind in WITHOUT_LUNCH:
            return Decimal(0)
        if self.lunch is None:
            raise MissingFigures(self.year, "lunch")
        return self.lunch
