"""The queue as rows: number, municipality, since when, why, who has it, by when."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import staff
from portal.i18n import format_datetime
from portal.i18n import gettext as _
from portal.municipalities import ALL
from portal.storage.models import Case, CaseEvent
from portal.web.back_office.words import INTO_QUEUE, why_words


@dataclass(frozen=True)
class Row:
    """One case that needs a person. `free`: nobody else is working on it."""

    id: uuid.UUID
    number: str
    municipality: str
    since: datetime
    why: Sequence[str]
    holder: str
    free: bool
    due: date | None


def rows(session: Session, cases: Sequence[Case], who: str, now: datetime) -> list[Row]:
    """The cases as the page shows them."""
    arrived = arrivals(session, [case.id for case in cases])
    return [_row(case, arrived.get(case.id), who, now) for case in cases]


def arrivals(session: Session, cases: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, datetime]]:
    """What last brought each case to the queue, and when."""
    query = select(CaseEvent.case_id, CaseEvent.kind, CaseEvent.at).where(CaseEvent.case_id.in_(cases), CaseEvent.kind.in_(INTO_QUEUE))
    return {case_id: (kind, at) for case_id, kind, at in session.execute(query.order_by(CaseEvent.sequence))}


def holder_words(case: Case, who: str, now: datetime) -> str:
    """Who has the case. Records hold no names of staff, so a colleague is a colleague."""
    if case.taken_until is None or case.taken_until < now:
        return _("Nobody")
    until = format_datetime(case.taken_until)
    return _("You, until %(time)s", time=until) if case.taken_by == who else _("A colleague, until %(time)s", time=until)


def _row(case: Case, arrived: tuple[str, datetime] | None, who: str, now: datetime) -> Row:
    kind, at = arrived or (None, case.created)
    return Row(
        id=case.id,
        number=case.number,
        municipality=ALL[case.municipality].name if case.municipality in ALL else case.municipality,
        since=at,
        why=why_words(case, kind),
        holder=holder_words(case, who, now),
        free=not staff.held_elsewhere(case, who, now),
        due=case.due,
    )
