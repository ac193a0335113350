"""The worker: claims rows and hands each to the one who knows its kind."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog

from portal.clock import Clock
from portal.outbox import rows
from portal.storage.database import Database

log = structlog.get_logger("worker")


class TryLater(Exception):
    """The work can't be done now, but may later. `code` goes into the row and the log; it holds no content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Held(Exception):
    """What the work needs is switched off. It waits until that is on again, and no try is used."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NeedsHelp(Exception):
    """The work will never succeed by itself."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StopSignal(Protocol):
    """Something that can be told to stop, such as a threading.Event."""

    def is_set(self) -> bool:
        """Whether it has been told."""

    def wait(self, seconds: float) -> object:
        """Wait a while."""


class Job:
    """One claimed row, as its handler sees it."""

    def __init__(self, worker: Worker, row_id: uuid.UUID, subject: str, attempts: int) -> None:
        self._worker = worker
        self.id = row_id
        self.subject = uuid.UUID(subject)
        self.attempts = attempts

    @property
    def database(self) -> Database:
        return self._worker.database

    @property
    def is_last_try(self) -> bool:
        """Whether the row is given up if this try fails: then the handler must leave nothing hanging in silence."""
        return self.attempts >= rows.MAX_ATTEMPTS

    def now(self) -> datetime:
        return self._worker.clock.now()

    def lease_is_fresh(self) -> bool:
        """Ask before anything that can't be taken back."""
        with self.database.session(reads_only=True) as session:
            return rows.still_mine(session, self.id, self._worker.name, self.now())


Handler = Callable[[Job], None]


class Worker:
    """Runs handlers by kind until told to stop. A handler commits its own results and is safe to run again."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[str, Handler],
        name: str | None = None,
        held: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`held` tells which kinds of work are switched off: their rows are left where they are."""
        self.database = database
        self.clock = clock
        self.name = name or f"{os.uname().nodename[:30]}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._handlers = handlers
        self._held = held

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of rows it knows what to do with."""
        return frozenset(self._handlers)

    def run(self, stop: StopSignal, idle_seconds: float = 0.3) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            if not self.once():
                stop.wait(idle_seconds)

    def once(self) -> int:
        """Claim what is due and do it. Returns how many rows were taken."""
        held = self._held()
        with self.database.transaction() as session:
            found = rows.claim(session, self.name, self.clock.now(), held=held)
            claimed = [(row.id, row.kind, row.subject, row.attempts) for row in found]
        for row_id, kind, subject, attempts in claimed:
            self._do(row_id, kind, subject, attempts)
        return len(claimed)

    def drain(self, limit: int = 1000) -> None:
        """Work until nothing is due; for tests, benchmarks and demo data."""
        while limit and self.once():
            limit -= 1

    def _do(self, row_id: uuid.UUID, kind: str, subject: str, attempts: int) -> None:
        job = Job(self, row_id, subject, attempts)
        if not job.lease_is_fresh():
            return
        try:
            self._handlers[kind](job)
        except TryLater as later:
            self._postpone(job, kind, later.code)
        except Held as held:
            with self.database.transaction() as session:
                rows.mark_held(session, row_id, job.now(), held.code)
        except NeedsHelp as help_needed:
            self._fail(job, kind, help_needed.code)
        except Exception as error:  # noqa: BLE001 - one broken row must not stop the others
            log.error("job_crashed", kind=kind, row=str(row_id), attempts=attempts, error=type(error).__name__, where=_where(error))
            self._postpone(job, kind, type(error).__name__)
        else:
            with self.database.transaction() as session:
                rows.mark_done(session, row_id, job.now())

    def _postpone(self, job: Job, kind: str, code: str) -> None:
        if job.attempts >= rows.MAX_ATTEMPTS:
            self._fail(job, kind, code)
            return
        log.warning("job_later", kind=kind, row=str(job.id), attempts=job.attempts, code=code)
        with self.database.transaction() as session:
            rows.mark_later(session, job.id, job.now() + rows.pause(job.attempts), code)

    def _fail(self, job: Job, kind: str, code: str) -> None:
        log.error("job_failed", kind=kind, row=str(job.id), attempts=job.attempts, code=code)
        with self.database.transaction() as session:
            rows.mark_failed(session, job.id, job.now(), code)


def _where(error: Exception) -> str:
    # File and line only: an error's own words can hold what somebody typed.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
