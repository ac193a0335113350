"""From an application, the answers of others and what the registers say now, to a decision or the reason why a person must look.

Objective when the registers confirm household, places and income within five steps of the scale, and nobody is
self-employed, has other income or says that a register is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from forms.free_place.answers import OTHER_KINDS, stated_base
from forms.free_place.context import Context, household_of, percent_for
from forms.free_place.correcting import Asked, as_correction, own_percent
from forms.free_place.errors import MissingFigures
from forms.free_place.facts import monthly_base, partner_of
from forms.free_place.income import IncomeItem, IncomeKind, Rhythm, household_income
from forms.free_place.percent import differs_by_five_steps, yearly_income
from forms.free_place.proposal import missing_prices, proposal_for, stop_proposal
from forms.free_place.start import Reason, StartRule
from forms.free_place.words import START, admission_phrase
from portal.cases.decision import AnswerGiven, Decide, HearFirst, NeedsPerson, Proposal, Verdict
from portal.months import Month
from portal.phrases import N_, Phrase

NOTABLY_WORSE = 5
"""Steps of the scale: a percentage this much higher than shown, on facts not seen, is heard before it is decided."""


@dataclass(frozen=True)
class Inputs:
    """All that a decision rests on."""

    application: Mapping[str, Any]
    answers: Sequence[AnswerGiven]
    facts: Mapping[str, Mapping[str, Any]]
    today: date
    context: Context

    @property
    def own(self) -> Mapping[str, Any]:
        """What the registers say now of the applicant."""
        return self.facts["applicant"]

    @property
    def month(self) -> Month:
        """The first month the application counts for."""
        return Month.parse(self.application["start"]["month"])

    @property
    def couple(self) -> bool:
        return self.application["household"]["kind"] == "couple"

    def last(self, kind: str) -> AnswerGiven | None:
        """The newest answer of one kind."""
        return next((answer for answer in reversed(self.answers) if answer.kind == kind), None)


def decide(
    application: Mapping[str, Any], answers: Sequence[AnswerGiven], facts: Mapping[str, Mapping[str, Any]], today: date, context: Context
) -> Verdict:
    """The verdict on an application."""
    inputs = Inputs(application, answers, facts, today, context)
    silent = _silent_registers(inputs)
    if application["reason"] == Reason.STOP:
        # The bills that follow are worked out from the places, so a stop waits for the registers too.
        stop = stop_proposal(inputs.month)
        why = [*silent, *_why_payer(inputs)]
        return NeedsPerson(why, stop, only_register=why == silent) if why else Decide(stop)
    why = why_person(inputs)
    proposal = propose(inputs)
    if why or proposal is None:
        only_silent = bool(silent) and why == silent and application["registers"] == {"people": "ok", "income": "ok", "places": "ok"}
        return NeedsPerson(why or [Phrase(N_("The income is not known"))], proposal, only_register=only_silent)
    return _hear_or_decide(inputs, proposal)


def why_person(inputs: Inputs) -> list[Phrase]:
    """Why a person must look at an application for a subsidy, as far as it is known; empty when the rules can decide."""
    return [
        *_silent_registers(inputs),
        *_why_by_hand(inputs),
        *_why_household(inputs),
        *_why_places(inputs),
        *_why_payer(inputs),
        *_why_income(inputs),
        *_why_figures(inputs),
    ]


def propose(inputs: Inputs, *, monthly: Decimal | None = None, month: Month | None = None) -> Proposal | None:
    """What the rules say on the income as stated, or on another income or month that a case worker has found right."""
    if monthly is None and month in (None, inputs.month):
        return _worked_out(inputs, stated_monthly(inputs), inputs.month)
    found = _worked_out(inputs, stated_monthly(inputs) if monthly is None else monthly, month or inputs.month)
    return as_correction(found, asked_of(inputs)) if found else None


def asked_of(inputs: Inputs) -> Asked:
    """What the citizen was shown and has stated, to measure a correction against."""
    monthly = stated_monthly(inputs)
    stated = _worked_out(inputs, monthly, inputs.month)
    return Asked(
        inputs.application["shown"]["own_percent"],
        own_percent(stated) if stated else None,
        Decimal(yearly_income(monthly)) if monthly is not None else None,
        inputs.month,
    )


def _worked_out(inputs: Inputs, monthly: Decimal | None, month: Month) -> Proposal | None:
    if monthly is None:
        return None
    household = household_of(inputs.own, not inputs.couple, month, inputs.application["household"]["children_counted"])
    try:
        percent = percent_for(inputs.context, household, monthly, month, inputs.today)
        why_then = _why_then(inputs, month)
        return proposal_for(inputs.context, inputs.own, household, percent, monthly, month, inputs.today, why_then)
    except MissingFigures:
        return None


def _why_then(inputs: Inputs, month: Month) -> Phrase:
    """Why the subsidy starts when it does."""
    rule = StartRule(inputs.application["start"]["rule"])
    if month != inputs.month:
        return Phrase(N_("The subsidy starts on %(day)s."), {"day": month.first})
    return admission_phrase(inputs.own, inputs.today) if rule is StartRule.ADMISSION else Phrase(START[rule])


def stated_monthly(inputs: Inputs) -> Decimal | None:
    """The household's income a month as its adults have stated it."""
    income = inputs.application["income"] or {}
    if not income.get("monthly_base"):
        return None
    items = [IncomeItem(IncomeKind.WAGE, Decimal(income["monthly_base"]))]
    items += [IncomeItem(OTHER_KINDS[each["kind"]], Decimal(each["yearly"]), Rhythm.YEARLY) for each in income["other"] if each["yearly"]]
    adults = [items]
    if inputs.couple:
        consent = inputs.last("consent")
        other = stated_base(consent.answer) if consent and consent.outcome == "given" else None
        if other is None:
            return None
        adults.append([IncomeItem(IncomeKind.WAGE, other)])
    return household_income(adults).monthly


def _hear_or_decide(inputs: Inputs, proposal: Proposal) -> Verdict:
    hearing = inputs.last("hearing")
    if hearing is not None or not _against_on_unseen_facts(inputs, proposal):
        return Decide(proposal)
    days = inputs.context.settings.hearing_days if inputs.context.settings else 14
    facts = [
        Phrase(N_("Your household's income together is %(amount)s a month."), {"amount": stated_monthly(inputs) or Decimal(0)}),
        *proposal.reasons,
    ]
    return HearFirst(facts, proposal, inputs.today + timedelta(days=days))


def _against_on_unseen_facts(inputs: Inputs, proposal: Proposal) -> bool:
    """Whether it goes against the applicant because of the partner's income, which they have not seen."""
    if not inputs.couple:
        return False
    if proposal.outcome == "refused":
        return True
    shown = inputs.application["shown"]["own_percent"]
    return shown is not None and own_percent(proposal) >= shown + NOTABLY_WORSE


def _silent_registers(inputs: Inputs) -> list[Phrase]:
    words = {
        "people": N_("The people register did not answer"),
        "income": N_("The income register did not answer"),
        "places": N_("The list of day-care places did not answer"),
    }
    names = [name for name in words if any(facts["status"][name] in ("unavailable", "nonsense") for facts in inputs.facts.values())]
    return [Phrase(words[name]) for name in names]


def _why_by_hand(inputs: Inputs) -> list[Phrase]:
    """What a register tells now, but the applicant wrote alone and has not seen. Income is compared with what was written."""
    words = {
        "people": N_("The applicant wrote the household by hand, because the people register did not answer"),
        "places": N_("The applicant wrote the places by hand, because the list of day-care places did not answer"),
    }
    then, now = inputs.application["registers"], inputs.own["status"]
    return [Phrase(text) for name, text in words.items() if then[name] in ("unavailable", "nonsense") and now[name] == "ok"]


def _why_household(inputs: Inputs) -> list[Phrase]:
    household, own = inputs.application["household"], inputs.own
    why = []
    consent = inputs.last("consent")
    if inputs.couple and (consent is None or consent.outcome != "given"):
        why.append(Phrase(N_("The partner has not approved")))
    if own["status"]["people"] == "unknown":
        why.append(Phrase(N_("The people register does not know the applicant")))
    registered = partner_of(own)
    if household["kind"] == "single" and registered is not None:
        why.append(Phrase(N_("Applies as a single parent, but the people register shows a partner at the address")))
    elif household["kind"] == "single" and own["person"] and own["person"]["married"]:
        # A married person is single only when the two have parted because they no longer agree; no register tells that.
        why.append(Phrase(N_("Applies as a single parent, but the people register shows a marriage")))
    if inputs.couple and own["status"]["people"] == "ok" and (registered is None or registered["cpr"] != household["partner"]["cpr"]):
        why.append(Phrase(N_("The partner is not the one the people register shows")))
    if own["status"]["people"] == "ok" and {child["cpr"] for child in own["children"]} != {child["cpr"] for child in household["children"]}:
        why.append(Phrase(N_("The children at home have changed since the application was sent")))
    if own["municipality"] is not None and own["municipality"] != inputs.application["municipality"]:
        why.append(Phrase(N_("The applicant has moved to another municipality")))
    return why


def _why_places(inputs: Inputs) -> list[Phrase]:
    places, own = inputs.application["places"], inputs.own
    why = []
    if places["contested"]:
        why.append(Phrase(N_("The applicant says that the list of places is wrong or incomplete")))
    if own["status"]["places"] == "ok" and not own["places"]:
        why.append(Phrase(N_("There is no place in day care to give a subsidy for")))
    if any(place["private"] for place in own["places"]):
        why.append(Phrase(N_("A place is in a private institution, which is worked out in another way")))
    if any(place["part_time"] for place in own["places"]):
        why.append(Phrase(N_("A place is part-time, and its price must be looked up")))
    return why


def _why_payer(inputs: Inputs) -> list[Phrase]:
    """A grant changes the bills of the one it is given to, so it helps nobody when somebody else gets the bills."""
    if all(place.get("pays", True) for place in inputs.own["places"] if place["child"]):
        return []
    return [Phrase(N_("Somebody else than the applicant pays for the places"))]


def _why_income(inputs: Inputs) -> list[Phrase]:
    income = inputs.application["income"]
    why = []
    if income["self_employed"]:
        why.append(Phrase(N_("The applicant has their own business")))
    elif income["other"]:
        why.append(Phrase(N_("The applicant has other income that the register does not show")))
    why += _against_register(inputs, Decimal(income["monthly_base"] or 0), inputs.own, applicant=True)
    consent = inputs.last("consent")
    if inputs.couple and consent and consent.outcome == "given":
        if consent.answer.get("other_income"):
            why.append(Phrase(N_("The partner has other income that the register does not show")))
        why += _against_register(inputs, stated_base(consent.answer), inputs.facts.get("partner", inputs.own), applicant=False)
    return why


def _against_register(inputs: Inputs, stated: Decimal | None, facts: Mapping[str, Any], *, applicant: bool) -> list[Phrase]:
    register = monthly_base(facts["income"])
    if facts["status"]["income"] in ("unavailable", "nonsense"):
        return []
    if register is None:
        return [
            Phrase(
                N_("The income register shows no income for the applicant")
                if applicant
                else N_("The income register shows no income for the partner")
            )
        ]
    try:
        scale = inputs.context.figures.scale(inputs.month, inputs.today, True)
    except MissingFigures:
        return []
    if stated is None or differs_by_five_steps(yearly_income(register), yearly_income(stated), scale):
        return [
            Phrase(
                N_("The applicant's income differs from the register by five steps or more")
                if applicant
                else N_("The partner's income differs from the register by five steps or more")
            )
        ]
    return []


def _why_figures(inputs: Inputs) -> list[Phrase]:
    context, month = inputs.context, inputs.month
    try:
        scale = context.figures.scale(month, inputs.today, True)
    except MissingFigures:
        return [Phrase(N_("There are no income limits for %(month)s"), {"month": month})]
    why = []
    if scale.estimate:
        why.append(Phrase(N_("The figures for %(year)s are not out yet"), {"year": month.year}))
    elif not scale.confirmed and not context.use_unconfirmed:
        why.append(Phrase(N_("Nobody has confirmed the income limits for %(year)s"), {"year": month.year}))
    if inputs.own["places"] and missing_prices(context, inputs.own, month, inputs.today):
        why.append(Phrase(N_("There is no confirmed price for a place in %(month)s"), {"month": month}))
    return why
