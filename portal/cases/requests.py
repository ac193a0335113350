"""Somebody else must answer: asked, reminded, answered, expired, withdrawn. One mechanism for every kind of answer.

Bound to the CPR number that the register names, never to whoever holds a link, and never to the applicant when the
answer is meant to be another's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.cases.decision import RequestSpec
from portal.cases.events import SYSTEM, Actor, add_event
from portal.cases.states import EXPECTED_DAYS, FINAL, OVER, RECONSIDERING
from portal.clock import COPENHAGEN
from portal.outbox import rows
from portal.storage.models import AnswerRequest, Case
from portal.storage.people import ensure_person

REMIND_BEFORE = timedelta(days=14)

# Asked each time Min Side is shown, so it is put together once.
OPEN_FOR = (
    select(AnswerRequest)
    .where(AnswerRequest.person_id == bindparam("person_id"), AnswerRequest.answered.is_(None))
    .order_by(AnswerRequest.deadline)
)

# kind of request -> the event when it is asked, and the event for each outcome.
EVENTS: dict[str, tuple[str, dict[str, str]]] = {
    "consent": (
        "consent_asked",
        {"given": "consent_given", "refused": "consent_refused", "expired": "consent_expired", "withdrawn": "consent_withdrawn"},
    ),
    "hearing": ("hearing_asked", {"agreed": "hearing_agreed", "commented": "hearing_commented", "expired": "hearing_expired"}),
    "information": ("information_asked", {"given": "information_given", "expired": "information_expired"}),
}
# Only somebody other than the applicant can answer these.
OF_ANOTHER = frozenset({"consent"})


CANCELLED = "cancelled"
"""The outcome of a request whose answer was no longer needed. It is no answer, and no rule may count it as one."""


class NotYours(LookupError):
    """No such open request of this person."""


class SelfConsent(ValueError):
    """The applicant can't consent on another's behalf."""


class ChangedSince(Exception):
    """The request was answered or changed after it was shown."""


def ask(session: Session, case: Case, spec: RequestSpec, now: datetime, actor: Actor = SYSTEM) -> AnswerRequest:
    """Ask somebody, write the event, and plan the reminder and the end."""
    person = ensure_person(session, spec.cpr, now)
    if spec.kind in OF_ANOTHER and person.id == case.person_id:
        raise SelfConsent
    request = AnswerRequest(
        case_id=case.id, person_id=person.id, kind=spec.kind, question=dict(spec.question), created=now, deadline=spec.deadline
    )
    session.add(request)
    session.flush()
    add_event(session, case, EVENTS[spec.kind][0], actor, now, {"deadline": spec.deadline.isoformat(), "request": str(request.id)})
    end = datetime.combine(spec.deadline + timedelta(days=1), datetime.min.time(), COPENHAGEN)
    if end - now > REMIND_BEFORE:
        rows.put(session, "remind", request.id, now, due=end - REMIND_BEFORE)
    rows.put(session, "expire", request.id, now, due=end)
    return request


def open_for(session: Session, person_id: uuid.UUID) -> list[AnswerRequest]:
    """What this person is asked and has not answered, the most pressing first."""
    return list(session.scalars(OPEN_FOR, {"person_id": person_id}))


def find(session: Session, request_id: uuid.UUID, person_id: uuid.UUID) -> AnswerRequest:
    """A request that this very person was asked. Raises NotYours, also for one that does not exist."""
    request = session.scalar(select(AnswerRequest).where(AnswerRequest.id == request_id, AnswerRequest.person_id == person_id))
    if request is None:
        raise NotYours
    return request


def answer(
    session: Session,
    request_id: uuid.UUID,
    person_id: uuid.UUID,
    outcome: str,
    given: Mapping[str, Any],
    now: datetime,
    actor: Actor,
    *,
    seen_version: int,
) -> Case:
    """Take an answer once. Sending the same answer again changes nothing; another answer raises ChangedSince."""
    request = find(session, request_id, person_id)
    case = session.scalars(select(Case).where(Case.id == request.case_id).with_for_update()).one()
    session.refresh(request)
    if request.answered is not None:
        if request.outcome == outcome:
            return case
        raise ChangedSince
    if request.version != seen_version or has_ended(request, now):
        raise ChangedSince
    _close(session, case, request, outcome, dict(given), now, actor)
    return case


def has_ended(request: AnswerRequest, now: datetime) -> bool:
    """Whether the last day to answer is over, also when the worker has not come to it yet."""
    return request.deadline < now.astimezone(COPENHAGEN).date()


def withdraw(session: Session, request_id: uuid.UUID, person_id: uuid.UUID, now: datetime, actor: Actor) -> Case:
    """Take a given consent back. A decision already made stands until somebody has looked at the case again.

    On a case that is withdrawn or closed only the request tells of it.
    """
    request = find(session, request_id, person_id)
    case = session.scalars(select(Case).where(Case.id == request.case_id).with_for_update()).one()
    session.refresh(request)
    if request.kind != "consent" or request.outcome != "given":
        raise ChangedSince
    request.outcome, request.version = "withdrawn", request.version + 1
    if case.state in FINAL:
        return case
    before = case.state
    add_event(session, case, EVENTS[request.kind][1]["withdrawn"], actor, now, {"request": str(request.id)})
    if case.state == RECONSIDERING != before:
        case.due = now.astimezone(COPENHAGEN).date() + timedelta(days=EXPECTED_DAYS)
    return case


def expire(session: Session, request_id: uuid.UUID, now: datetime) -> Case | None:
    """The deadline has passed without an answer."""
    request = session.get(AnswerRequest, request_id)
    if request is None:
        return None
    case = session.scalars(select(Case).where(Case.id == request.case_id).with_for_update()).one()
    session.refresh(request)
    if request.answered is not None:
        return None
    _close(session, case, request, "expired", {}, now, SYSTEM)
    return case


def cancel_open(session: Session, case: Case, now: datetime) -> None:
    """Nobody need answer any longer: the case is decided or withdrawn. The caller holds the case's row."""
    for request in session.scalars(select(AnswerRequest).where(AnswerRequest.case_id == case.id, AnswerRequest.answered.is_(None))):
        request.answered, request.outcome, request.version = now, CANCELLED, request.version + 1


def _close(session: Session, case: Case, request: AnswerRequest, outcome: str, given: dict[str, Any], now: datetime, actor: Actor) -> None:
    events = EVENTS[request.kind][1]
    request.answered, request.outcome, request.answer, request.version = now, outcome, given, request.version + 1
    if case.state in OVER:
        return
    before = case.state
    event = add_event(session, case, events[outcome], actor, now, {"request": str(request.id)})
    if case.state == "submitted" != before:
        rows.put(session, "decide", case.id, now, key=f"decide:{case.id}:{event.sequence}")
