"""From a finished draft to a case, in one transaction, once."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import jsonschema
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.cases import letters, requests
from portal.cases.events import Actor, add_event
from portal.cases.states import EXPECTED_DAYS
from portal.journey.drafts import DraftGone, Drafts
from portal.journey.path import path
from portal.journey.service import Service
from portal.journey.state import State
from portal.outbox import rows
from portal.storage.models import Application, Case, Document, Draft, PaymentHold

# Letters that are easily taken for one another or for digits are left out.
NUMBER_LETTERS = "23456789ABCDEFGHJKLMNPRSTUVWXYZ"


class SeenOther(Exception):
    """The draft was changed after the answers were shown for checking."""


@dataclass(frozen=True)
class Sender:
    """Who sends an application, and how."""

    person_id: uuid.UUID
    language: str
    channel: str = "self_service"


def find_sent(session: Session, draft: Draft) -> Application | None:
    """The application this draft became, if it was sent."""
    return session.scalar(select(Application).where(Application.submit_key == draft.submit_key))


def submit(
    session: Session, service: Service, draft_id: uuid.UUID, state: State, sender: Sender, seen_version: int, now: datetime
) -> Application:
    """Make the application, its case and everything that follows, or give back what the same draft already made.

    Eight clicks at once, a reload and a retry meet the lock on the draft and its unique key, and get the same answer.
    """
    drafts = Drafts(session, sender.person_id)
    draft = drafts.lock(draft_id, service.slug)
    sent = find_sent(session, draft)
    if sent is not None:
        return sent
    if draft.ended is not None:
        raise DraftGone
    if draft.version != seen_version:
        raise SeenOther
    data = service.build(_with_files(session, service, draft, state))
    _validator(service).validate(data)
    application = Application(
        submit_key=draft.submit_key,
        service=service.slug,
        schema_version=service.schema_version,
        person_id=sender.person_id,
        municipality=data["municipality"],
        channel=sender.channel,
        data=data,
        received=now,
    )
    session.add(application)
    session.flush()
    case = _open_case(session, service, application, sender, now, state.today)
    session.execute(update(Document).where(Document.draft_id == draft.id).values(case_id=case.id, draft_id=None))
    drafts.throw_away(draft, now)
    return application


def _with_files(session: Session, service: Service, draft: Draft, state: State) -> State:
    """The state with the draft's files, read while the draft is held. Files of a page no longer on the way go with the draft."""
    if not any(step.uploads for step in path(service, state)):
        session.execute(delete(Document).where(Document.draft_id == draft.id))
        return state
    found = session.scalars(select(Document).where(Document.draft_id == draft.id).order_by(Document.created))
    files = [{"id": str(file.id), "type": file.media_type, "size": file.size, "sha256": file.sha256} for file in found]
    return state.with_answer("_documents", {"files": files})


def _open_case(session: Session, service: Service, application: Application, sender: Sender, now: datetime, today: date) -> Case:
    case = Case(
        number=_new_number(session, today),
        application_id=application.id,
        person_id=sender.person_id,
        service=service.slug,
        municipality=application.municipality,
        kle=service.kle,
        language=sender.language,
        state="submitted",
        why=[],
        due=today + timedelta(days=EXPECTED_DAYS),
        created=now,
    )
    session.add(case)
    session.flush()
    actor = Actor("citizen", str(sender.person_id))
    add_event(session, case, "submitted", actor, now)
    hold = service.hold_from(application.data)
    if hold is not None:
        session.add(PaymentHold(case_id=case.id, person_id=sender.person_id, from_month=str(hold), placed=now))
    for spec in service.requests(application.data):
        request = requests.ask(session, case, spec, now)
        letters.write(session, service, case, "consent_request", now, to=request.person_id, request=request)
    if case.state == "submitted":
        rows.put(session, "decide", case.id, now)
    audit.record(
        session,
        now,
        role="citizen",
        actor=str(sender.person_id),
        verb="submit",
        subject=f"case:{case.id}",
        person_id=sender.person_id,
        case_id=case.id,
        municipality=case.municipality,
    )
    return case


def _new_number(session: Session, today: date) -> str:
    while True:
        number = f"{today.year}-{''.join(secrets.choice(NUMBER_LETTERS) for _ in range(6))}"
        if session.scalar(select(Case.id).where(Case.number == number)) is None:
            return number


_validators: dict[tuple[str, int], Any] = {}


def _validator(service: Service) -> Any:
    key = (service.slug, service.schema_version)
    if key not in _validators:
        _validators[key] = jsonschema.Draft202012Validator(service.schema, format_checker=jsonschema.FormatChecker())
    return _validators[key]
