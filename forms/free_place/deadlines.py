"""How long others have to answer."""

from __future__ import annotations

import calendar
from datetime import date

from portal.months import Month

CONSENT_MONTHS = 3
"""How long a partner has to approve (Odense's practice; the regulation names no limit)."""


def consent_deadline(applied: date) -> date:
    """The last day to approve: the same day of the month three months later, or that month's last."""
    month = Month.of(applied).plus(CONSENT_MONTHS)
    return month.first.replace(day=min(applied.day, calendar.monthrange(month.year, month.month)[1]))
