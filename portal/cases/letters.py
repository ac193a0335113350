"""Writing a letter: its row and its outbox row in the transaction of what it tells; drawn and sent by the worker."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.clock import COPENHAGEN
from portal.contacts import contact
from portal.i18n import use_locale
from portal.journey.service import Service
from portal.outbox import rows
from portal.post.content import LetterContent, SenderBlock
from portal.storage.models import AnswerRequest, Application, Case, Decision, Letter, Person


def write(
    session: Session,
    service: Service,
    case: Case,
    kind: str,
    now: datetime,
    *,
    to: uuid.UUID | None = None,
    decision: Decision | None = None,
    request: AnswerRequest | None = None,
) -> Letter:
    """Write one letter about a case, by default to the person whose case it is, in that person's language."""
    person_id = to or case.person_id
    language = case.language if person_id == case.person_id else session.get_one(Person, person_id).language
    content = compose(session, service, case, kind, now, person_id, language, decision=decision, request=request)
    letter = Letter(
        case_id=case.id,
        person_id=person_id,
        message_uuid=uuid.uuid4(),
        kind=kind,
        language=language,
        content=content.to_json(),
        state="queued",
        created=now,
    )
    session.add(letter)
    session.flush()
    rows.put(session, "letter", letter.id, now)
    return letter


def compose(
    session: Session,
    service: Service,
    case: Case,
    kind: str,
    now: datetime,
    person_id: uuid.UUID,
    language: str,
    *,
    decision: Decision | None = None,
    request: AnswerRequest | None = None,
) -> LetterContent:
    """The letter as data, without storing anything; also for a preview."""
    application = session.get_one(Application, case.application_id)
    with use_locale(language):
        text = service.letter(
            kind,
            application.data,
            to_applicant=person_id == case.person_id,
            decision=decision.content if decision else None,
            question=request.question if request else None,
            deadline=request.deadline if request else None,
        )
    return LetterContent(
        case_number=case.number,
        date=now.astimezone(COPENHAGEN).date(),
        sender=sender_block(case.municipality),
        recipient_name=recipient_name(application.data, to_applicant=person_id == case.person_id),
        language=language,
        **text,
    )


def sender_block(municipality: str) -> SenderBlock:
    """The municipality as the sender of a letter."""
    told = contact(municipality)
    return SenderBlock(told.name, tuple(told.address), told.phone, told.write, told.cvr)


def recipient_name(application: dict[str, Any], *, to_applicant: bool) -> str:
    """The name the application has for the one who gets the letter."""
    person = application["applicant"] if to_applicant else application["household"]["partner"]
    return person["name"]
