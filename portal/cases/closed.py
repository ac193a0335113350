"""Cases of an application that is switched off wait: nothing is decided, and no try is used."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from portal.outbox.worker import Handler, Held, Job
from portal.storage.models import Case
from portal.storage.switches import Switches, application


def waits_while_closed(handler: Handler, slugs: Iterable[str], switches: Switches) -> Handler:
    """`handler`, for cases of applications that are open."""
    offered = tuple(slugs)

    def handle(job: Job) -> None:
        closed = [slug for slug in offered if switches.off(application(slug))]
        if closed and _service(job) in closed:
            raise Held("application_closed")
        handler(job)

    return handle


def _service(job: Job) -> str | None:
    with job.database.session(reads_only=True) as session:
        return session.scalar(select(Case.service).where(Case.id == job.subject))
