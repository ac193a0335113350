"""Counts of tries in our own database, as a store for the `limits` library: right for any number of processes without one more server."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from limits.storage import Storage
from sqlalchemy import bindparam, case, delete, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import Clock, SystemClock
from portal.storage.crypto import keyring
from portal.storage.database import Database
from portal.storage.models import TryCount

SCHEME = "portal"
TABLE = TryCount.__table__


class CountsInDatabase(Storage):
    """A fixed window for each key: it begins with the first try and ends when its time is over, whatever comes between."""

    STORAGE_SCHEME: ClassVar[list[str]] = [SCHEME]  # type: ignore[misc] - the library looks for it on the class

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, *, database: Database, clock: Clock | None = None, **_: Any
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._database = database
        self._clock = clock or SystemClock()
        self._add = _adding(database)

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a try, in one statement, so that two at once are two. Returns how many there are in the window."""
        now = self._clock.now()
        values = {"key_hash": _hash(key), "amount": amount, "now": now, "new_end": now + timedelta(seconds=expiry)}
        with self._database.transaction() as work:
            return int(work.execute(self._add, values).scalar_one())

    def get(self, key: str) -> int:
        """How many there are in the window; 0 when it is over."""
        found = self._find(key)
        return found[0] if found else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now when there is none."""
        found = self._find(key)
        return (found[1] if found else self._clock.now()).timestamp()

    def check(self) -> bool:
        """Whether the store answers."""
        try:
            self.get("")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget every count. Returns how many."""
        with self._database.transaction() as work:
            return work.execute(delete(TryCount)).rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._database.transaction() as work:
            work.execute(delete(TryCount).where(TryCount.key_hash == _hash(key)))

    def _find(self, key: str) -> tuple[int, datetime] | None:
        query = select(TryCount.number, TryCount.ends).where(TryCount.key_hash == _hash(key), TryCount.ends > self._clock.now())
        with self._database.session(reads_only=True) as session:
            row = session.execute(query).one_or_none()
        return (row.number, row.ends.astimezone(timezone.utc)) if row else None


def sweep(database: Database, now: datetime) -> int:
    """Remove the counts whose window is over. Returns how many."""
    with database.transaction() as work:
        return work.execute(delete(TryCount).where(TryCount.ends <= now)).rowcount


def _adding(database: Database) -> Any:
    insert = sqlite.insert if database.is_sqlite else postgresql.insert
    amount, now, new_end = (
        bindparam("amount", type_=TABLE.c.number.type),
        bindparam("now", type_=TABLE.c.ends.type),
        bindparam("new_end", type_=TABLE.c.ends.type),
    )
    over = TABLE.c.ends <= now
    return (
        insert(TABLE)
        .values(key_hash=bindparam("key_hash", type_=TABLE.c.key_hash.type), number=amount, ends=new_end)
        .on_conflict_do_update(
            index_elements=[TABLE.c.key_hash],
            set_={"number": case((over, amount), else_=TABLE.c.number + amount), "ends": case((over, new_end), else_=TABLE.c.ends)},
        )
        .returning(literal_column("number", type_=TABLE.c.number.type))
    )


def _hash(key: str) -> bytes:
    # The key holds an address or a person: what is stored must not.
    return keyring().index("tries", key)
