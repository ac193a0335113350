"""Entries are kept on the session and written last before it commits, each chained to the one before it.

The end of a chain is held from there until the commit lies on the disk. A transaction takes one chain of a few, at
random, so that writers seldom wait for one another (decision 013); and as nothing else is asked for while it is held,
and chains are taken in their order, none waits for one who waits for it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import event, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from portal.storage.audit_chain import START, ChainKey, chain_of
from portal.storage.models import AuditEntry, AuditHead

WAITING = "portal.audit"
ENTRIES: Any = AuditEntry.__table__
HEADS: Any = AuditHead.__table__
# Chains side by side where several can write at once; SQLite has one writer.
LANES = 8
# Follows nothing: an entry chained to it is found to be out of place, and with it the head that was tampered with.
BROKEN = b""


class NeverChanged(Exception):
    """Something tried to change or delete an audit entry."""


def collect(session: Session, entry: Mapping[str, Any]) -> None:
    """Keep an entry until the session commits; it goes with the savepoint it was made in when that is rolled back."""
    if not session.in_transaction():
        # Begun here, so that a rollback before anything else was done takes the entry with it.
        session.begin()
    session.info.setdefault(WAITING, []).append((session.get_nested_transaction(), entry))


@event.listens_for(Session, "before_commit")
def write(session: Session) -> None:
    """Write what is waiting, unless it is only a savepoint that is released."""
    if session.get_nested_transaction() is not None or not session.info.get(WAITING):
        return
    session.flush()
    entries = [entry for _where, entry in session.info.pop(WAITING)]
    lane = entries[0]["id"].int % LANES if _writers_meet(session) else 0
    chains: dict[int, list[Mapping[str, Any]]] = {}
    for entry in entries:
        chains.setdefault(chain_of(entry["at"], lane), []).append(entry)
    key = ChainKey()
    for chain in sorted(chains):
        append(session, key, chain, chains[chain])


def append(session: Session, key: ChainKey, chain: int, entries: Sequence[Mapping[str, Any]]) -> None:
    """Put entries at the end of a chain, and its head after them."""
    sequence, last = _hold(session, key, chain)
    rows = []
    for number, entry in enumerate(entries, sequence + 1):
        row = {**entry, "chain": chain, "sequence": number}
        last = key.mac(last, row)
        rows.append({**row, "mac": last})
    session.execute(insert(ENTRIES), rows)
    end = {"sequence": sequence + len(rows), "last": last, "seal": key.seal(chain, sequence + len(rows), last)}
    session.execute(update(HEADS).where(HEADS.c.chain == chain).values(end))


def _hold(session: Session, key: ChainKey, chain: int) -> tuple[int, bytes]:
    """The number and the mac that the next entry follows, held until the commit."""
    found = select(HEADS.c.sequence, HEADS.c.last, HEADS.c.seal).where(HEADS.c.chain == chain).with_for_update()
    head = session.execute(found).one_or_none()
    if head is None:
        session.execute(_new_head(session, key, chain))
        head = session.execute(found).one()
    if not hmac.compare_digest(head.seal, key.seal(chain, head.sequence, head.last)):
        return head.sequence, BROKEN
    return head.sequence, head.last


def _new_head(session: Session, key: ChainKey, chain: int) -> Any:
    # Where entries are and no head, somebody removed it: the chain goes on, and is broken where that happened.
    there = session.scalar(select(func.max(ENTRIES.c.sequence)).where(ENTRIES.c.chain == chain)) or 0
    first = {"chain": chain, "sequence": there, "last": START, "seal": key.seal(chain, 0, START) if not there else BROKEN}
    dialect: Any = postgresql if _writers_meet(session) else sqlite
    return dialect.insert(HEADS).values(first).on_conflict_do_nothing()


@event.listens_for(Session, "after_soft_rollback")
def forget(session: Session, rolled_back: SessionTransaction) -> None:
    """What was looked at or done in a savepoint that is undone, was not."""
    waiting = session.info.get(WAITING, [])
    session.info[WAITING] = [(where, entry) for where, entry in waiting if not _inside(where, rolled_back)]


@event.listens_for(Session, "after_commit")
def nothing_left(session: Session) -> None:
    """A savepoint that was open at the commit hides that it is the last: that is an error of the caller's, and a loud one."""
    if session.get_nested_transaction() is None and session.info.get(WAITING):
        raise RuntimeError("a transaction ended before its savepoint: its audit entries were not written")


@event.listens_for(Session, "after_transaction_end")
def end(session: Session, transaction: SessionTransaction) -> None:
    """Nothing waits for the next transaction."""
    if transaction.parent is None:
        session.info.pop(WAITING, None)


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def refuse(_mapper: Any, _connection: Any, _entry: AuditEntry) -> None:
    """An entry is never changed and never deleted."""
    raise NeverChanged


def _writers_meet(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _inside(where: SessionTransaction | None, transaction: SessionTransaction) -> bool:
    while where is not None:
        if where is transaction:
            return True
        where = where.parent
    return False
