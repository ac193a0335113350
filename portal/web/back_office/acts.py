"""The forms a case worker fills in: a decision, and a question to the citizen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.i18n import format_date, format_month
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import ChoiceField, DateField, MoneyField, SelectField, TextAreaField, TextField, TicksField
from portal.journey.forms import StepForm
from portal.journey.messages import message
from portal.months import Month
from portal.web.back_office.desk import Desk

OTHER_RULE = "other"
MONTHS_BACK, MONTHS_AHEAD = 12, 6
ANSWER_DAYS, LEAST_DAYS, MOST_DAYS = 14, 3, 180


class LongText(TextAreaField):
    """Reasons may be longer than an answer."""

    limit = 5000


class DecideForm(StepForm):
    """What to decide, on which income and from when, by which rules, and why."""

    outcome = ChoiceField(_l("What do you decide?"), thing=_l("what you decide"))
    income = MoneyField(
        _l("The household's income, if you correct it"),
        thing=_l("the household's income"),
        hint=_l("Both adults together, after AM-bidrag (labour-market contribution), ATP and pension"),
        optional=True,
    )
    per = ChoiceField(
        _l("The income you have written is"),
        thing=_l("whether the income is for a month or a year"),
        choices=[("month", _l("for a month")), ("year", _l("for a year"))],
    )
    why_other = LongText(
        _l("Why another income or start month"),
        thing=_l("why you do not use what the citizen has stated"),
        hint=_l("Write to the citizen. It stands in the letter, after the rules' own reasons."),
        optional=True,
    )
    month = SelectField(_l("Start month"), thing=_l("the start month"))
    law = TicksField(_l("Legal ground"), thing=_l("the rules the decision rests on"))
    other_law = TextField(_l("Another rule, as it is to stand in the letter"), thing=_l("the other rule"), optional=True)
    reasons = LongText(
        _l("Reasons"),
        thing=_l("the reasons, so that the citizen can understand the decision"),
        hint=_l("Write to the citizen. Each line becomes a paragraph in the letter."),
    )

    def check_together(self) -> None:
        """A correction corrects something and nothing else does, and another rule has words."""
        corrects = bool(self.income.data) or self.month.data != self.month.usual
        if self.outcome.data == "corrected" and not corrects:
            self.income.errors = [_("Write the income you have found, or choose another start month")]
        if self.outcome.data == "computed" and corrects:
            self.outcome.errors = [_("Choose to work it out again. You have written another income or chosen another start month")]
        if self.outcome.data == "corrected" and not self.why_other.data:
            self.why_other.errors = [message("missing", thing=self.why_other.thing)]
        if OTHER_RULE in self.law.data and not self.other_law.data:
            self.other_law.errors = [message("missing", thing=_("the other rule"))]

    @property
    def monthly(self) -> Decimal | None:
        """The corrected income a month."""
        if not self.income.data:
            return None
        amount = Decimal(self.income.data)
        return amount / 12 if self.per.data == "year" else amount


class AskForm(StepForm):
    """A question to the citizen."""

    text = TextAreaField(
        _l("What do you need?"),
        thing=_l("what you need from the citizen"),
        hint=_l("The citizen sees this in a letter and under To do. Say what to send, and why."),
    )
    deadline = DateField(_l("Deadline"), thing=_l("the deadline"), hint=_l("For example 3 12 2026"))

    def check_together(self) -> None:
        """Time enough to answer, and not for ever."""
        today = self.state.today if self.state else date.min
        first, last = today + timedelta(days=LEAST_DAYS), today + timedelta(days=MOST_DAYS)
        if not first <= date.fromisoformat(self.deadline.data) <= last:
            self.deadline.errors = [_("Choose a deadline from %(first)s to %(last)s", first=format_date(first), last=format_date(last))]


def decide_form(desk: Desk, typed: Any = None) -> DecideForm:
    """The form for this case, prefilled with what the rules would decide; or with what was typed."""
    prefilled = {
        "outcome": "computed" if desk.computed else None,
        "per": "month",
        "month": str(desk.start_month),
        "law": [rule.message for rule in desk.law],
        "reasons": desk.prefilled_reasons,
    }
    form = DecideForm(typed, saved=None if typed is not None else prefilled)
    form.outcome.choices = _outcomes(desk)
    form.law.choices = [*((rule.message, str(rule)) for rule in desk.law), (OTHER_RULE, _("Another rule, which I write below"))]
    first = Month.of(desk.today)
    months = {first.plus(number) for number in range(-MONTHS_BACK, MONTHS_AHEAD + 1)} | {desk.start_month}
    form.month.choices = [(str(month), format_month(month)) for month in sorted(months)]
    form.month.usual = str(desk.start_month)
    return form


def _outcomes(desk: Desk) -> list[tuple[str, Any]]:
    computed = [("computed", _("As the rules work it out: %(headline)s", headline=str(desk.computed.headline)))] if desk.computed else []
    return [
        *computed,
        ("corrected", _("Work it out again with another income or start month")),
        ("refuse", _("Refuse, with my own reasons")),
    ]
