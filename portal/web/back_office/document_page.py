"""A file that somebody sent in."""

from __future__ import annotations

import uuid

from flask import Response, abort, redirect, url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import undefer
from werkzeug.wrappers import Response as Redirect

from portal.cases import staff
from portal.journey.uploads import OPENS
from portal.storage.models import Document
from portal.web.back_office import reveals
from portal.web.back_office.desk import me, protected_in, scope
from portal.web.parts import parts, reading, writing

EXTENSIONS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def save(case_id: uuid.UUID, document_id: uuid.UUID) -> Response | Redirect:
    """Saved by the browser, never shown by it. One that waits to be scanned, or is infected, is not there.

    It may hold a name and an address: while somebody in the case is protected it leads to the case, where the reason is written.
    """
    file = staff.open_file(reading(), case_id, scope())
    if file is None or reading().scalar(_there(case_id, document_id).with_only_columns(Document.id)) is None:
        abort(404)
    protected = protected_in(file)
    if protected and not reveals.noted(file.case, protected):
        return redirect(url_for("office.case", case_id=case_id))
    with writing() as work:
        row = work.scalar(_there(case_id, document_id).options(undefer(Document.content)))
        if row is None:
            abort(404)
        staff.record(work, file.case, "view", parts().clock.now(), me(), about=row.person_id, subject=f"document:{row.id}")
    response = Response(row.content, content_type=row.media_type)
    # The name somebody gave a file may hold a name or a number: it is not given to the computer the file is saved on.
    name = f"{file.case.number}-{row.id.hex[:8]}{EXTENSIONS.get(row.media_type, '.bin')}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _there(case_id: uuid.UUID, document_id: uuid.UUID) -> Select[tuple[Document]]:
    return select(Document).where(Document.id == document_id, Document.case_id == case_id, Document.scan.in_(OPENS))
