"""The worker's part in waiting for others: a reminder in good time, and an end when the deadline has passed."""

from __future__ import annotations

from collections.abc import Mapping

from portal.cases import letters, requests
from portal.clock import Clock
from portal.journey.service import Service
from portal.outbox.worker import Job
from portal.storage.models import AnswerRequest, Case

REMINDERS = {"consent": "consent_reminder", "information": "information", "hearing": "hearing"}


class Reminder:
    """Handles "remind": one letter to the one who has not answered."""

    def __init__(self, services: Mapping[str, Service], clock: Clock) -> None:
        self._services = services
        self._clock = clock

    def __call__(self, job: Job) -> None:
        with job.database.transaction() as session:
            request = session.get(AnswerRequest, job.subject)
            if request is None or request.answered is not None or request.reminded is not None:
                return
            case = session.get_one(Case, request.case_id)
            request.reminded = self._clock.now()
            kind = REMINDERS[request.kind]
            letters.write(session, self._services[case.service], case, kind, self._clock.now(), to=request.person_id, request=request)


class Expirer:
    """Handles "expire": nobody answered in time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, job: Job) -> None:
        with job.database.transaction() as session:
            requests.expire(session, job.subject, self._clock.now())
