"""The national scale of one year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from forms.free_place.figures.years import MissingFigures

BANDS = 95
"""Bands of own payment from 5 to 99 percent: the published steps give 95 in every year that prints one."""


@dataclass(frozen=True)
class Scale:
    """One year's row of the scale, whole kroner a year (dagtilbudsbekendtgørelsen section 27 and the yearly order).

    lower: highest income with no own payment. upper: first income with full payment. single_parent_raise: None where
    it was not found. estimate: the row is used for a later year whose figures are not out.
    """

    year: int
    valid_from: date
    valid_to: date
    lower: int
    upper: int
    single_parent_raise: int | None
    child_raise: int
    source: str
    confirmed: bool
    estimate: bool = False

    @property
    def key(self) -> str:
        """The name under which an operator confirms the row."""
        return f"scale-{self.year}"

    @cached_property
    def borders(self) -> tuple[int, ...]:
        """The highest income of each of the 95 bands; the last one is `upper`.

        ``lower + round(k × (upper − lower) / 95)`` in whole numbers. It gives the printed end of the first band in
        all five years that print it.
        """
        width = self.upper - self.lower
        return tuple(self.lower + (2 * k * width + BANDS) // (2 * BANDS) for k in range(1, BANDS + 1))

    @cached_property
    def as_estimate(self) -> Scale:
        """The row, marked as used for a later year."""
        return replace(self, estimate=True)

    def raise_for(self, is_single: bool, children_under_18: int) -> int:
        """How much the limits go up for this household, kroner a year (section 27(1) and (3)).

        Raises MissingFigures when the year's single-parent amount was not found.
        """
        return self.single_raise(is_single) + self.children_raise(children_under_18)

    def single_raise(self, is_single: bool) -> int:
        """The part for a single parent (section 27(1) and (4))."""
        if not is_single:
            return 0
        if self.single_parent_raise is None:
            raise MissingFigures(self.year, "single_parent_raise")
        return self.single_parent_raise

    def children_raise(self, children_under_18: int) -> int:
        """The part for each child under 18 at home beyond the first (section 27(3))."""
        return self.child_raise * max(0, children_under_18 - 1)
