"""Checking one field alone, the same way as the page does when it is sent."""

from __future__ import annotations

from portal.i18n import format_number, get_locale
from portal.i18n import gettext as _
from portal.journey.amounts import AmountProblem, parse_amount
from portal.journey.fields import MAX_MONEY, cpr_problem
from portal.journey.messages import message


def problem_with(kind: str, value: str, *, fictional: bool = False) -> str:
    """What is wrong with the text, in words; empty when nothing is, or when the kind can't be checked alone."""
    value = value.strip()
    if not value:
        return ""
    if kind == "money":
        try:
            parse_amount(value, MAX_MONEY, get_locale())
        except AmountProblem as problem:
            return message(problem.code, thing=_("the amount"), limit=format_number(MAX_MONEY))
    if kind == "cpr":
        problem = cpr_problem(value, fictional=fictional)
        return message(problem) if problem else ""
    return ""
