"""Until when a decision can be appealed."""

from __future__ import annotations

from datetime import date, timedelta

from portal.cases.decision import APPEAL_WEEKS


def appeal_until(delivered: date) -> date:
    """The last day to appeal a decision whose letter came on `delivered`, the Danish date of a confirmed delivery.

    Four weeks after the person was told, for decisions that dagtilbudsloven § 97 lets be appealed to Ankestyrelsen; a
    letter in Digital Post counts from the day it came (ast.dk, "Klagefrister"). One that has not come starts no time.
    """
    return delivered + timedelta(weeks=APPEAL_WEEKS)
