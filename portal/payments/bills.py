"""Bills as they were sent, and the month's new revision when a decision changes one. Nothing is updated in place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.clock import COPENHAGEN
from portal.months import Month
from portal.payments.lines import Plan, PlanLine, PlanMonth, State
from portal.storage.models import Grant, Invoice, PaymentHold

# Asked each time Min Side is shown, so they are put together once.
BILLS_OF = select(Invoice).where(Invoice.person_id == bindparam("person_id")).order_by(Invoice.month, Invoice.revision)
GRANTS_OF = select(Grant).where(Grant.person_id == bindparam("person_id")).order_by(Grant.made)
HOLDS_OF = select(PaymentHold.from_month).where(PaymentHold.person_id == bindparam("person_id"), PaymentHold.released.is_(None))
AMOUNTS = ("rate", "lunch", "free_place", "sibling", "own_payment")


@dataclass(frozen=True)
class Bill:
    """One month's newest bill: its lines by child, what was paid, and what its correction gave back (negative) or added."""

    month: Month
    lines: Mapping[str, Mapping[str, Any]]
    due: date
    issued: datetime
    paid: datetime | None
    total: Decimal
    first_total: Decimal

    @property
    def difference(self) -> Decimal:
        """The newest total minus the first: what a correction changed."""
        return self.total - self.first_total


def newest(session: Session, person_id: uuid.UUID) -> dict[Month, Bill]:
    """The newest revision of each month's bill."""
    rows = session.scalars(BILLS_OF, {"person_id": person_id})
    found: dict[Month, Bill] = {}
    for row in rows:
        month, total = Month.parse(row.month), Decimal(row.content["total"])
        first = found[month].first_total if month in found else total
        lines = {line["child"]: line for line in row.content["lines"]}
        found[month] = Bill(month, lines, row.due, row.issued, row.paid, total, first)
    return found


def grants_of(session: Session, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """The person's grants, oldest first: from, until and content."""
    rows = session.scalars(GRANTS_OF, {"person_id": person_id})
    return [{"from": row.from_month, "until": row.until_month, "content": row.content} for row in rows]


def held_from(session: Session, person_id: uuid.UUID) -> Month | None:
    """The first month whose bill waits for an open case."""
    return min((Month.parse(text) for text in session.scalars(HOLDS_OF, {"person_id": person_id})), default=None)


def issue(
    session: Session,
    person_id: uuid.UUID,
    month: PlanMonth,
    now: datetime,
    *,
    decision_id: uuid.UUID | None = None,
    paid: datetime | None = None,
) -> None:
    """Send the bill of a month, or its next revision. A month with a missing price, or on an estimate, is never billed."""
    if month.total is None or month.estimate:
        return
    revision = len(session.scalars(select(Invoice.id).where(Invoice.person_id == person_id, Invoice.month == str(month.month))).all())
    content = {"total": str(month.total), "lines": [_line(line) for line in month.lines]}
    due = month.due or month.month.last
    session.add(
        Invoice(
            person_id=person_id,
            month=str(month.month),
            revision=revision,
            content=content,
            due=due,
            issued=now,
            paid=paid,
            decision_id=decision_id,
        )
    )
    session.flush()


def correct(session: Session, person_id: uuid.UUID, plan: Plan, now: datetime, decision_id: uuid.UUID) -> list[str]:
    """New revisions of the bills already sent whose amounts the plan changes. Returns their months."""
    bills = newest(session, person_id)
    changed = [month for month in plan.months if month.month in bills and month.total not in (None, bills[month.month].total)]
    for month in changed:
        issue(session, person_id, month, now, decision_id=decision_id, paid=bills[month.month].paid)
    return [str(month.month) for month in changed]


def states(bills: Mapping[Month, Bill]) -> dict[tuple[str, Month], State]:
    """What is known of each line: invoiced or paid."""
    return {(child, month): "paid" if bill.paid else "invoiced" for month, bill in bills.items() for child in bill.lines}


def today_of(now: datetime) -> date:
    """The Danish date of a moment."""
    return now.astimezone(COPENHAGEN).date()


def _line(line: PlanLine) -> dict[str, Any]:
    return {"child": line.child_key, "kind": line.place_kind} | {key: str(getattr(line, key)) for key in AMOUNTS}
