"""Why a line of a plan differs from the same child's month before."""

from __future__ import annotations

from forms.free_place.enrolment import Enrolment
from portal.months import Month
from portal.payments.lines import PlanLine, Why


def reasons(line: PlanLine, before: PlanLine | None, enrolments: list[Enrolment]) -> tuple[Why, ...]:
    """What changed, the most important first. before: the month it is compared with, None when the place is new.

    enrolments: the child's own, to tell a new place from the same place at the kindergarten's price.
    """
    found = [Why.PLACE_STARTS] if before is None else []
    if line.missing is not None:
        found += [Why.MISSING] if before is None or before.missing is None else []
    elif line.free_month:
        found.append(Why.FREE_MONTH)
    elif before is None:
        found += _of_new_place(line)
    else:
        found += _of_subsidy(line, before) + _of_place(line, before, enrolments) + _of_price(line, before)
    if not any(each.holds_in(line.month.plus(1)) for each in enrolments):
        found.append(Why.PLACE_ENDS)
    return tuple(found)


def _of_new_place(line: PlanLine) -> list[Why]:
    tests = ((line.own_percent is not None, Why.SUBSIDY_STARTS), (bool(line.sibling), Why.SIBLING_STARTS), (line.estimate, Why.ESTIMATE))
    return [why for true, why in tests if true]


def _of_subsidy(line: PlanLine, before: PlanLine) -> list[Why]:
    if line.own_percent == before.own_percent:
        return []
    if before.own_percent is None:
        return [Why.SUBSIDY_STARTS]
    return [Why.SUBSIDY_ENDS if line.own_percent is None else Why.SUBSIDY_CHANGES]


def _of_place(line: PlanLine, before: PlanLine, enrolments: list[Enrolment]) -> list[Why]:
    if _held(enrolments, line.month) != _held(enrolments, before.month):
        return [Why.PLACE_CHANGES]
    return [Why.AGE_LOWERS_RATE] if line.place_kind != before.place_kind else []


def _held(enrolments: list[Enrolment], month: Month) -> tuple[str, str, str]:
    """The place of a month, apart from its dates and lunch."""
    latest = max((each for each in enrolments if each.holds_in(month)), key=lambda each: each.from_date)
    return latest.kind, latest.municipality, latest.variant


def _of_price(line: PlanLine, before: PlanLine) -> list[Why]:
    """Changes of price, of the siblings' order and to an estimate. Not told after a month without figures."""
    if before.free_month:
        return [Why.ESTIMATE] if line.estimate else []
    found = []
    same_kind = line.place_kind == before.place_kind
    if line.source_year != before.source_year and before.source_year is not None and same_kind:
        found.append(Why.NEW_PRICES)
    elif line.lunch != before.lunch and before.lunch is not None and same_kind:
        found.append(Why.LUNCH_CHANGES)
    if before.sibling is not None and bool(line.sibling) != bool(before.sibling) and line.own_percent != 0 != before.own_percent:
        found.append(Why.SIBLING_STARTS if line.sibling else Why.SIBLING_ENDS)
    if line.estimate and not before.estimate:
        found.append(Why.ESTIMATE)
    return found
