"""What the pages are given to work with: made once by create_app, found through the application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g
from sqlalchemy.orm import Session

from portal.clock import Clock
from portal.identity.oidc import EidClient
from portal.identity.people import Identity, StaffIdentity
from portal.journey.service import Service
from portal.journey.sources import Ask
from portal.journey.uploads import NoScanner, Scanner
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.switches import Switches


@dataclass(frozen=True)
class Parts:
    """The collaborators of the web rooms."""

    settings: Settings
    clock: Clock
    database: Database
    ask: Ask
    services: Mapping[str, Service]
    citizen_eid: EidClient[Identity]
    staff_eid: EidClient[StaffIdentity]
    calculator: Any
    switches: Switches
    scanner: Scanner = field(default_factory=NoScanner)


def parts() -> Parts:
    """The parts of the running application."""
    return current_app.extensions["portal"]


def reading() -> Session:
    """This request's session for looking things up; closed when the request ends."""
    if "reading" not in g:
        g.reading = parts().database.session(reads_only=True)
    return g.reading


def stop_reading(_error: BaseException | None = None) -> None:
    """Close what `reading` opened."""
    session = g.pop("reading", None)
    if session is not None:
        session.close()


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction: committed when the block ends well. What was being read is closed first, so that SQLite's one
    writer is not kept waiting by a reader of its own."""
    stop_reading()
    with parts().database.transaction() as session:
        yield session
