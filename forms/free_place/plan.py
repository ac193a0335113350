"""The months ahead, child by child: what will be paid and why it changes. Pure; nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from forms.free_place.enrolment import Enrolment, Grant, grants_by_year
from forms.free_place.figures import Figures
from forms.free_place.plan_changes import reasons
from forms.free_place.plan_month import Asked, lines_of
from portal.months import Month
from portal.payments.lines import Plan, PlanLine, PlanMonth

__all__ = ["Enrolment", "Grant", "expected_plan", "grants_by_year"]

LOOK_BACK = 2
"""Months computed before the first shown: enough to compare with one that is paid for when the first follows a free one."""


def expected_plan(
    enrolments: Sequence[Enrolment],
    grants: Sequence[Grant],
    figures: Figures,
    first: Month,
    months: int = 12,
    *,
    today: date,
    held_from: Month | None = None,
) -> Plan:
    """The plan for `months` months from `first`.

    Of overlapping grants, and of a child's overlapping places, the later one counts. Siblings are counted together
    within one municipality; its settings are in `figures`. held_from: the first month an open application may change;
    its lines and all later ones are held. Missing figures give lines with `missing` set and no amounts.
    """
    before: dict[str, PlanLine] = {}
    plan = []
    for month in (first.plus(number) for number in range(-LOOK_BACK, months)):
        state = "held" if held_from is not None and month >= held_from else "expected"
        lines = lines_of(enrolments, Asked(month, _percent(grants, month), state, today, figures))
        told = [_told(line, before.get(line.child_key), enrolments) for line in lines]
        before = {line.child_key: _to_compare_with(line, before.get(line.child_key)) for line in told}
        plan.append(PlanMonth(month, tuple(told)))
    return Plan(tuple(plan[LOOK_BACK:]))


def _percent(grants: Sequence[Grant], month: Month) -> int | None:
    holding = [grant for grant in grants if grant.holds_in(month)]
    return max(holding, key=lambda grant: grant.from_month).own_percent if holding else None


def _told(line: PlanLine, before: PlanLine | None, enrolments: Sequence[Enrolment]) -> PlanLine:
    own = [each for each in enrolments if each.child_key == line.child_key]
    why = reasons(line, before, own)
    return replace(line, why=why) if why else line


def _to_compare_with(line: PlanLine, before: PlanLine | None) -> PlanLine:
    """A free month says nothing about prices, so the month after it is compared with the one before it."""
    return before if line.free_month and before is not None else line
