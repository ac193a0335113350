"""What is switched off: an application, or a connection to the outside. Read from the database, and remembered for a few seconds.

A process looks again after `KEPT_SECONDS`, so a switch works everywhere within ten seconds, without a restart. When the
database does not answer, what was last known holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.storage.database import Database
from portal.storage.models import Switch

log = structlog.get_logger("switches")
KEPT_SECONDS = 5.0

CITIZEN_EID = "eid:citizen"
STAFF_EID = "eid:staff"
LETTERS = "letters"
UPLOADS = "uploads"
REGISTERS = {name: f"register:{name}" for name in ("people", "income", "places")}
CONNECTIONS = (CITIZEN_EID, STAFF_EID, *REGISTERS.values(), LETTERS, UPLOADS)


def application(slug: str) -> str:
    """The name of an application's switch."""
    return f"application:{slug}"


def known_names(slugs: Iterable[str]) -> tuple[str, ...]:
    """Every switch there is, for a portal that offers these applications."""
    return (*(application(slug) for slug in sorted(slugs)), *CONNECTIONS)


@dataclass(frozen=True)
class Off:
    """Why something is closed, in the words its operator gave if any, and when it is expected to open."""

    name: str
    since: datetime
    until: datetime | None
    words: Mapping[str, str]


class Switches:
    """What is off now, as this process last saw it. Thread-safe."""

    def __init__(self, database: Database, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._clock = clock
        self._lock = Lock()
        self._found: Mapping[str, Off] = {}
        self._again = float("-inf")

    def off(self, name: str) -> Off | None:
        """Why `name` is closed; None when it is open."""
        return self.all_off().get(name)

    def all_off(self) -> Mapping[str, Off]:
        """Everything that is closed, by name."""
        # One thread asks; the others go on with what is known meanwhile.
        if self._clock() >= self._again and self._lock.acquire(blocking=False):
            try:
                self._found = read(self._database)
            except SQLAlchemyError as error:
                log.warning("switches_not_read", error=type(error).__name__)
            finally:
                self._again = self._clock() + KEPT_SECONDS
                self._lock.release()
        return self._found


def read(database: Database) -> dict[str, Off]:
    """Everything that is closed, as the database has it now."""
    with database.session(reads_only=True) as session:
        return {row.name: _off(row) for row in session.scalars(select(Switch).order_by(Switch.name))}


def switch_off(session: Session, name: str, now: datetime, *, until: datetime | None, words_da: str | None, words_en: str | None) -> None:
    """Close `name`; closing it again replaces the words and the time."""
    row = session.get(Switch, name) or Switch(name=name, since=now)
    row.until, row.words_da, row.words_en = until, words_da, words_en
    session.add(row)


def switch_on(session: Session, name: str) -> bool:
    """Open `name`. Returns whether it was closed."""
    row = session.get(Switch, name)
    if row is not None:
        session.delete(row)
    return row is not None


def _off(row: Switch) -> Off:
    words = {"da": row.words_da, "en": row.words_en}
    return Off(row.name, row.since, row.until, {language: text for language, text in words.items() if text})
