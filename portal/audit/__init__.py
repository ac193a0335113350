"""Who looked and who did, written in the transaction that looked or did."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.writing import collect


def record(
    session: Session,
    now: datetime,
    *,
    role: str,
    actor: str | None,
    verb: str,
    subject: str,
    person_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    purpose: str | None = None,
    municipality: str | None = None,
    reason: str | None = None,
    results: int | None = None,
) -> None:
    """Add one entry. `subject` names a kind of thing and its id, never what is in it.

    `purpose` is one of the portal's own words (`portal.audit.purposes`); `reason` is what somebody typed. `municipality`
    (four digits) is the one whose matter it is. The entry is written when the transaction commits, last of all.
    """
    collect(
        session,
        {
            "id": uuid.uuid4(),
            "at": now,
            "actor_role": role,
            "actor": actor,
            "verb": verb,
            "subject": subject,
            "person_id": person_id,
            "case_id": case_id,
            "purpose": purpose,
            "municipality": municipality,
            "reason": reason,
            "results": results,
        },
    )
