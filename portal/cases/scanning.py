"""The worker's part in a file that came while the virus scanner was silent: it is scanned before anybody can open it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal import audit
from portal.clock import Clock
from portal.journey.uploads import Scanner
from portal.outbox import rows
from portal.outbox.worker import Job, TryLater
from portal.storage.models import Document

AGAIN = timedelta(hours=1)


class FileScanner:
    """Handles outbox rows of the kind "scan". What is infected is emptied; its row stays and says so."""

    def __init__(self, scanner: Scanner, clock: Clock) -> None:
        self._scanner = scanner
        self._clock = clock

    def __call__(self, job: Job) -> None:
        with job.database.session(reads_only=True) as session:
            content = session.scalar(select(Document.content).where(Document.id == job.subject, Document.scan == "waiting"))
        if content is None:
            return
        try:
            result = self._scanner.scan(content)
        except OSError:
            self._not_yet(job)
            return
        with job.database.transaction() as session:
            query = select(Document).where(Document.id == job.subject, Document.scan == "waiting")
            file = session.scalar(query.with_for_update().options(undefer(Document.content)))
            if file is None:
                return
            file.scan = result
            if result == "infected":
                file.content = b""
                audit.record(
                    session,
                    self._clock.now(),
                    role="system",
                    actor="scanner",
                    verb="remove_infected",
                    subject=f"document:{file.id}",
                    person_id=file.person_id,
                    case_id=file.case_id,
                    purpose="virus scan",
                )

    def _not_yet(self, job: Job) -> None:
        if not job.is_last_try:
            raise TryLater("scanner_silent")
        # A file must not wait for ever because the scanner was down for half a day: it is asked for anew.
        with job.database.transaction() as session:
            now = self._clock.now()
            rows.put(session, "scan", job.subject, now, key=f"scan:{job.subject}:{uuid.uuid4()}", due=now + AGAIN)
