"""Files in a draft: judged, sealed, listed, taken out again."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.journey.forms import StepForm
from portal.journey.messages import message
from portal.journey.uploads import FileProblem, NoScanner, Upload, accept
from portal.storage.models import Document
from portal.web.parts import parts, reading, writing
from portal.web.visitor import person_id


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


def keep(form: StepForm, draft_id: uuid.UUID) -> bool:
    """Store the files that are fit; the others become errors on their field. True when all were fit."""
    taken: list[Upload] = []
    fit = True
    for field in _fields(form):
        for item in field.typed:
            try:
                taken.append(accept(item.filename or "", item.stream.read(field.max_mb * 1024 * 1024 + 1), NoScanner(), field.max_mb))
            except FileProblem as problem:
                field.errors = [message(problem.code, limit=field.max_mb)]
                fit = False
    if not taken:
        return fit
    now = parts().clock.now()
    with writing() as work:
        known = set(work.scalars(select(Document.sha256).where(Document.draft_id == draft_id)))
        for upload in taken:
            if upload.sha256 not in known:
                work.add(
                    Document(
                        person_id=person_id(),
                        draft_id=draft_id,
                        name=upload.name,
                        media_type=upload.media_type,
                        size=len(upload.content),
                        sha256=upload.sha256,
                        scan=upload.scan,
                        content=upload.content,
                        created=now,
                    )
                )
    return fit


def remove(work: Session, draft_id: uuid.UUID, file_id: uuid.UUID) -> None:
    """Take one file out of one's own draft."""
    work.execute(delete(Document).where(Document.id == file_id, Document.draft_id == draft_id, Document.person_id == person_id()))


def forget(work: Session, draft_id: uuid.UUID) -> None:
    """Take all files out of one's own draft."""
    work.execute(delete(Document).where(Document.draft_id == draft_id, Document.person_id == person_id()))


def _fields(form: StepForm) -> list[Any]:
    return [field for field in form if field.kind == "file"]
