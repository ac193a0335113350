"""Rows of the outbox: put in, claimed under a lease, marked. The database is the truth.

Every kind of work is safe to do again, because a worker can die between doing and marking.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.storage.models import OutboxRow

LEASE = timedelta(seconds=60)
BATCH = 20
MAX_ATTEMPTS = 20
# How soon work is looked at again that waits for something to be switched on.
HELD = timedelta(seconds=5)


def put(session: Session, kind: str, subject: uuid.UUID, now: datetime, *, key: str | None = None, due: datetime | None = None) -> None:
    """Ask for work of `kind` on `subject` inside the caller's transaction. The same `key` twice asks once."""
    key = key or f"{kind}:{subject}"
    if session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is None:
        session.add(OutboxRow(kind=kind, subject=str(subject), key=key, created=now, due=due or now))


def claim(session: Session, owner: str, now: datetime, batch: int = BATCH, held: Collection[str] = ()) -> Sequence[OutboxRow]:
    """Take due rows for `owner` until the lease ends, but none of a kind that is held. Safe with many workers on both engines; the caller commits.

    PostgreSQL skips rows another worker holds; SQLite has one writer at a time (BEGIN IMMEDIATE).
    """
    free = or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until < now)
    query = select(OutboxRow).where(OutboxRow.state == "waiting", OutboxRow.due <= now, free).order_by(OutboxRow.due, OutboxRow.created)
    if held:
        query = query.where(OutboxRow.kind.not_in(held))
    rows = session.scalars(query.limit(batch).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.lease_owner, row.lease_until, row.attempts = owner, now + LEASE, row.attempts + 1
    return rows


def still_mine(session: Session, row_id: uuid.UUID, owner: str, now: datetime) -> bool:
    """Whether the lease is ours with at least half of it left: nothing is sent on an older one."""
    found = session.execute(
        select(OutboxRow.lease_owner, OutboxRow.lease_until, OutboxRow.state).where(OutboxRow.id == row_id)
    ).one_or_none()
    return found is not None and found[0] == owner and found[2] == "waiting" and found[1] is not None and found[1] - now >= LEASE / 2


def mark_done(session: Session, row_id: uuid.UUID, now: datetime) -> None:
    """The work is done, in the same transaction as its results."""
    _set(session, row_id, state="done", done=now, lease_until=None, problem=None)


def mark_later(session: Session, row_id: uuid.UUID, due: datetime, problem: str) -> None:
    """Try again at `due`; `problem` is a code, never content."""
    _set(session, row_id, due=due, lease_until=None, lease_owner=None, problem=problem[:60])


def mark_held(session: Session, row_id: uuid.UUID, now: datetime, problem: str) -> None:
    """What it needs is switched off: it waits, and the try does not count."""
    _set(session, row_id, due=now + HELD, lease_until=None, lease_owner=None, attempts=OutboxRow.attempts - 1, problem=problem[:60])


def mark_failed(session: Session, row_id: uuid.UUID, now: datetime, problem: str) -> None:
    """A person must look: it is not tried again by itself."""
    _set(session, row_id, state="failed", done=now, lease_until=None, problem=problem[:60])


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries: 5 s doubling to an hour."""
    return timedelta(seconds=min(3600, 5 * 2 ** min(attempts - 1, 12)))


def _set(session: Session, row_id: uuid.UUID, **values: object) -> None:
    session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(**values))
