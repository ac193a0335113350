"""What will I pay? The same calculation for the command line and the public page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from forms.free_place.errors import ImpossibleInput, MissingFigures
from forms.free_place.figures import KINDS, Figures, Price
from forms.free_place.household import Household
from forms.free_place.percent import percent_with_trail, scale_for, whole_kroner, yearly_income
from forms.free_place.places import PlacePayment, PlaceRate, month_payments
from forms.free_place.trail import SumStep
from portal.months import Month

MOST_CHILDREN = 20
MOST_MONTHLY = Decimal(10_000_000)


class QuoteRefused(ValueError):
    """Something asked for cannot be answered. key: which sentence (`words.QUOTE`). field: whose fault. values: for the words."""

    def __init__(self, key: str, field: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.values = values


@dataclass(frozen=True)
class QuoteInput:
    """What is asked. Exactly one of the incomes is given, in kroner, for the whole household.

    places: kinds of place (see KINDS), one for each child in day care, in one municipality. lunch: for every place that
    has a lunch scheme. estimate: whether a coming year's month may rest on the latest figures.
    """

    month: Month
    adults: int
    children: int
    monthly_income: Decimal | None = None
    yearly_income: Decimal | None = None
    municipality: str | None = None
    places: tuple[str, ...] = ()
    lunch: bool = False
    estimate: bool = False


@dataclass(frozen=True)
class Quote:
    """The answer. confirmed: every figure used is confirmed. estimate: some are an earlier year's; decide nothing on it.

    figures_year: the scale's year. prices_year: that of the oldest price used, None without places.
    """

    asked: QuoteInput
    income_yearly: int
    own_payment_percent: int
    payments: tuple[PlacePayment, ...]
    trail: tuple[SumStep, ...]
    figures_year: int
    prices_year: int | None
    confirmed: bool
    estimate: bool

    @property
    def subsidy_percent(self) -> int:
        """What the municipality pays, in percent."""
        return 100 - self.own_payment_percent

    def sum_of(self, part: str) -> Decimal:
        """The total of one part of the payments (rate, lunch, free_place, sibling, own), in kroner."""
        return sum((getattr(payment, part) for payment in self.payments), Decimal("0.00"))


def quote_free_place(asked: QuoteInput, figures: Figures, today: date) -> Quote:
    """Answer `asked`. Raises QuoteRefused, and nothing else, for what cannot be answered."""
    _check(asked, figures)
    try:
        return _quote(asked, figures, today)
    except ImpossibleInput as error:
        raise QuoteRefused("income", error.field) from error
    except MissingFigures as error:
        raise _missing(error, asked) from error


def _check(asked: QuoteInput, figures: Figures) -> None:
    if (asked.monthly_income is None) == (asked.yearly_income is None):
        raise QuoteRefused("one_income", "income")
    if asked.monthly_income is not None and not _is_amount(asked.monthly_income, MOST_MONTHLY):
        raise QuoteRefused("income", "monthly_income")
    if asked.yearly_income is not None and not _is_amount(asked.yearly_income, MOST_MONTHLY * 12):
        raise QuoteRefused("income", "yearly_income")
    if asked.adults not in (1, 2):
        raise QuoteRefused("adults", "adults")
    if not 1 <= asked.children <= MOST_CHILDREN:
        raise QuoteRefused("children", "children", most=str(MOST_CHILDREN))
    _check_places(asked, figures)


def _check_places(asked: QuoteInput, figures: Figures) -> None:
    if asked.municipality is not None and asked.municipality not in figures.settings:
        raise QuoteRefused("municipality", "municipality")
    if asked.places and asked.municipality is None:
        raise QuoteRefused("place_without_municipality", "municipality")
    if any(place not in KINDS for place in asked.places):
        raise QuoteRefused("place", "place", kinds=", ".join(KINDS))
    if len(asked.places) > asked.children:
        raise QuoteRefused("too_many_places", "place")


def _is_amount(amount: Decimal, most: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount <= most


def _quote(asked: QuoteInput, figures: Figures, today: date) -> Quote:
    scale = scale_for(asked.month, figures, today, asked.estimate)
    yearly = yearly_income(asked.monthly_income) if asked.yearly_income is None else whole_kroner(asked.yearly_income)
    percent = percent_with_trail(yearly, Household(asked.adults == 1, asked.children), scale)
    prices = [_price(asked, kind, figures, today) for kind in asked.places]
    return Quote(
        asked=asked,
        income_yearly=yearly,
        own_payment_percent=percent.own,
        payments=_payments(asked, prices, percent.own, figures),
        trail=percent.trail,
        figures_year=scale.year,
        prices_year=min((price.year for price in prices), default=None),
        confirmed=scale.confirmed and all(price.confirmed for price in prices),
        estimate=scale.estimate or any(price.estimate for price in prices),
    )


def _price(asked: QuoteInput, kind: str, figures: Figures, today: date) -> Price:
    return figures.price(asked.municipality or "", kind, asked.month, today, asked.estimate)


def _payments(asked: QuoteInput, prices: list[Price], own_percent: int, figures: Figures) -> tuple[PlacePayment, ...]:
    if not prices:
        return ()
    rates = [
        PlaceRate(f"place-{number}", price.kind, price.rate, price.lunch_price() if asked.lunch else Decimal(0))
        for number, price in enumerate(prices, 1)
    ]
    settings = figures.settings[asked.municipality or ""]
    return tuple(month_payments(rates, own_percent, settings, figures.rounding, asked.month))


def _missing(error: MissingFigures, asked: QuoteInput) -> QuoteRefused:
    values: dict[str, Any] = {"year": str(error.year)}
    if error.not_out and not asked.estimate:
        return QuoteRefused("not_out", "month", **values)
    field = "month" if error.what in ("scale", "single_parent_raise") else "place"
    return QuoteRefused(f"missing_{error.what}", field, **values)
