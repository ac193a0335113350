"""What a thing in an address is bound to: whose it is, who is asked, which municipality it belongs to. Nothing else of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, null, select
from sqlalchemy.orm import Session

from portal.access import Standing
from portal.storage.models import AnswerRequest, Application, Case, Document, Draft, Letter

THIS = bindparam("id")

# Owner, who is asked, municipality. Asked at every request that names a thing, so they are put together once.
FINDERS: Mapping[str, Select[tuple[Any, Any, Any]]] = {
    "draft": select(Draft.person_id, null(), null()).where(Draft.id == THIS),
    "application": select(Application.person_id, null(), Application.municipality).where(Application.id == THIS),
    "case": select(Case.person_id, null(), Case.municipality).where(Case.id == THIS),
    "request": select(null(), AnswerRequest.person_id, Case.municipality)
    .join(Case, AnswerRequest.case_id == Case.id)
    .where(AnswerRequest.id == THIS),
    "letter": select(Letter.person_id, null(), Case.municipality).outerjoin(Case, Letter.case_id == Case.id).where(Letter.id == THIS),
    "document": select(Document.person_id, null(), Case.municipality)
    .outerjoin(Case, Document.case_id == Case.id)
    .where(Document.id == THIS),
}


def standing_of(session: Session, thing: str, thing_id: uuid.UUID) -> Standing | None:
    """What the thing with this id is bound to; None when there is no such thing."""
    # Asked at every request: on the connection, as a mapped session would cost half as much again.
    row = session.connection().execute(FINDERS[thing], {"id": thing_id}).one_or_none()
    return Standing(*row) if row is not None else None
