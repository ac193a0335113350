"""python -m portal work: one worker. Start as many as there is work for on PostgreSQL, one on SQLite."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import SystemClock
from portal.outbox.worker import StopSignal
from portal.readiness import ready_database, ready_settings
from portal.settings import Settings
from portal.storage import counting, eid_sessions
from portal.storage.database import Database
from portal.web import parked
from portal.web.logs import set_up_logs
from portal.web.sessions import DatabaseSessions
from portal.wiring import load_contacts, make_clock, make_services, make_worker, open_database

log = structlog.get_logger("worker")
SWEEP_SECONDS = 5 * 60
IDLE_SECONDS = 0.3


class Flag:
    """Told to stop. Plain, because a lock that is taken in a signal's handler can be the one that was interrupted."""

    def __init__(self) -> None:
        self._set = False

    def set(self, *_signal: object) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


class Works(Protocol):
    """Something that does what is due."""

    def once(self) -> int:
        """Do some of it. Returns how much; 0 when nothing is due."""


def run(worker: Works, sweep: Callable[[], object], stop: StopSignal, seconds: Callable[[], float] = time.monotonic) -> None:
    """Work until told to stop, and sweep at the start and every few minutes. `seconds` is a clock that only goes forward."""
    due = seconds()
    while not stop.is_set():
        if seconds() >= due:
            due = seconds() + SWEEP_SECONDS
            try:
                sweep()
            except SQLAlchemyError as error:
                log.warning("sweep_failed", error=type(error).__name__)
        if not worker.once():
            stop.wait(IDLE_SECONDS)


def sweeper(database: Database, settings: Settings) -> Callable[[], None]:
    """What removes the sessions, the kept posts, the used logout tokens and the counts that have ended."""
    sessions = DatabaseSessions(database, settings)

    def sweep() -> None:
        sessions.sweep()
        parked.sweep(database, SystemClock().now())
        eid_sessions.sweep(database, SystemClock().now())
        counting.sweep(database, SystemClock().now())

    return sweep


def main(_arguments: list[str]) -> int:
    """Work until told to stop."""
    settings = ready_settings(os.environ)
    database, clock = ready_database(open_database(settings)), make_clock(settings)
    set_up_logs()
    load_contacts(settings)
    stop = Flag()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop.set)
    run(make_worker(settings, database, clock, make_services(settings)), sweeper(database, settings), stop)
    database.close()
    return 0
