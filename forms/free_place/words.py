"""The words for what the rules compute: why a date, which step of the sum, why a quote is refused."""

from __future__ import annotations

from forms.free_place.income import IncomeKind
from forms.free_place.quote import QuoteRefused
from forms.free_place.start import StartMonth, StartRule
from forms.free_place.trail import SumStep
from portal.i18n import gettext as _
from portal.phrases import N_, Phrase

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


def step_text(step: SumStep) -> str:
    """What a step of the sum is. The steps of each adult's income (``adult_1_wage``) are named by the income."""
    if step.key.startswith("adult_"):
        return _(INCOME[IncomeKind(step.key.split("_", 2)[2])])
    return _(STEPS[step.key])


def refusal_phrase(refused: QuoteRefused) -> Phrase:
    """Why a quote cannot be given and what to do."""
    return Phrase(QUOTE[refused.key], refused.values)
