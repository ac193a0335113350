"""A quote as JSON and as lines of text. Kroner in the JSON are strings, so that no reader makes binary fractions of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from forms.free_place.places import PlacePayment
from forms.free_place.quote import Quote
from forms.free_place.words import kind_name
from portal.i18n import format_kroner, format_number

PARTS = ("rate", "lunch", "free_place", "sibling", "own")


def as_data(answer: Quote) -> dict[str, Any]:
    """The quote as plain data. Kroner are strings; a place's amounts go from the price to what is paid."""
    data: dict[str, Any] = {
        "month": str(answer.asked.month),
        "yearly_income": answer.income_yearly,
        "own_payment_percent": answer.own_payment_percent,
        "subsidy_percent": answer.subsidy_percent,
        "figures_year": answer.figures_year,
        "figures_confirmed": answer.confirmed,
        "estimate": answer.estimate,
    }
    if answer.payments:
        data["municipality"] = answer.asked.municipality
        data["prices_year"] = answer.prices_year
        data["places"] = [_place(payment) for payment in answer.payments]
        data["totals"] = _amounts({part: answer.sum_of(part) for part in PARTS})
    return data


def _place(payment: PlacePayment) -> dict[str, Any]:
    amounts = _amounts({part: getattr(payment, part) for part in PARTS})
    return {"kind": payment.kind, **amounts, "free_month": payment.free_month}


def _amounts(part: dict[str, Decimal]) -> dict[str, str]:
    """Before and after each subsidy, in the order of the law: free place, then sibling."""
    before = part["rate"] + part["lunch"]
    amounts = {
        "rate": part["rate"],
        "lunch": part["lunch"],
        "before_subsidies": before,
        "free_place_subsidy": part["free_place"],
        "after_free_place": before - part["free_place"],
        "sibling_subsidy": part["sibling"],
        "own_payment": part["own"],
    }
    return {name: f"{amount:.2f}" for name, amount in amounts.items()}


def as_lines(answer: Quote) -> list[str]:
    """The quote as text for a terminal, one fact a line."""
    lines = [
        f"Month: {answer.asked.month}",
        f"Household income a year: {format_number(answer.income_yearly)} kroner",
        f"You pay {answer.own_payment_percent} percent. The subsidy is {answer.subsidy_percent} percent.",
    ]
    for payment in answer.payments:
        price = format_kroner(payment.rate + payment.lunch)
        free_place, sibling, own = (format_kroner(amount) for amount in (payment.free_place, payment.sibling, payment.own))
        lines.append(f"{kind_name(payment.kind)}: {price} less free place {free_place} less sibling {sibling} is {own}")
    if answer.payments:
        lines.append(f"Together: {format_kroner(answer.sum_of('own'))}")
    lines.append(f"Figures of {answer.figures_year}" + ("" if answer.confirmed else ", not all confirmed"))
    if answer.prices_year is not None and answer.prices_year != answer.figures_year:
        lines.append(f"Prices of {answer.prices_year}")
    if answer.estimate:
        lines.append("An estimate: the month's own figures are not out yet.")
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
