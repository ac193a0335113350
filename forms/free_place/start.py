"""From which month the subsidy is given (dagtilbudsbekendtgørelsen section 31): computed, never typed."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.months import Month


class Reason(StrEnum):
    """Why someone applies: "What has happened?"."""

    FIRST_ADMISSION = "first_admission"
    INCOME = "income"
    HOUSEHOLD = "household"
    STOP = "stop"


class StartRule(StrEnum):
    """Which rule gave the date; its words are in `words.START`."""

    ADMISSION = "admission"
    ADMISSION_TOO_LATE = "admission_too_late"
    NEXT_MONTH = "next_month"
    AFTER_THREE_MONTHS = "after_three_months"
    STOP = "stop"


PARAGRAPHS = {
    StartRule.ADMISSION: "§ 31, stk. 1",
    StartRule.ADMISSION_TOO_LATE: "§ 31, stk. 2",
    StartRule.NEXT_MONTH: "§ 31, stk. 2",
    StartRule.AFTER_THREE_MONTHS: "§ 31, stk. 3",
    StartRule.STOP: "§ 31, stk. 2",
}


@dataclass(frozen=True)
class StartMonth:
    """month: the first month with the new percentage. day: the exact first day. rule: why; paragraph: where it stands.

    limit: at a first admission, the last day to apply and still get it from the first day in day care (None: no limit).
    """

    month: Month
    day: date
    rule: StartRule
    limit: date | None = None

    @property
    def paragraph(self) -> str:
        """Where the rule stands in the regulation."""
        return PARAGRAPHS[self.rule]


def start_month(
    reason: Reason,
    application_date: date,
    admission_date: date | None = None,
    back_dating_limit_months: int | None = None,
    lost_subsidy_month: Month | None = None,
    moved_in: date | None = None,
) -> StartMonth:
    """The month from which an application counts.

    First admission: from the day the child starts (section 31(1)), not before the family moved in. The regulation has
    no limit for applying; a municipality may set one, in months after the start, and past it section 31(2) holds.
    Everything else: the first of the month after the application (section 31(2)).
    lost_subsidy_month: the third month running without subsidy because of income; an application in the month after
    it counts from the start of that month (section 31(3)).
    Raises ValueError when a first admission has no admission date.
    """
    if reason is Reason.FIRST_ADMISSION:
        if admission_date is None:
            raise ValueError("a first admission has an admission date")
        day = max(admission_date, moved_in) if moved_in else admission_date
        return _first_admission(application_date, day, back_dating_limit_months)
    month = Month.of(application_date)
    if reason is Reason.INCOME and lost_subsidy_month is not None and month == lost_subsidy_month.plus(1):
        return StartMonth(month, month.first, StartRule.AFTER_THREE_MONTHS)
    return _next_month(month, StartRule.STOP if reason is Reason.STOP else StartRule.NEXT_MONTH)


def _first_admission(application_date: date, day: date, limit_months: int | None) -> StartMonth:
    limit = _months_later(day, limit_months) if limit_months else None
    if limit is not None and application_date > limit:
        return _next_month(Month.of(application_date), StartRule.ADMISSION_TOO_LATE, limit)
    return StartMonth(Month.of(day), day, StartRule.ADMISSION, limit)


def _next_month(applied: Month, rule: StartRule, limit: date | None = None) -> StartMonth:
    month = applied.plus(1)
    return StartMonth(month, month.first, rule, limit)


def _months_later(day: date, months: int) -> date:
    month = Month.of(day).plus(months)
    return month.first.replace(day=min(day.day, calendar.monthrange(month.year, month.month)[1]))
