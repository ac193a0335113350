"""What is known already while somebody applies: whether a person must look, and why, in words for the citizen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.free_place.application import build
from forms.free_place.decision import Inputs, why_person
from portal.journey.state import State
from portal.phrases import N_, Phrase

NOT_ASKED_YET = "The partner has not approved"
"""A reason of the rules that says nothing before the application has been sent."""

HOUSEHOLD_INCOME = N_("We must look at the household's income.")
"""Also for what the partner has told: it is not told on to the one who applies."""

TOLD = {
    "The people register did not answer": N_("The people register (CPR) does not answer right now."),
    "The income register did not answer": N_("The income register does not answer right now."),
    "The list of day-care places did not answer": N_("The list of day-care places does not answer right now."),
    "The applicant wrote the household by hand, because the people register did not answer": N_(
        "You wrote your household yourself, because the people register did not answer."
    ),
    "The applicant wrote the places by hand, because the list of day-care places did not answer": N_(
        "You wrote the places yourself, because the list of day-care places did not answer."
    ),
    "The partner has not approved": N_("Your partner has not approved."),
    "The people register does not know the applicant": N_("The people register (CPR) has nothing about you."),
    "Applies as a single parent, but the people register shows a partner at the address": N_(
        "You apply as a single parent, and the people register (CPR) shows a partner at your address."
    ),
    "Applies as a single parent, but the people register shows a marriage": N_(
        "You apply as a single parent, and the people register (CPR) shows that you are married."
    ),
    "The partner is not the one the people register shows": N_("The people register (CPR) does not show your partner at your address."),
    "The children at home have changed since the application was sent": N_("The children at your address have changed since you applied."),
    "The applicant has moved to another municipality": N_("You have moved to another municipality."),
    "The applicant says that the list of places is wrong or incomplete": N_("You have written that the list of places is wrong."),
    "There is no place in day care to give a subsidy for": N_("We cannot see that your child has a place in day care."),
    "A place is in a private institution, which is worked out in another way": N_(
        "A place is in a private institution. It is worked out in another way."
    ),
    "A place is part-time, and its price must be looked up": N_("A place is part-time. We must look up its price."),
    "Somebody else than the applicant pays for the places": N_("Somebody else than you gets the bills for the places."),
    "The applicant has their own business": N_("You have your own business."),
    "The applicant has other income that the register does not show": N_("You have other income that the registers do not know."),
    "The partner has other income that the register does not show": HOUSEHOLD_INCOME,
    "The income register shows no income for the applicant": N_("The income register shows no income for you."),
    "The income register shows no income for the partner": HOUSEHOLD_INCOME,
    "The applicant's income differs from the register by five steps or more": N_("Your income is far from what the income register shows."),
    "The partner's income differs from the register by five steps or more": HOUSEHOLD_INCOME,
    "There are no income limits for %(month)s": N_("We do not have the income limits for %(month)s."),
    "The figures for %(year)s are not out yet": N_("The income limits for %(year)s are not out yet."),
    "Nobody has confirmed the income limits for %(year)s": N_("The income limits for %(year)s have not been confirmed yet."),
    "There is no confirmed price for a place in %(month)s": N_("We do not have a confirmed price for a place in %(month)s."),
    "The income is not known": HOUSEHOLD_INCOME,
}
"""The rules' reasons, which are written to a case worker, as the citizen reads them."""


def reasons_for_person(state: State) -> list[Phrase]:
    """Why a person must look, as the rules would say now; empty when everything may be decided by itself.

    The partner's income is not known before they have approved, so a couple may meet a further reason then.
    """
    inputs = Inputs(build(state), (), {"applicant": state.facts}, state.today, state.context)
    return [phrase for phrase in why_person(inputs) if phrase.message != NOT_ASKED_YET]


def tell_citizen(why: Sequence[Phrase]) -> list[Phrase]:
    """The rules' reasons in the citizen's words, each once; one that has no such words is left out."""
    told = {TOLD[phrase.message]: phrase.values for phrase in why if phrase.message in TOLD}
    return [Phrase(message, values) for message, values in told.items()]


def expects_person(application: Mapping[str, Any]) -> bool:
    """Whether it was known when the application was sent that a person must look."""
    return bool(application["shown"].get("expected") == "person")
