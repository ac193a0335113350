"""Dates as three boxes: what people type, and what a date is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.i18n import use_locale
from portal.journey.fields import DateField
from portal.journey.forms import StepForm


class Asked(StepForm):
    """One date."""

    day = DateField("The day", thing="the day")


def typed(day, month, year):
    """The form with this typed into its boxes."""
    return Asked(MultiDict({"day-day": day, "day-month": month, "day-year": year}))


@pytest.mark.parametrize(
    ("day", "month", "year", "told"),
    [
        ("", "", "", "Write day, month and year for the day"),
        ("3", "", "2026", "Write day, month and year for the day"),
        ("31", "2", "2026", "That date does not exist"),
        ("29", "2", "2027", "That date does not exist"),
        ("0", "1", "2027", "That date does not exist"),
        ("3", "12", "26", "Write day, month and year for the day"),
        ("3", "december", "2026", "Write day, month and year for the day"),
        ("\N{GRINNING FACE}", "1", "2026", "Write day, month and year for the day"),
        ("-3", "12", "2026", "Write day, month and year for the day"),
        ("3", "12", "0000", "That date does not exist"),
        ("9" * 5000, "1", "2026", "Write day, month and year for the day"),
    ],
)
def test_a_date_that_is_none_is_told_and_kept(day, month, year, told):
    with use_locale("en"):
        form = typed(day, month, year)
        assert not form.validate()
        assert told in form.day.errors[0]
    assert form.day.parts() == {"day": day, "month": month, "year": year}


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_date_is_read(day):
    form = typed(str(day.day), f"{day.month:02}", str(day.year))
    assert form.validate()
    assert form.answers()["day"] == day.isoformat()
