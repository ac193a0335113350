"""Which year's figures a month uses: its own, or for a coming year the latest, as an estimate. Never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from portal.months import Month

What = Literal["scale", "single_parent_raise", "price", "lunch", "running_cost"]


class MissingFigures(LookupError):
    """No figure for this year. `not_out` is True when the year has not begun and the figure may still come."""

    def __init__(self, year: int, what: What, not_out: bool = False) -> None:
        super().__init__(f"no figure: {what} for {year}")
        self.year = year
        self.what = what
        self.not_out = not_out


def year_for(month: Month, known: Iterable[int], what: What, today: date | None, allow_estimate: bool) -> tuple[int, bool]:
    """The year whose figures hold in `month`, and whether that is an estimate.

    An estimate is allowed only for a year after the one `today` is in, and rests on the latest year known.
    Raises MissingFigures for everything else that is not in `known`.
    """
    years = set(known)
    if month.year in years:
        return month.year, False
    coming = today is not None and month.year > today.year
    if coming and allow_estimate and years and month.year > max(years):
        return max(years), True
    raise MissingFigures(month.year, what, not_out=coming)
