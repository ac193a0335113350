"""Pages about the person's own income: first what the register knows, then only what it does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from forms.free_place import answers
from forms.free_place.facts import by_month
from forms.free_place.income import Rhythm
from portal.i18n import format_kroner, format_list
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import ChoiceField, FileField, MoneyField, TextAreaField, TicksField, YesNoField
from portal.journey.forms import StepForm
from portal.journey.messages import message
from portal.journey.service import Answer, Step
from portal.journey.sources import citizen_source, source_words
from portal.journey.state import State


def applying(state: State) -> bool:
    """Income is asked about only by those who want a subsidy."""
    return not answers.stops(state)


class RegisterIncomeForm(StepForm):
    use = YesNoField(
        _l("Will you go on earning about this much?"),
        thing=_l("whether you will go on earning about this much"),
        yes=_l("Yes, use this amount"),
        no=_l("No, my income has changed or will change, or the amount is wrong"),
    )


def register_view(state: State) -> dict[str, Any]:
    """The register's months, and what they come to a month and a year."""
    base = answers.register_base(state)
    return {
        "months": by_month(state.facts["income"]),
        "base": base,
        "year": base * 12 if base is not None else None,
        "source": _register_source(state),
    }


class PayslipForm(StepForm):
    rhythm = ChoiceField(
        _l("How often do you get this amount?"),
        thing=_l("how often you get the amount"),
        choices=[
            (str(Rhythm.MONTHLY), _l("Every month")),
            (str(Rhythm.FORTNIGHTLY), _l("Every 14 days")),
            (str(Rhythm.WEEKLY), _l("Every week")),
            (str(Rhythm.YEARLY), _l("Once a year")),
        ],
    )
    gross = MoneyField(
        _l("Pay before tax"), thing=_l("your pay before tax"), hint=_l("Shown on the payslip as A-income or gross pay (A-indkomst)")
    )
    am = MoneyField(
        _l("Labour-market contribution (AM-bidrag)"),
        thing=_l("your labour-market contribution"),
        hint=_l("8 percent of the pay. Write 0 if there is none"),
    )
    atp = MoneyField(_l("ATP, your own part"), thing=_l("your ATP"), hint=_l("Often 99 kroner a month. Write 0 if there is none"))
    pension = MoneyField(
        _l("Pension, your own part"),
        thing=_l("your own pension contribution"),
        hint=_l("Only if it is part of the pay before tax. Write 0 if there is none"),
    )
    remark = TextAreaField(
        _l("What has changed?"),
        thing=_l("what has changed"),
        hint=_l("You can leave this out. It helps the case worker to understand"),
        optional=True,
    )

    def check_together(self) -> None:
        """What is taken off cannot be more than the pay."""
        taken = sum((Decimal(field.data or 0) for field in (self.am, self.atp, self.pension)), Decimal(0))
        if taken > Decimal(self.gross.data or 0):
            self.gross.errors = [message("more_taken_off", thing=_("your pay before tax"))]


def payslip_view(state: State) -> dict[str, Any]:
    """Why the person is asked to type."""
    return {"status": state.facts["status"]["income"], "known": answers.register_base(state) is not None}


def payslip_summary(state: State) -> list[Answer]:
    """What was typed, and what it comes to."""
    typed = state.answers["payslip"]
    mine = source_words(citizen_source(state.today))
    rhythm = next(str(label) for value, label in PayslipForm().rhythm.choices if value == typed["rhythm"])
    rows = [
        (_("Pay before tax"), "gross"),
        (_("Labour-market contribution (AM-bidrag)"), "am"),
        (_("ATP, your own part"), "atp"),
        (_("Pension, your own part"), "pension"),
    ]
    return [
        Answer(_("How often do you get this amount?"), rhythm, mine),
        *(Answer(label, format_kroner(Decimal(typed[key])), mine) for label, key in rows),
    ]


class BaseForm(StepForm):
    """Nothing to fill in: the page shows the sum."""


def base_view(state: State) -> dict[str, Any]:
    """The sum from the payslip to the income that counts."""
    typed = state.answers.get("payslip")
    if not typed:
        return {}
    base = answers.payslip_base(typed)
    return {
        "typed": {key: Decimal(typed[key]) for key in ("gross", "am", "atp", "pension")},
        "rhythm": typed["rhythm"],
        "base": base,
        "year": base * 12,
        "register": answers.register_base(state),
    }


class OtherIncomeForm(StepForm):
    kinds = TicksField(
        _l("Do you have other income?"),
        thing=_l("the kinds of income you have, or None of these"),
        hint=_l("Only your own. Your partner answers for themselves."),
        choices=[
            ("self_employed", _l("I have my own business")),
            ("capital", _l("Interest and other capital income")),
            ("shares", _l("Income from shares, more than 5,000 kroner a year")),
            ("foreign", _l("Income from abroad that is not taxed in Denmark")),
            ("rent", _l("Income from letting a room or a home")),
        ],
        none=("none", _l("None of these")),
    )

    def fit(self, state: State) -> None:
        """A single parent has no partner to be told of."""
        if answers.is_single(state):
            self.kinds.description = ""


LOSS = _l("Write 0 if it is a loss")


class OtherAmountsForm(StepForm):
    self_employed = MoneyField(
        _l("Expected profit of your business in a year"), thing=_l("the expected profit of your business"), hint=LOSS
    )
    capital = MoneyField(_l("Capital income in a year, after interest you pay"), thing=_l("your capital income"), hint=LOSS)
    shares = MoneyField(_l("Share income in a year"), thing=_l("your share income"))
    foreign = MoneyField(_l("Income from abroad in a year, in Danish kroner"), thing=_l("your income from abroad"))
    rent = MoneyField(_l("Income from letting in a year"), thing=_l("your income from letting"), hint=LOSS)

    def fit(self, state: State) -> None:
        """Only the kinds that were ticked are asked about."""
        wanted = state.get("other-income", "kinds") or []
        for name in list(self._fields):
            if name not in wanted:
                del self[name]


def other_summary(state: State) -> list[Answer]:
    """The kinds, or that there are none."""
    labels = {value: str(label) for value, label in OtherIncomeForm().kinds.choices}
    words = format_list([labels[kind] for kind in state.get("other-income", "kinds", [])])
    return [Answer(_("Do you have other income?"), words, source_words(citizen_source(state.today)))]


def amounts_summary(state: State) -> list[Answer]:
    """The yearly amounts."""
    form = OtherAmountsForm(state=state)
    typed = state.answers["other-amounts"]
    mine = source_words(citizen_source(state.today))
    return [Answer(str(field.label.text), format_kroner(Decimal(typed[field.name])), mine) for field in form if typed.get(field.name)]


class PapersForm(StepForm):
    papers = FileField(
        _l("Papers about your other income"),
        thing=_l("a file"),
        hint=_l("For example your preliminary income assessment (forskudsopgørelse) or accounts. PDF, JPG or PNG, at most 10 MB each"),
        optional=True,
    )


def _types_income(state: State) -> bool:
    return answers.register_base(state) is None or state.get("income", "use") == "no"


def _other_kinds(state: State) -> bool:
    return applying(state) and bool(set(state.get("other-income", "kinds") or []) - {"none"})


def _register_source(state: State) -> str:
    return source_words({"kind": "register", "register": "income", "date": state.facts["on"]})


def _register_summary(state: State) -> list[Answer]:
    base = answers.register_base(state)
    if state.get("income", "use") == "yes" and base is not None:
        return [Answer(_("Your income a month after AM, ATP and pension"), format_kroner(base), _register_source(state))]
    return [Answer(_("Will you go on earning about this much?"), _("No, my income has changed"), source_words(citizen_source(state.today)))]


STEPS = (
    Step(
        "income",
        _l("Your income"),
        RegisterIncomeForm,
        applies=lambda state: applying(state) and answers.register_base(state) is not None,
        template="free_place/income.html",
        view=register_view,
        summary=_register_summary,
    ),
    Step(
        "payslip",
        _l("Your income from a payslip"),
        PayslipForm,
        applies=lambda state: applying(state) and _types_income(state),
        template="free_place/payslip.html",
        view=payslip_view,
        summary=payslip_summary,
    ),
    Step(
        "income-base",
        _l("This is the income we count"),
        BaseForm,
        applies=lambda state: applying(state) and _types_income(state),
        template="free_place/income_base.html",
        view=base_view,
    ),
    Step("other-income", _l("Do you have other income?"), OtherIncomeForm, applies=applying, summary=other_summary),
    Step(
        "other-amounts",
        _l("How much is your other income?"),
        OtherAmountsForm,
        applies=_other_kinds,
        template="free_place/other_amounts.html",
        summary=amounts_summary,
    ),
    Step("papers", _l("Papers about your other income"), PapersForm, applies=_other_kinds, template="free_place/papers.html", uploads=True),
)
