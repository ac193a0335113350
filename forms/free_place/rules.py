"""The law of the free-place subsidy, in one place to import from: pure functions, each naming its paragraph.

Paragraphs are those of dagtilbudsbekendtgørelsen (bek. 2058 of 15 November 2021 with later changes) unless another law
is named. No rule knows the clock, the database or the language.
"""

from forms.free_place.errors import ImpossibleInput, MissingFigures
from forms.free_place.household import Household, household_in, is_counted, is_single_parent
from forms.free_place.income import (
    HouseholdIncome,
    IncomeItem,
    IncomeKind,
    Rhythm,
    household_income,
    monthly_amount,
    wage_base,
)
from forms.free_place.percent import (
    Percent,
    differs_by_five_steps,
    five_steps,
    own_payment_percent,
    percent_with_trail,
    scale_for,
    whole_kroner,
    yearly_income,
)
from forms.free_place.places import PlacePayment, PlaceRate, month_payments, takes_part, total
from forms.free_place.start import Reason, StartMonth, StartRule, start_month
from forms.free_place.trail import SumStep

__all__ = [
    "Household",
    "HouseholdIncome",
    "ImpossibleInput",
    "IncomeItem",
    "IncomeKind",
    "MissingFigures",
    "Percent",
    "PlacePayment",
    "PlaceRate",
    "Reason",
    "Rhythm",
    "StartMonth",
    "StartRule",
    "SumStep",
    "differs_by_five_steps",
    "five_steps",
    "household_in",
    "household_income",
    "is_counted",
    "is_single_parent",
    "month_payments",
    "monthly_amount",
    "own_payment_percent",
    "percent_with_trail",
    "scale_for",
    "start_month",
    "takes_part",
    "total",
    "wage_base",
    "whole_kroner",
    "yearly_income",
]
