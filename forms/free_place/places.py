"""What the parents pay for each place in a month: free-place subsidy first, then the sibling subsidy (section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from forms.free_place.errors import ImpossibleInput, MissingFigures
from forms.free_place.figures import MunicipalSettings, Rounding
from portal.months import Month

ZERO = Decimal("0.00")
FULL = 100
SIBLING_PERCENT = 50


@dataclass(frozen=True)
class PlaceRate:
    """One child's place in a month: price and lunch in kroner, and what decides whether it takes part.

    foster: a foster child, who has no part in the sibling discount. private_school: the SFO of a private school.
    running_cost: the place's gross or net cost, whichever the municipality orders by; None where it is not known.
    """

    child_key: str
    kind: str
    rate: Decimal
    lunch: Decimal = ZERO
    foster: bool = False
    private_school: bool = False
    running_cost: Decimal | None = None


@dataclass(frozen=True)
class PlacePayment:
    """Kroner for one place in one month: always ``rate + lunch - free_place - sibling == own``.

    own_percent: the percentage used for the place; 100 without a grant. takes_part: in the sibling discount.
    pays_full: it is the dearest place of those that take part. free_month: nothing is paid in this month.
    """

    child_key: str
    kind: str
    rate: Decimal
    lunch: Decimal
    free_place: Decimal
    sibling: Decimal
    own: Decimal
    own_percent: int
    takes_part: bool
    pays_full: bool
    free_month: bool = False


def month_payments(
    places: Sequence[PlaceRate],
    own_percent: int | None,
    settings: MunicipalSettings,
    rounding: Rounding,
    month: Month,
) -> list[PlacePayment]:
    """What is paid for each place, in the order given. own_percent None: no grant, the full price.

    The dearest place costs its full price, the others half (dagtilbudsloven section 43; municipal practice). Payments
    are rounded by child and month and the subsidies follow from them. A place that is free this month keeps its rank
    among the siblings: the child is still enrolled.
    Raises ImpossibleInput for a percentage or price that cannot be, MissingFigures when the order needs running costs
    that are not known.
    """
    percent = FULL if own_percent is None else own_percent
    _check(places, percent)
    part = [index for index, place in enumerate(places) if takes_part(place, settings)]
    dearest = _dearest([places[index] for index in part], settings, month)
    full = part[dearest] if part else None
    return [_payment(place, percent, i in part, i == full, settings, rounding, month) for i, place in enumerate(places)]


def takes_part(place: PlaceRate, settings: MunicipalSettings) -> bool:
    """Whether the place counts in the sibling discount (section 43; klub "may", dagtilbudsloven section 76(2))."""
    return not place.foster and not place.private_school and (place.kind != "klub" or settings.klub_in_sibling)


def total(payments: Iterable[PlacePayment]) -> Decimal:
    """What the parents pay for all places together."""
    return sum((payment.own for payment in payments), ZERO)


def _check(places: Sequence[PlaceRate], percent: int) -> None:
    if percent != 0 and not 5 <= percent <= FULL:
        raise ImpossibleInput("own_percent")
    for place in places:
        if not (place.rate.is_finite() and place.lunch.is_finite()) or place.rate < 0 or place.lunch < 0:
            raise ImpossibleInput("rate")


def _dearest(places: Sequence[PlaceRate], settings: MunicipalSettings, month: Month) -> int:
    """Which of the places pays the full price; of equals the one with the dearer lunch, then the first."""
    alike = len({(place.rate, place.lunch) for place in places}) <= 1
    if alike:
        return 0
    if settings.dearest_place == "highest_rate":
        ranks = [(place.rate, place.lunch) for place in places]
    else:
        ranks = [(_cost(place, month), place.rate) for place in places]
    return ranks.index(max(ranks))


def _cost(place: PlaceRate, month: Month) -> Decimal:
    if place.running_cost is None:
        raise MissingFigures(month.year, "running_cost")
    return place.running_cost


def _payment(
    place: PlaceRate,
    percent: int,
    part: bool,
    pays_full: bool,
    settings: MunicipalSettings,
    rounding: Rounding,
    month: Month,
) -> PlacePayment:
    if place.private_school and not settings.sfo_of_private_school:
        percent = FULL
    if settings.is_free(place.kind, month):
        return PlacePayment(place.child_key, place.kind, ZERO, ZERO, ZERO, ZERO, ZERO, percent, part, pays_full, free_month=True)
    price = place.rate + place.lunch
    after_free_place = price * percent / FULL
    halved = place.rate + (place.lunch if settings.lunch_in_sibling else ZERO) if part and not pays_full else ZERO
    own = rounding(after_free_place - halved * percent * SIBLING_PERCENT / (FULL * FULL))
    rounded_after = rounding(after_free_place)
    return PlacePayment(
        place.child_key,
        place.kind,
        place.rate,
        place.lunch,
        price - rounded_after,
        rounded_after - own,
        own,
        percent,
        part,
        pays_full,
    )
