"""Files in a draft: judged, sealed, listed, taken out again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.journey.drafts import Drafts
from portal.journey.forms import StepForm
from portal.journey.messages import message
from portal.journey.uploads import AskedOnce, FileProblem, Upload, accept
from portal.outbox import rows
from portal.storage.models import Document, Draft
from portal.web.parts import parts, reading
from portal.web.visitor import person_id


@dataclass(frozen=True)
class Sent:
    """A file that is fit, and the field it was sent in."""

    field: Any
    upload: Upload


def of_draft(draft_id: uuid.UUID) -> list[Document]:
    """The files of one's own draft, oldest first."""
    query = select(Document).where(Document.draft_id == draft_id, Document.person_id == person_id())
    return list(reading().scalars(query.order_by(Document.created)))


def attach(form: StepForm, draft_id: uuid.UUID) -> list[Document]:
    """Give the form's file fields what was sent and what lies there already."""
    stored = of_draft(draft_id)
    for field in _fields(form):
        field.typed = [item for item in request.files.getlist(field.name) if item.filename]
        field.stored = stored
    return stored


def take_in(form: StepForm) -> None:
    """Give the form's file fields what was sent, where there is no draft to keep files in."""
    for field in _fields(form):
        field.typed = [item for item in request.files.getlist(field.name) if item.filename]


def add_to_case(work: Session, case_id: uuid.UUID, sent: Sequence[Sent], now: datetime) -> None:
    """File what somebody sent as an answer."""
    for each in {each.upload.sha256: each for each in sent}.values():
        _store(work, each.upload, person_id(), now, case_id=case_id)


def judge(form: StepForm) -> list[Sent]:
    """The files that are fit; the others become errors on their field."""
    fit: list[Sent] = []
    scanner = AskedOnce(parts().scanner)
    for field in _fields(form):
        for item in field.typed:
            try:
                content = item.stream.read(field.max_mb * 1024 * 1024 + 1)
                fit.append(Sent(field, accept(item.filename or "", content, scanner, field.max_mb)))
            except FileProblem as problem:
                field.errors = [message(problem.code, limit=field.max_mb)]
    return fit


def keep(work: Session, drafts: Drafts, draft: Draft, sent: Sequence[Sent], now: datetime) -> None:
    """Store the files that do not lie there already, if there is room; else their fields say so. `draft` is held. Raises DraftGone."""
    drafts.note_files(draft, now)
    known = set(work.scalars(select(Document.sha256).where(Document.draft_id == draft.id)))
    new = {each.upload.sha256: each for each in sent if each.upload.sha256 not in known}
    for field in {each.field.name: each.field for each in new.values()}.values():
        if len(known) + len(new) > field.max_files:
            field.errors = [message("file_many", limit=field.max_files)]
            return
    for each in new.values():
        _store(work, each.upload, draft.person_id, now, draft_id=draft.id)


def remove(work: Session, drafts: Drafts, draft: Draft, file_id: uuid.UUID, now: datetime) -> None:
    """Take one file out of one's own draft, which is held. Raises DraftGone."""
    drafts.note_files(draft, now)
    work.execute(delete(Document).where(Document.id == file_id, Document.draft_id == draft.id, Document.person_id == draft.person_id))


def forget(work: Session, draft_id: uuid.UUID) -> None:
    """Take all files out of one's own draft."""
    work.execute(delete(Document).where(Document.draft_id == draft_id, Document.person_id == person_id()))


def _store(
    work: Session,
    upload: Upload,
    owner: uuid.UUID,
    now: datetime,
    *,
    draft_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
) -> None:
    document = Document(
        id=uuid.uuid4(),
        person_id=owner,
        draft_id=draft_id,
        case_id=case_id,
        name=upload.name,
        media_type=upload.media_type,
        size=len(upload.content),
        sha256=upload.sha256,
        scan=upload.scan,
        content=upload.content,
        created=now,
    )
    work.add(document)
    if upload.scan == "waiting":
        rows.put(work, "scan", document.id, now)


def _fields(form: StepForm) -> list[Any]:
    return [field for field in form if field.kind == "file"]
