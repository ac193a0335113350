"""The partner's approval: until when, and how they state their own income."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.free_place.facts import by_month, monthly_base
from forms.free_place.steps.income import PayslipForm, RegisterIncomeForm
from portal.i18n import lazy as _l
from portal.journey.fields import ConfirmField, YesNoField
from portal.journey.forms import StepForm
from portal.journey.service import AnswerPage, IncompleteAnswer
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


def look(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the partner is shown of their own income: the register's rows, whether it answered, and when."""
    return {"income": facts["income"], "status": facts["status"]["income"], "on": facts["on"]}


def next_form(shown: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> type[StepForm] | None:
    """The register's income first when there is any, a payslip when it does not fit, the approval last."""
    merged = _merged(given)
    if "agree" in merged:
        return None
    if merged.get("use") == "yes" or "gross" in merged:
        return ApproveForm
    if "use" in merged or monthly_base(shown["income"]) is None:
        return PayslipForm
    return RegisterForm


def overtaken(shown: Mapping[str, Any], now: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the register says another income than the one approved. A register that is silent now says nothing."""
    if _merged(given).get("use") != "yes" or now["status"] in ("unavailable", "nonsense"):
        return False
    return monthly_base(now["income"]) != monthly_base(shown["income"])


def consent_answer(shown: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The partner's answer as it is stored: the income they stated and where it came from. Raises IncompleteAnswer."""
    merged = _merged(given)
    base = monthly_base(shown["income"])
    confirmed = base is not None and merged.get("use") == "yes"
    if not confirmed and any(merged.get(key) is None for key in ("rhythm", "gross", "am", "atp", "pension")):
        raise IncompleteAnswer
    payslip = None if confirmed else {key: merged.get(key) for key in ("rhythm", "gross", "am", "atp", "pension", "remark")}
    register = {"kind": "register", "register": "income", "date": shown["on"]}
    return {
        "version": 1,
        "monthly_base": str(base) if confirmed else None,
        "payslip": payslip,
        "contested": base is not None and not confirmed,
        "other_income": merged.get("other") == "yes",
        "source": register if confirmed else {"kind": "citizen", "date": shown["on"]},
    }


def consent_view(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the register has of the partner's income, in months and in all."""
    base = monthly_base(shown["income"])
    register = {"kind": "register", "register": "income", "date": shown["on"]}
    return {
        "months": by_month(shown["income"]),
        "base": base,
        "year": base * 12 if base is not None else None,
        "status": shown["status"],
        "source": source_words(register),
    }


def _merged(given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: value for each in given for key, value in each.items()}


CONSENT_PAGE = AnswerPage("free_place/consent.html", look, next_form, overtaken, consent_answer, consent_view)
