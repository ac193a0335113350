"""The back office's queue: the oldest case that needs a person, taken by one person at a time."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.cases.states import WITH_CASE_WORKER
from portal.storage.models import Case, Letter

# A case that its taker left without a word returns to the queue after this.
TAKEN_FOR = timedelta(minutes=30)


class TakenBySomebodyElse(Exception):
    """Another person is working on the case."""


def waiting(session: Session, municipalities: Collection[str] | None, limit: int = 50) -> list[Case]:
    """Cases that need a person, the oldest first; `municipalities` None means all."""
    return list(session.scalars(_queue(municipalities).order_by(Case.created).limit(limit)))


def count(session: Session, municipalities: Collection[str] | None) -> int:
    """How many cases need a person."""
    return session.scalar(select(func.count()).select_from(_queue(municipalities).subquery())) or 0


def take_next(session: Session, who: str, municipalities: Collection[str] | None, now: datetime) -> Case | None:
    """Take the oldest case nobody has. Two people asking at once get two cases; one person asking twice at once gets one."""
    _one_at_a_time(session, who)
    mine = session.scalar(_queue(municipalities).where(Case.taken_by == who, Case.taken_until >= now).order_by(Case.created).limit(1))
    if mine is not None:
        return mine
    free = or_(Case.taken_until.is_(None), Case.taken_until < now)
    case = session.scalar(_queue(municipalities).where(free).order_by(Case.created).limit(1).with_for_update(skip_locked=True))
    if case is not None:
        case.taken_by, case.taken_until = who, now + TAKEN_FOR
    return case


def take(session: Session, case_id: uuid.UUID, who: str, municipalities: Collection[str] | None, now: datetime) -> Case | None:
    """Take this case. Raises TakenBySomebodyElse; None when there is no such case for this person."""
    case = session.scalar(_queue(municipalities).where(Case.id == case_id).with_for_update())
    if case is None:
        return None
    if case.taken_by not in (None, who) and case.taken_until is not None and case.taken_until >= now:
        raise TakenBySomebodyElse
    case.taken_by, case.taken_until = who, now + TAKEN_FOR
    return case


def give_back(case: Case, who: str) -> None:
    """Let somebody else have it."""
    if case.taken_by == who:
        case.taken_by, case.taken_until = None, None


def failed_letters(session: Session, municipalities: Collection[str] | None, limit: int = 20) -> list[tuple[Letter, Case]]:
    """Letters that did not arrive, the newest first, with their cases: somebody must reach the person in another way."""
    query = select(Letter, Case).join(Case, Letter.case_id == Case.id).where(Letter.state == "failed")
    if municipalities is not None:
        query = query.where(Case.municipality.in_(municipalities))
    return [(letter, case) for letter, case in session.execute(query.order_by(Letter.failed.desc()).limit(limit))]


def _one_at_a_time(session: Session, who: str) -> None:
    # SQLite has one writer at a time; PostgreSQL would let two requests of the same person each find nothing of theirs.
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(f"queue:{who}".encode()).digest()[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def _queue(municipalities: Collection[str] | None) -> Select[tuple[Case]]:
    query = select(Case).where(Case.state.in_(WITH_CASE_WORKER))
    return query if municipalities is None else query.where(Case.municipality.in_(municipalities))
