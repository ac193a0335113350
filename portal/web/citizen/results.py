"""What a decision means for the person: the result, the first bill after it, and until when they can appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.cases.appeals import appeal_until
from portal.cases.decision import APPEAL_WEEKS, Proposal
from portal.cases.words import OUTCOME, RESULT
from portal.clock import COPENHAGEN
from portal.i18n import format_date, format_kroner, format_month
from portal.i18n import gettext as _
from portal.months import Month
from portal.storage.models import Decision
from portal.web.citizen.payments import Expected

GOOD = frozenset({"granted", "partly"})
AGAINST = frozenset({"partly", "refused"})


@dataclass(frozen=True)
class Result:
    """A decision as the person reads it; each part a sentence, or "" when there is nothing to say."""

    outcome: str
    heading: str
    tag: str
    headline: str
    bill: str
    appeal: str
    steps: list[str]

    @property
    def tone(self) -> str:
        """The colour of the result."""
        return "success" if self.outcome in GOOD else "info"

    @property
    def row(self) -> str:
        """The result in a list of cases: with the next bill, or how long one can appeal."""
        return " ".join(text for text in (self.headline, self.bill, self.appeal if self.outcome in AGAINST else "") if text)

    @property
    def what_next(self) -> list[str]:
        """What happens now that the case is decided."""
        return [text for text in (*self.steps[:1], self.bill, *self.steps[1:], self.appeal) if text]


def result_of(decision: Decision, delivered: datetime | None, today: date, plan: Expected | None = None) -> Result:
    """The result of a decision whose letter came at `delivered`, None until that is confirmed. plan: for the first bill after it."""
    proposal = Proposal.from_json(decision.content)
    start = min((grant.from_month for grant in proposal.grants), default=None)
    return Result(
        outcome=decision.outcome,
        heading=str(OUTCOME[decision.outcome]).rstrip("."),
        tag=str(RESULT[decision.outcome]),
        headline=str(proposal.headline),
        bill=_first_bill(plan, start) if plan is not None and start is not None else "",
        appeal=_appeal(delivered, today),
        steps=[str(step) for step in proposal.next_steps],
    )


def _first_bill(plan: Expected, start: Month) -> str:
    """The first bill that follows the decision and is not paid; "" when it is not known, waits, or is long past."""
    ahead = plan.months
    if start not in ahead:
        return ""
    for month in sorted(month for month in ahead if month >= start):
        amount, bill = plan.amount(month), plan.bills.get(month)
        if plan.waits(month) or amount is None:
            return ""
        if not amount or (bill is not None and bill.paid is not None):
            continue
        what = {"month": format_month(month), "amount": format_kroner(amount)}
        said = _("The first bill that follows the decision is for %(month)s: %(amount)s.", **what)
        due = plan.due(month)
        pay = _("Pay by %(date)s.", date=format_date(due)) if due else ""
        guess = _("The amount is an estimate.") if plan.is_estimate(month) else ""
        return " ".join(text for text in (said, pay, guess) if text)
    return ""


def _appeal(delivered: datetime | None, today: date) -> str:
    if delivered is None:
        return _("You can appeal within %(weeks)s weeks of getting the letter.", weeks=APPEAL_WEEKS)
    last = appeal_until(delivered.astimezone(COPENHAGEN).date())
    if last < today:
        return _("The time to appeal ran out on %(date)s.", date=format_date(last))
    return _("You can appeal until %(date)s.", date=format_date(last))
