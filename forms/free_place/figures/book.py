"""All figures together: how one is looked up, which are unconfirmed, and the one copy of the process."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from forms.free_place.figures.municipal import MunicipalSettings
from forms.free_place.figures.price import FULL_TIME, Price
from forms.free_place.figures.reading import read_municipalities, read_prices, read_rounding, read_scales
from forms.free_place.figures.rounding import Rounding
from forms.free_place.figures.scale import Scale
from forms.free_place.figures.years import year_for
from portal.months import Month

PriceKey = tuple[str, str, str]
Row = TypeVar("Row", Scale, Price)


@dataclass(frozen=True)
class Unconfirmed:
    """Figures nobody has confirmed: the key to confirm them by, and where they were read."""

    key: str
    source: str


@dataclass(frozen=True)
class Figures:
    """Scales by year, prices by (municipality, kind, variant) and year, settings by municipality code."""

    scales: Mapping[int, Scale]
    prices: Mapping[PriceKey, Mapping[int, Price]]
    settings: Mapping[str, MunicipalSettings]
    rounding: Rounding

    def scale(self, month: Month, today: date | None = None, allow_estimate: bool = False) -> Scale:
        """The scale of `month`. Raises MissingFigures; see `year_for` on estimates."""
        year, estimate = year_for(month, self.scales, "scale", today, allow_estimate)
        return self.scales[year].as_estimate if estimate else self.scales[year]

    def price(
        self,
        code: str,
        kind: str,
        month: Month,
        today: date | None = None,
        allow_estimate: bool = False,
        variant: str = FULL_TIME,
    ) -> Price:
        """What a place costs in `month`. Raises MissingFigures; see `year_for` on estimates."""
        rows = self.prices.get((code, kind, variant), {})
        year, estimate = year_for(month, rows, "price", today, allow_estimate)
        return rows[year].as_estimate if estimate else rows[year]

    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Every year's scale and every municipality's prices of a year with a row that is not confirmed."""
        rows = [*self.scales.values(), *(price for years in self.prices.values() for price in years.values())]
        found = {row.key: Unconfirmed(row.key, row.source) for row in rows if not row.confirmed}
        return tuple(found[key] for key in sorted(found))

    def confirming(self, keys: Collection[str]) -> Figures:
        """The same figures with the rows of these keys confirmed by the operator (PORTAL_FIGURES_CONFIRMED)."""
        scales = {year: _confirm(row, keys) for year, row in self.scales.items()}
        prices = {key: {year: _confirm(row, keys) for year, row in rows.items()} for key, rows in self.prices.items()}
        return replace(self, scales=scales, prices=prices)


def _confirm(row: Row, keys: Collection[str]) -> Row:
    return replace(row, confirmed=True) if row.key in keys else row


def load(folder: Path) -> Figures:
    """Read the three files in `folder`. Raises ValueError, naming file and row, for figures that cannot be right."""
    return Figures(
        scales=read_scales(folder / "scale.toml"),
        prices=read_prices(folder / "prices.toml"),
        settings=read_municipalities(folder / "municipalities.toml"),
        rounding=read_rounding(folder / "municipalities.toml"),
    )


@cache
def figures() -> Figures:
    """The portal's figures, read once a process."""
    return load(Path(__file__).parent)
