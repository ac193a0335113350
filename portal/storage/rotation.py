"""Sealing everything anew with the key that is written with, beside a running portal.

The columns are found in the models, so a new one is among them by itself. Which key a value is under stands at its head, so what
has been done is passed over without being opened: a rotation that was stopped goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Table, func, literal, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from portal.storage.base import Base
from portal.storage.crypto import KeyProblem, Keyring, head_of
from portal.storage.database import Database
from portal.storage.types import EncryptedBytes

# A transaction ends after so many rows or bytes: SQLite has one place for a writer, and people are waiting for it.
MOST_ROWS, MOST_BYTES, LISTED = 25, 1_000_000, 500


@dataclass
class Progress:
    """How far a rotation is. `unopened`: values a column has that did not open and were left as they are."""

    rows: int
    done: int = 0
    sealed: int = 0
    table: str = ""
    unopened: dict[str, int] = field(default_factory=dict)


def sealed_columns() -> dict[Table, list[str]]:
    """Every sealed column of every table."""
    found = {
        table: [column.name for column in table.columns if isinstance(column.type, EncryptedBytes)] for table in Base.metadata.sorted_tables
    }
    return {table: names for table, names in found.items() if names}


def rotate(database: Database, ring: Keyring, tell: Callable[[Progress], None]) -> Progress:
    """Seal what is under another key than the current one. `tell` is called after each transaction."""
    with database.session(reads_only=True) as session:
        progress = Progress(sum(_count(session, table, names, ring) for table, names in sealed_columns().items()))
    tell(progress)
    for table, names in sealed_columns().items():
        progress.table = table.name
        for keys in _listed(database, table, names, ring):
            while keys:
                with database.transaction() as session:
                    _some(session, table, names, keys, ring, progress)
                tell(progress)
    return progress


def keys_in_use(session: Session, ring: Keyring) -> set[str]:
    """Which of the ring's keys something is sealed with."""
    return {key_id for key_id in ring.ids if any(_has(session, table, names, key_id) for table, names in sealed_columns().items())}


def _listed(database: Database, table: Table, names: list[str], ring: Keyring) -> Iterator[list[Any]]:
    """The primary keys of the rows to do, some at a time, in their order."""
    (key,), last = table.primary_key.columns, None
    while True:
        query = select(key).where(_needs(table, names, ring)).order_by(key).limit(LISTED)
        with database.session(reads_only=True) as session:
            found = list(session.scalars(query if last is None else query.where(key > last)))
        if not found:
            return
        last = found[-1]
        yield found


def _some(session: Session, table: Table, names: list[str], keys: list[Any], ring: Keyring, progress: Progress) -> None:
    size = rows = 0
    while keys and rows < MOST_ROWS and size < MOST_BYTES:
        size += _row(session, table, names, keys.pop(0), ring, progress)
        rows += 1
    progress.done += rows


def _row(session: Session, table: Table, names: list[str], value: Any, ring: Keyring, progress: Progress) -> int:
    """Seal one row anew, as it is now and not as it was when it was listed: it is read again under its lock."""
    (key,) = table.primary_key.columns
    read = select(*(_raw(table, name).label(name) for name in names)).where(key == value).with_for_update()
    found = session.execute(read).one_or_none()
    if found is None:
        return 0
    fresh = {}
    for name, sealed in zip(names, found, strict=True):
        if sealed is None or sealed.startswith(head_of(ring.current)):
            continue
        label = table.columns[name].type.label
        try:
            fresh[name] = ring.encrypt(ring.decrypt(sealed, label), label)
        except (KeyProblem, IndexError):
            progress.unopened[label] = progress.unopened.get(label, 0) + 1
    if fresh:
        session.execute(update(table).where(key == value).values({name: literal(sealed, LargeBinary) for name, sealed in fresh.items()}))
    progress.sealed += len(fresh)
    return sum(map(len, fresh.values()))


def _count(session: Session, table: Table, names: list[str], ring: Keyring) -> int:
    return session.scalar(select(func.count()).select_from(table).where(_needs(table, names, ring))) or 0


def _has(session: Session, table: Table, names: list[str], key_id: str) -> bool:
    under = or_(*(_begins(table, name, head_of(key_id)) for name in names))
    return session.execute(select(literal(1)).select_from(table).where(under).limit(1)).first() is not None


def _needs(table: Table, names: list[str], ring: Keyring) -> ColumnElement[bool]:
    return or_(*(~_begins(table, name, head_of(ring.current)) for name in names))


def _begins(table: Table, name: str, head: bytes) -> ColumnElement[bool]:
    # Nothing is neither: NULL compares to nothing, so an empty column asks for no work.
    return func.substr(_raw(table, name), 1, len(head)) == literal(head, LargeBinary)


def _raw(table: Table, name: str) -> ColumnElement[Any]:
    """The column as it lies there, unopened."""
    return type_coerce(table.columns[name], LargeBinary)
