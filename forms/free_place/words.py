"""The words for what the rules compute: why a date, which step of the sum, why a quote is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from forms.free_place.facts import newest_admission
from forms.free_place.figures.scale import BANDS
from forms.free_place.income import IncomeKind
from forms.free_place.percent import FIRST_PERCENT, Percent
from forms.free_place.quote import QuoteRefused
from forms.free_place.start import StartMonth, StartRule
from forms.free_place.trail import SumStep
from portal.i18n import gettext as _
from portal.phrases import N_, Phrase

FULL = 100

KIND_NAMES = {
    "dagpleje": N_("Childminder (dagpleje)"),
    "vuggestue": N_("Nursery (vuggestue)"),
    "boernehave": N_("Kindergarten (børnehave)"),
    "sfo": N_("After-school care (SFO)"),
    "klub": N_("After-school club (klub)"),
}

KIND_INSIDE = {
    "dagpleje": N_("childminder"),
    "vuggestue": N_("nursery"),
    "boernehave": N_("kindergarten"),
    "sfo": N_("after-school care"),
    "klub": N_("after-school club"),
}
"""The kinds of place as they stand inside a sentence."""

START = {
    StartRule.ADMISSION: N_("The subsidy starts on the day your child starts in day care."),
    StartRule.ADMISSION_TOO_LATE: N_(
        "The subsidy starts on the first day of the month after you apply. It is too late to get it from the day your child started."
    ),
    StartRule.NEXT_MONTH: N_("The subsidy starts on the first day of the month after you apply."),
    StartRule.AFTER_THREE_MONTHS: N_(
        "The subsidy starts on the first day of this month. You apply in the month after three months without subsidy."
    ),
    StartRule.STOP: N_("The subsidy stops on the first day of the month after you tell us."),
}

ADMISSION_BY = N_("The subsidy starts on the day your child starts in day care. You must apply by %(date)s to get it from that day.")

STARTED = N_("The subsidy started on %(day)s, when %(child)s started in day care.")
STARTS = N_("The subsidy starts on %(day)s, when %(child)s starts in day care.")

FROM_STARTED = N_("We worked this out from the day %(child)s started in day care")
FROM_STARTS = N_("We worked this out from the day %(child)s starts in day care")
FROM_THE_DAY = N_("We worked this out from the day your child starts in day care")

STEPS = {
    "yearly_income": N_("The household's income a year"),
    "monthly_income": N_("The household's income a month"),
    "children": N_("Children under 18 at home"),
    "single_raise": N_("Extra because you are a single parent"),
    "children_raise": N_("Extra for more than one child at home"),
    "lower_limit": N_("You pay nothing up to"),
    "upper_limit": N_("You pay the full price from"),
    "own_percent": N_("You pay this part of the price"),
}
WITH_RAISE = {
    "lower_limit": N_("You pay nothing up to, the extra included"),
    "upper_limit": N_("You pay the full price from, the extra included"),
}
"""The limits where they have been raised for a single parent or for more children."""

SCALE = N_(
    "Between the two limits there are %(steps)s steps of %(width)s. The household's income is on step %(step)s. "
    "Step 1 is %(first)s percent, and each step adds 1. That makes %(own)s percent."
)

INCOME = {
    IncomeKind.WAGE: N_("Pay after labour-market contribution, ATP and pension"),
    IncomeKind.BENEFIT: N_("Unemployment benefit and other benefits"),
    IncomeKind.STUDY_GRANT: N_("State education grant (SU)"),
    IncomeKind.PENSION: N_("Pension"),
    IncomeKind.BUSINESS: N_("Profit from own business"),
    IncomeKind.ADDED_BACK: N_("Tax deductions we add back"),
    IncomeKind.RENT: N_("Income from rent"),
    IncomeKind.FOREIGN: N_("Income from abroad"),
    IncomeKind.CAPITAL: N_("Positive capital income"),
    IncomeKind.SHARES: N_("Share income above 5,000 kroner a year"),
    IncomeKind.STUDY_LOAN: N_("Student loan, which does not count"),
    IncomeKind.CHILDS_OWN: N_("The children's own income, which does not count"),
}

QUOTE = {
    "one_income": N_("Give either the monthly income or the yearly income."),
    "income": N_("Write the income as kroner from 0 to 10 million a month, for example 33333.33."),
    "month": N_("Write the month as year and month, for example 2026-12."),
    "adults": N_("Write 1 for a single parent or 2 for a couple."),
    "children": N_("Write how many children under 18 live at home, from 1 to %(most)s."),
    "municipality": N_("We do not know this municipality. Use its four-digit code, for example 0461 for Odense."),
    "place_without_municipality": N_("Say which municipality the places are in."),
    "place": N_("We do not know this kind of place. Use one of: %(kinds)s."),
    "too_many_places": N_("There are more places than children. Write one place for each child in day care."),
    "not_out": N_("The figures for %(year)s are not out yet. Ask for an estimate to use the latest ones."),
    "missing_scale": N_("We do not have the income limits for %(year)s."),
    "missing_single_parent_raise": N_("We do not have the income limit for single parents for %(year)s."),
    "missing_price": N_("We do not have the municipality's price for this place for %(year)s."),
    "missing_lunch": N_("We do not have the municipality's price for lunch for %(year)s."),
    "missing_running_cost": N_(
        "We cannot work out the sibling subsidy here. We do not know which place the municipality counts as the dearest in %(year)s."
    ),
}


def kind_name(kind: str) -> str:
    """A kind of place in words. Raises KeyError for an unknown one."""
    return _(KIND_NAMES[kind])


def start_phrase(start: StartMonth) -> Phrase:
    """Why the subsidy starts (or stops) when it does, with the last day to apply where there is one."""
    if start.rule is StartRule.ADMISSION and start.limit is not None:
        return Phrase(ADMISSION_BY, {"date": start.limit})
    return Phrase(START[start.rule])


def admission_phrase(facts: Mapping[str, Any], today: date) -> Phrase:
    """Since or from when, at a first admission: the child's day, which may be behind or ahead."""
    day, child = _newly_admitted(facts, today)
    if day is None or child is None:
        return Phrase(START[StartRule.ADMISSION])
    return Phrase(STARTED if day <= today else STARTS, {"day": day, "child": child})


def admission_source(facts: Mapping[str, Any], today: date) -> Phrase:
    """What the month of a first admission is worked out from."""
    day, child = _newly_admitted(facts, today)
    if day is None or child is None:
        return Phrase(FROM_THE_DAY)
    return Phrase(FROM_STARTED if day <= today else FROM_STARTS, {"child": child})


def _newly_admitted(facts: Mapping[str, Any], today: date) -> tuple[date | None, str | None]:
    """The day of the newest first admission and the first name of its child, as far as they are known."""
    day = newest_admission(facts, today)
    names = {child["ref"]: child["name"].split(" ")[0] for child in facts["children"]}
    return day, next(
        (names[place["child"]] for place in facts["places"] if day and place["child"] and place["admitted"] == day.isoformat()), None
    )


def scale_phrase(percent: Percent) -> Phrase | None:
    """How the percentage follows from the place between the limits; None at or beyond them, where it needs no scale."""
    if not FIRST_PERCENT <= percent.own < FULL:
        return None
    width = (Decimal(percent.scale.upper - percent.scale.lower) / BANDS).quantize(Decimal("0.01"))
    values = {"steps": BANDS, "width": width, "step": percent.own - FIRST_PERCENT + 1, "first": FIRST_PERCENT, "own": percent.own}
    return Phrase(SCALE, values)


def is_raised(trail: Sequence[SumStep]) -> bool:
    """Whether the limits were raised for this household."""
    return any(step.value for step in trail if step.key in ("single_raise", "children_raise"))


def step_message(key: str, *, raised: bool = False) -> str:
    """The message of a step of the sum, other than an adult's income."""
    return WITH_RAISE.get(key, STEPS[key]) if raised else STEPS[key]


def step_text(step: SumStep, *, raised: bool = False) -> str:
    """What a step of the sum is. The steps of each adult's income (``adult_1_wage``) are named by the income."""
    if step.key.startswith("adult_"):
        return _(INCOME[IncomeKind(step.key.split("_", 2)[2])])
    return _(step_message(step.key, raised=raised))


def refusal_phrase(refused: QuoteRefused) -> Phrase:
    """Why a quote cannot be given and what to do."""
    return Phrase(QUOTE[refused.key], refused.values)
