"""Pages that tell: from when, what it comes to, and what the partner must do. Nothing here is typed but an estimate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from forms.free_place import answers
from forms.free_place.context import Context, household_of, month_with, percent_for, start_of
from forms.free_place.deadlines import consent_deadline
from forms.free_place.errors import MissingFigures
from forms.free_place.looking import reasons_for_person, tell_citizen
from forms.free_place.start import StartMonth, StartRule
from forms.free_place.steps.income import applying
from forms.free_place.words import admission_phrase, admission_source, is_raised, kind_name, scale_phrase, start_phrase, step_text
from portal.i18n import format_date, format_kroner, format_month, format_number
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import MoneyField
from portal.journey.forms import StepForm
from portal.journey.service import Answer, Step
from portal.journey.sources import citizen_source, source_words
from portal.journey.state import State
from portal.months import Month
from portal.phrases import Phrase

EXAMPLES = (Decimal(10_000), Decimal(15_000), Decimal(20_000), Decimal(25_000), Decimal(30_000))


class PartnerIncomeForm(StepForm):
    estimate = MoneyField(
        _l("What does your partner have a month after AM, ATP and pension?"),
        thing=_l("your partner's income"),
        hint=_l("Roughly. You can leave this out: we use the amount your partner approves, never this one"),
        optional=True,
    )


def start_view(state: State) -> dict[str, Any]:
    """The month, why, and whether its year's figures are out."""
    context: Context = state.context
    start = start_of(context, state.facts, answers.reason(state), state.today)
    out = _figures_out(context, start.month, state.today)
    return {"start": start, "why": str(_why_then(state, start)), "figures_out": out}


def _why_then(state: State, start: StartMonth) -> Phrase:
    return admission_phrase(state.facts, state.today) if start.rule is StartRule.ADMISSION else start_phrase(start)


def start_remember(state: State) -> dict[str, Any]:
    """The month the person was shown."""
    start = start_of(state.context, state.facts, answers.reason(state), state.today)
    return {"month": str(start.month), "rule": str(start.rule), "paragraph": start.paragraph}


def payment_view(state: State) -> dict[str, Any]:
    """The percentage, the amounts, and the sum behind them; without the partner's income some examples instead."""
    context: Context = state.context
    month = start_of(context, state.facts, answers.reason(state), state.today).month
    monthly = answers.household_monthly(state)
    why = [str(phrase) for phrase in tell_citizen(reasons_for_person(state))]
    shown: dict[str, Any] = {"month": month, "partner": answers.partner(state), "examples": [], "percent": None, "why": why}
    if monthly is None:
        own = answers.own_monthly(state) or Decimal(0)
        shown["examples"] = [(extra, _percent(state, own + extra, month)) for extra in EXAMPLES]
        return shown
    percent = _percent_or_none(state, monthly, month)
    if percent is None:
        return shown
    shown |= {
        "percent": percent.own,
        "estimate": percent.scale.estimate,
        "unconfirmed": not percent.scale.confirmed,
        "guess": answers.partner_estimate(state) is not None and not answers.is_single(state),
        "steps": [
            (step_text(step, raised=is_raised(percent.trail)), _step_value(step))
            for step in percent.trail
            if step.value or not step.key.endswith("_raise")
        ],
        "scale": scale_phrase(percent),
    }
    if answers.places_known(state):
        before, after = (month_with(context, state.facts, own, month, state.today) for own in (100, percent.own))
        shown |= {"before": before, "after": after, "kinds": {line.place_kind: kind_name(line.place_kind) for line in after.lines}}
    return shown


def payment_remember(state: State) -> dict[str, Any]:
    """The percentage the person was shown, if one could be shown, and whether a person must look at it."""
    month = start_of(state.context, state.facts, answers.reason(state), state.today).month
    monthly = answers.household_monthly(state)
    percent = _percent_or_none(state, monthly, month) if monthly is not None else None
    return {"own_percent": percent.own if percent else None, "expected": "person" if reasons_for_person(state) else "automatic"}


def partner_view(state: State) -> dict[str, Any]:
    """Who must approve, and by when."""
    return {"partner": answers.partner(state), "deadline": consent_deadline(state.today)}


def _percent_or_none(state: State, monthly: Decimal, month: Month) -> Any:
    children = state.get("home", "children")
    household = household_of(state.facts, answers.is_single(state), month, children)
    try:
        return percent_for(state.context, household, monthly, month, state.today)
    except MissingFigures:
        return None


def _percent(state: State, monthly: Decimal, month: Month) -> int | None:
    percent = _percent_or_none(state, monthly, month)
    return percent.own if percent else None


def _figures_out(context: Context, month: Month, today: date) -> bool:
    try:
        return not context.figures.scale(month, today, True).estimate
    except MissingFigures:
        return False


def _step_value(step: Any) -> str:
    if step.unit == "percent":
        return _("%(number)s percent", number=step.value)
    if step.unit == "count":
        return format_number(step.value)
    return format_kroner(step.value)


def _start_summary(state: State) -> list[Answer]:
    month = Month.parse(state.get("start-date", "month"))
    if state.get("start-date", "rule") == StartRule.ADMISSION:
        return [Answer(_("From which month?"), format_month(month), str(admission_source(state.facts, state.today)))]
    return [Answer(_("From which month?"), format_month(month), _("We worked this out from the date you apply"))]


def _estimate_summary(state: State) -> list[Answer]:
    amount = answers.partner_estimate(state)
    if amount is None:
        return []
    return [Answer(_("Your estimate of your partner's income a month"), format_kroner(amount), source_words(citizen_source(state.today)))]


def _with_partner(state: State) -> bool:
    return applying(state) and state.get("household", "living") not in (None, "single")


def partner_text(state: State) -> str:
    """What the partner does, as one answer on the page to check."""
    partner = answers.partner(state)
    name = partner["name"] if partner else _("Your partner")
    return _("%(name)s must approve by %(date)s", name=name, date=format_date(consent_deadline(state.today)))


STEPS = (
    Step(
        "partner-income",
        _l("Your partner's income"),
        PartnerIncomeForm,
        applies=_with_partner,
        template="free_place/partner_income.html",
        view=partner_view,
        summary=_estimate_summary,
    ),
    Step(
        "start-date",
        _l("From when?"),
        applies=applying,
        template="free_place/start_date.html",
        view=start_view,
        remember=start_remember,
        summary=_start_summary,
    ),
    Step(
        "payment",
        _l("What you will pay"),
        applies=applying,
        template="free_place/payment.html",
        view=payment_view,
        remember=payment_remember,
    ),
    Step(
        "partner",
        _l("Your partner must approve"),
        applies=_with_partner,
        template="free_place/partner.html",
        view=partner_view,
        summary=lambda state: [Answer(_("Your partner's approval"), partner_text(state))],
    ),
)
