"""The lines of one month of a plan, before they are compared with the month before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forms.free_place.enrolment import Enrolment
from forms.free_place.errors import MissingFigures
from forms.free_place.figures import Figures, Price
from forms.free_place.places import PlacePayment, PlaceRate, month_payments, takes_part
from portal.months import Month
from portal.payments.lines import Missing, PlanLine, State


@dataclass(frozen=True)
class Asked:
    """What every line of a month shares."""

    month: Month
    own_percent: int | None
    state: State
    today: date
    figures: Figures

    @property
    def scale_is_coming(self) -> bool:
        """Whether the percentage rests on an earlier year's scale, because the month's own is not out."""
        return self.own_percent is not None and self.month.year > self.today.year and self.month.year not in self.figures.scales


def lines_of(enrolments: Sequence[Enrolment], asked: Asked) -> list[PlanLine]:
    """One line for each child with a place in the month, in the order of `enrolments`."""
    current = _current(enrolments, asked.month)
    lines = [line for group in _groups(current, asked.figures) for line in _group(group, asked)]
    order = [enrolment.child_key for enrolment in enrolments]
    return sorted(lines, key=lambda line: order.index(line.child_key))


def _current(enrolments: Sequence[Enrolment], month: Month) -> list[Enrolment]:
    """One place a child; in a month with two of them the later one."""
    in_force = sorted((each for each in enrolments if each.holds_in(month)), key=lambda each: each.from_date)
    return list({each.child_key: each for each in in_force}.values())


def _groups(current: Sequence[Enrolment], figures: Figures) -> list[list[Enrolment]]:
    """Places that share the sibling discount of one municipality together, every other place alone."""
    together: dict[str, list[Enrolment]] = {}
    alone = []
    for each in current:
        if takes_part(_rate(each, each.kind), figures.settings[each.municipality]):
            together.setdefault(each.municipality, []).append(each)
        else:
            alone.append([each])
    return [*together.values(), *alone]


def _group(group: Sequence[Enrolment], asked: Asked) -> list[PlanLine]:
    prices: list[tuple[Price, Decimal]] = []
    gaps: dict[str, Missing] = {}
    for each in group:
        try:
            prices.append(_price(each, asked))
        except MissingFigures as error:
            gaps[each.child_key] = error.what
    if gaps:
        return [_gap(each, gaps.get(each.child_key, "sibling_price"), asked) for each in group]
    settings = asked.figures.settings[group[0].municipality]
    rates = [_rate(each, price.kind, price.rate, lunch) for each, (price, lunch) in zip(group, prices, strict=True)]
    try:
        paid = month_payments(rates, asked.own_percent, settings, asked.figures.rounding, asked.month)
    except MissingFigures as error:
        return [_gap(each, error.what, asked) for each in group]
    return [_line(each, price, one, asked) for each, (price, _lunch), one in zip(group, prices, paid, strict=True)]


def _price(enrolment: Enrolment, asked: Asked) -> tuple[Price, Decimal]:
    settings = asked.figures.settings[enrolment.municipality]
    kind = settings.kind_charged(enrolment.kind, enrolment.birth_date, asked.month)
    price = asked.figures.price(enrolment.municipality, kind, asked.month, asked.today, True, enrolment.variant)
    return price, price.lunch_price() if enrolment.lunch else Decimal(0)


def _rate(enrolment: Enrolment, kind: str, rate: Decimal = Decimal(0), lunch: Decimal = Decimal(0)) -> PlaceRate:
    return PlaceRate(enrolment.child_key, kind, rate, lunch, enrolment.foster, enrolment.private_school)


def _gap(enrolment: Enrolment, missing: Missing, asked: Asked) -> PlanLine:
    settings = asked.figures.settings[enrolment.municipality]
    return PlanLine(
        child_key=enrolment.child_key,
        child_name=enrolment.child_name,
        place_kind=settings.kind_charged(enrolment.kind, enrolment.birth_date, asked.month),
        month=asked.month,
        rate=None,
        lunch=None,
        free_place=None,
        sibling=None,
        own_payment=None,
        own_percent=asked.own_percent,
        state=asked.state,
        estimate=False,
        why=(),
        source_year=None,
        due=None,
        missing=missing,
    )


def _line(enrolment: Enrolment, price: Price, paid: PlacePayment, asked: Asked) -> PlanLine:
    settings = asked.figures.settings[enrolment.municipality]
    return PlanLine(
        child_key=enrolment.child_key,
        child_name=enrolment.child_name,
        place_kind=price.kind,
        month=asked.month,
        rate=paid.rate,
        lunch=paid.lunch,
        free_place=paid.free_place,
        sibling=paid.sibling,
        own_payment=paid.own,
        own_percent=asked.own_percent if paid.own_percent == asked.own_percent else None,
        state=asked.state,
        estimate=not paid.free_month and (price.estimate or asked.scale_is_coming),
        why=(),
        source_year=price.year,
        due=settings.due(asked.month) if paid.own else None,
        free_month=paid.free_month,
    )
