"""The figures a calculation may use, and the calculations pages, decisions and letters share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from forms.free_place.enrolment import Enrolment, Grant, grants_by_year
from forms.free_place.facts import lost_subsidy_month, newest_admission
from forms.free_place.figures import Figures, MunicipalSettings
from forms.free_place.household import Household, household_in
from forms.free_place.percent import Percent, percent_with_trail, scale_for, yearly_income
from forms.free_place.plan import expected_plan
from forms.free_place.start import Reason, StartMonth, start_month
from portal.months import Month
from portal.payments.lines import Plan, PlanLine, PlanMonth


@dataclass(frozen=True)
class Context:
    """Figures, the municipality's settings (None when the municipality is not known) and whether unconfirmed figures may decide."""

    figures: Figures
    settings: MunicipalSettings | None
    use_unconfirmed: bool


def start_of(context: Context, facts: Mapping[str, Any], reason: Reason, today: date) -> StartMonth:
    """From which month an application sent `today` counts."""
    admitted = newest_admission(facts, today)
    if reason is Reason.FIRST_ADMISSION and admitted is None:
        reason = Reason.INCOME
    limit = context.settings.back_dating_limit_months if context.settings else None
    return start_month(reason, today, admitted, limit, lost_subsidy_month(facts))


def household_of(facts: Mapping[str, Any], is_single: bool, month: Month, children: int | None = None) -> Household:
    """The household in `month`; `children` where the person had to count them."""
    if children is not None:
        return Household(is_single, children)
    return household_in(month, is_single, [date.fromisoformat(child["born"]) for child in facts["children"]])


def percent_for(context: Context, household: Household, monthly: Decimal, month: Month, today: date) -> Percent:
    """The percentage for a monthly household income. Raises MissingFigures; a coming year's is an estimate."""
    return percent_with_trail(yearly_income(monthly), household, scale_for(month, context.figures, today, allow_estimate=True))


def enrolments_of(facts: Mapping[str, Any]) -> list[Enrolment]:
    """The children's places as a plan is made from them."""
    children = {child["ref"]: child for child in facts["children"]}
    return [_enrolment(place, children[place["child"]]) for place in facts["places"] if place["child"]]


def _enrolment(place: Mapping[str, Any], child: Mapping[str, Any]) -> Enrolment:
    return Enrolment(
        child_key=place["child"],
        child_name=child["name"].split(" ")[0],
        birth_date=date.fromisoformat(child["born"]),
        kind=place["kind"],
        municipality=place["municipality"],
        from_date=date.fromisoformat(place["from"]),
        until=date.fromisoformat(place["until"]) if place["until"] else None,
        lunch=place["lunch"],
        foster=child["relation"] == "foster",
        private_school=place["private"] and place["kind"] == "sfo",
        pays=place.get("pays", True),
    )


def grants_from(context: Context, rows: Sequence[Mapping[str, Any]], last: Month, today: date) -> list[Grant]:
    """Stored grants as percentages by year. A row holds from, until and content (income and household, or a fixed percentage)."""
    grants: list[Grant] = []
    for row in rows:
        first, end = Month.parse(row["from"]), Month.parse(row["until"]) if row["until"] else last
        content = row["content"]
        if first > end:
            continue
        if "own_percent" in content:
            grants.append(Grant(first, end, int(content["own_percent"])))
        else:
            household = Household(content["is_single"], content["children"])
            grants += grants_by_year(content["income_yearly"], household, first, end, context.figures, today)
    return grants


def plan_for(
    context: Context,
    facts: Mapping[str, Any],
    grants: Sequence[Mapping[str, Any]],
    first: Month,
    today: date,
    *,
    months: int = 12,
    held_from: Month | None = None,
) -> Plan:
    """What is to be paid in the months from `first`, from the children's places and what was granted."""
    given = grants_from(context, grants, first.plus(months), today)
    return expected_plan(enrolments_of(facts), given, context.figures, first, months, today=today, held_from=held_from)


def bills_for(
    context: Context,
    facts: Mapping[str, Any],
    grants: Sequence[Mapping[str, Any]],
    first: Month,
    today: date,
    *,
    months: int = 12,
    held_from: Month | None = None,
) -> Plan:
    """The same, but only the places that the person of these facts pays for: nobody is shown or sent another's bill."""
    plan = plan_for(context, facts, grants, first, today, months=months, held_from=held_from)
    enrolments = enrolments_of(facts)
    return Plan(tuple(PlanMonth(month.month, tuple(line for line in month.lines if _pays(enrolments, line))) for month in plan.months))


def _pays(enrolments: Sequence[Enrolment], line: PlanLine) -> bool:
    places = [each for each in enrolments if each.child_key == line.child_key and each.holds_in(line.month)]
    return max(places, key=lambda each: each.from_date).pays


def month_with(context: Context, facts: Mapping[str, Any], own_percent: int, month: Month, today: date) -> PlanMonth:
    """One month as it would be with this percentage."""
    grant = {"from": str(month), "until": None, "content": {"own_percent": own_percent}}
    return plan_for(context, facts, [grant], month, today, months=1).months[0]
