"""Reading the answers: the questions other pages, the application and the decision ask of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from forms.free_place.facts import monthly_base, partner_of
from forms.free_place.income import IncomeItem, IncomeKind, Rhythm, household_income, monthly_amount
from forms.free_place.start import Reason
from portal.journey.state import State

ZERO = Decimal(0)
OTHER_KINDS = {
    "self_employed": IncomeKind.BUSINESS,
    "capital": IncomeKind.CAPITAL,
    "shares": IncomeKind.SHARES,
    "foreign": IncomeKind.FOREIGN,
    "rent": IncomeKind.RENT,
}


def is_single(state: State) -> bool:
    """Whether the person says that they are a single parent."""
    return state.get("household", "living") == "single"


def partner(state: State) -> Mapping[str, Any] | None:
    """The partner whom the register names and the person confirms."""
    chosen = state.get("household", "living") or ""
    return next((adult for adult in shown_adults(state) if chosen == f"couple:{adult['ref']}"), None)


def shown_adults(state: State) -> list[Mapping[str, Any]]:
    """The other adults at the address who may be named: one whose name is protected is known to be there, and no more."""
    return [adult for adult in state.facts["adults"] if adult["name"] is not None]


def partner_cpr(state: State) -> str | None:
    """The partner's CPR number: from the register, or typed when they are not registered at the address."""
    known = partner(state)
    return known["cpr"] if known else state.get("partner-number", "cpr")


def reason(state: State) -> Reason:
    """What has happened."""
    return Reason(state.get("reason", "reason", Reason.INCOME))


def stops(state: State) -> bool:
    """Whether the person only wants the subsidy to stop."""
    return state.get("reason", "reason") == Reason.STOP


def people_known(state: State) -> bool:
    """Whether the people register told of the household."""
    return state.facts["status"]["people"] == "ok"


def places_known(state: State) -> bool:
    """Whether there are places, and the person says they are right."""
    return bool(state.facts["places"]) and state.get("children", "right") == "yes"


def contests_places(state: State) -> bool:
    """Whether the person says that the register's places are wrong; a register that told of none is not contested."""
    return bool(state.facts["places"]) and state.get("children", "right") == "no"


def register_base(state: State) -> Decimal | None:
    """The person's own monthly income as the register has it."""
    return monthly_base(state.facts["income"])


def uses_register(state: State) -> bool:
    """Whether the register's income is what the person goes on with."""
    return register_base(state) is not None and state.get("income", "use") == "yes"


def payslip_base(answer: Mapping[str, Any]) -> Decimal:
    """The monthly income from a payslip as typed: what is left after AM, ATP and pension, in its rhythm."""
    left = Decimal(answer["gross"]) - Decimal(answer.get("am") or 0) - Decimal(answer.get("atp") or 0) - Decimal(answer.get("pension") or 0)
    return monthly_amount(max(ZERO, left), Rhythm(answer["rhythm"]))


def stated_base(answer: Mapping[str, Any]) -> Decimal | None:
    """A partner's income a month as they stated it with their approval."""
    payslip = answer.get("payslip")
    if payslip:
        return payslip_base(payslip) if payslip.get("gross") and payslip.get("rhythm") else None
    text = answer.get("monthly_base")
    return Decimal(text) if text else None


def own_base(state: State) -> Decimal | None:
    """The person's own monthly income from pay and benefits, from wherever it is taken."""
    if uses_register(state):
        return register_base(state)
    answer = state.answers.get("payslip")
    return payslip_base(answer) if answer else None


def other_items(state: State) -> list[IncomeItem]:
    """Other income the person has told of, as yearly amounts."""
    kinds = state.get("other-income", "kinds") or []
    amounts = state.answers.get("other-amounts", {})
    return [
        IncomeItem(OTHER_KINDS[kind], Decimal(amounts[kind]), Rhythm.YEARLY) for kind in kinds if kind in OTHER_KINDS and amounts.get(kind)
    ]


def own_monthly(state: State) -> Decimal | None:
    """All the person's own income a month, as it counts."""
    base = own_base(state)
    if base is None:
        return None
    return household_income([[IncomeItem(IncomeKind.WAGE, base), *other_items(state)]]).monthly


def partner_estimate(state: State) -> Decimal | None:
    """What the person thinks the partner has a month; only ever used to show an estimate."""
    text = state.get("partner-income", "estimate")
    return Decimal(text) if text else None


def household_monthly(state: State) -> Decimal | None:
    """The household's income a month as far as it is known; None when a part of it is not."""
    own = own_monthly(state)
    if own is None or is_single(state):
        return own
    other = partner_estimate(state)
    return None if other is None else own + other


def registered_partner(state: State) -> Mapping[str, Any] | None:
    """The spouse or cohabitant of the register, whatever the person says."""
    return partner_of(state.facts)
