"""The partner's approval: until when, and how they state their own income."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.free_place.facts import by_month, monthly_base
from forms.free_place.steps.income import PayslipForm, RegisterIncomeForm
from portal.i18n import lazy as _l
from portal.journey.fields import ConfirmField, YesNoField
from portal.journey.forms import StepForm
from portal.journey.service import AnswerPage
from portal.journey.sources import source_words


class RegisterForm(StepForm):
    """The partner looks at what the register has."""

    use = RegisterIncomeForm.use


class ApproveForm(StepForm):
    """The approval itself."""

    other = YesNoField(
        _l("Do you have other income?"),
        thing=_l("whether you have other income"),
        hint=_l("Your own business, income from shares or abroad, interest, or rent"),
        yes=_l("Yes"),
        no=_l("No"),
    )
    agree = ConfirmField(
        _l("I approve that we apply together. The decision shows the household's income together to the one who applies."),
        thing=_l("you approve that you apply together"),
    )


def next_form(facts: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> type[StepForm] | None:
    """The register's income first when there is any, a payslip when it does not fit, the approval last."""
    wanted: list[type[StepForm]] = []
    if monthly_base(facts["income"]) is not None:
        wanted.append(RegisterForm)
    if not wanted or (given and given[0].get("use") == "no"):
        wanted.append(PayslipForm)
    wanted.append(ApproveForm)
    return wanted[len(given)] if len(given) < len(wanted) else None


def consent_answer(facts: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The partner's answer as it is stored: the income they stated and where it came from."""
    merged = {key: value for each in given for key, value in each.items()}
    base = monthly_base(facts["income"])
    confirmed = base is not None and merged.get("use") == "yes"
    payslip = None if confirmed else {key: merged.get(key) for key in ("rhythm", "gross", "am", "atp", "pension", "remark")}
    register = {"kind": "register", "register": "income", "date": facts["on"]}
    return {
        "version": 1,
        "monthly_base": str(base) if confirmed else None,
        "payslip": payslip,
        "contested": base is not None and not confirmed,
        "other_income": merged.get("other") == "yes",
        "source": register if confirmed else {"kind": "citizen", "date": facts["on"]},
    }


def consent_view(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the register has of the partner's income."""
    base = monthly_base(facts["income"])
    register = {"kind": "register", "register": "income", "date": facts["on"]}
    return {
        "months": by_month(facts["income"]),
        "base": base,
        "year": base * 12 if base is not None else None,
        "status": facts["status"]["income"],
        "source": source_words(register),
    }


CONSENT_PAGE = AnswerPage("free_place/consent.html", next_form, consent_answer, consent_view)
