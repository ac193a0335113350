"""Who looked and who did. Only ever added to."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedText


class AuditEntry(HasId, Base):
    """One look or one act: by whom in which role, about whom, what, why, and in which case.

    `purpose` is one of the portal's own words; `reason` is what somebody typed, and may name people, so it is sealed.
    """

    __tablename__ = "audit_entry"

    at: Mapped[datetime]
    actor_role: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str | None] = mapped_column(String(80))
    person_id: Mapped[uuid.UUID | None]
    verb: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str | None] = mapped_column(String(80))
    case_id: Mapped[uuid.UUID | None]
    municipality: Mapped[str | None] = mapped_column(String(4))
    reason: Mapped[str | None] = mapped_column(EncryptedText("audit_entry.reason"))
    results: Mapped[int | None]

    __table_args__ = (Index("ix_audit_entry_person", "person_id", "at"),)
