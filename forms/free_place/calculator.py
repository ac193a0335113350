"""The public page "What will I pay?": its form and its answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from forms.free_place.figures import KINDS, Figures
from forms.free_place.quote import QuoteInput, QuoteRefused, quote_free_place
from forms.free_place.words import KIND_NAMES, kind_name, refusal_phrase, step_text
from portal.i18n import format_kroner, format_month, format_number
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import ChoiceField, MoneyField, NumberField, SelectField
from portal.journey.forms import StepForm
from portal.months import Month
from portal.municipalities import ALL

PLACES = 3


class CalculatorForm(StepForm):
    adults = ChoiceField(
        _l("Who do you live with?"),
        thing=_l("who you live with"),
        choices=[("1", _l("I am a single parent")), ("2", _l("I live as a couple"))],
    )
    children = NumberField(
        _l("How many children under 18 live in your home?"), thing=_l("how many children live in your home"), low=1, high=20
    )
    income = MoneyField(
        _l("The household's whole income a month"),
        thing=_l("the household's income"),
        hint=_l("After AM-bidrag (labour-market contribution), ATP and pension. If you live as a couple, add the two together"),
    )
    municipality = SelectField(
        _l("Municipality"), thing=_l("a municipality"), hint=_l("You can leave this out. Then we show the percentage only"), optional=True
    )
    place_1 = SelectField(_l("Place for child 1"), thing=_l("a kind of place"), optional=True)
    place_2 = SelectField(_l("Place for child 2"), thing=_l("a kind of place"), optional=True)
    place_3 = SelectField(_l("Place for child 3"), thing=_l("a kind of place"), optional=True)
    month = SelectField(_l("Month"), thing=_l("a month"))


class Calculator:
    """Makes the form and answers it, on one set of figures."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._priced = sorted({key[0] for key in figures.prices}, key=lambda code: ALL[code].name)

    def form(self, typed: Any, today: date) -> CalculatorForm:
        """The form with the months and the municipalities whose prices are known."""
        form = CalculatorForm(typed)
        form.municipality.choices = [("", _("No municipality")), *((code, ALL[code].name) for code in self._priced)]
        places = [("", _("No place")), *((kind, _(KIND_NAMES[kind])) for kind in KINDS)]
        for number in range(1, PLACES + 1):
            form[f"place_{number}"].choices = places
        first = Month.of(today)
        form.month.choices = [(str(first.plus(number)), format_month(first.plus(number))) for number in range(-10, 13)]
        if form.month.data is None and not typed:
            form.month.data = str(first.plus(1))
        return form

    def answer(self, form: CalculatorForm, today: date) -> dict[str, Any]:
        """The answer for the page, or `refused` with the words why there is none."""
        places = tuple(kind for number in range(1, PLACES + 1) if (kind := form[f"place_{number}"].data))
        month = Month.parse(form.month.data)
        asked = QuoteInput(
            month=month,
            adults=int(form.adults.data),
            children=form.children.data,
            monthly_income=Decimal(form.income.data),
            municipality=form.municipality.data or None,
            places=places,
            estimate=month.year > today.year,
        )
        try:
            quote = quote_free_place(asked, self._figures, today)
        except QuoteRefused as refused:
            return {"refused": str(refusal_phrase(refused))}
        return {
            "quote": quote,
            "month": month,
            "kinds": [kind_name(payment.kind) for payment in quote.payments],
            "total_before": quote.sum_of("rate") + quote.sum_of("lunch"),
            "total_own": quote.sum_of("own"),
            "steps": [(step_text(step), _value(step)) for step in quote.trail],
        }


def _value(step: Any) -> str:
    if step.unit == "percent":
        return _("%(number)s percent", number=step.value)
    return format_number(step.value) if step.unit == "count" else format_kroner(step.value)
