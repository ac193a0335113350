"""Who looked and who did. Only ever added to: the database itself refuses anything else (`portal.storage.append_only`)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import DDL, Index, LargeBinary, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage import append_only
from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedText


class AuditEntry(HasId, Base):
    """One look or one act: by whom in which role, about whom, what, why, and in which case.

    `purpose` is one of the portal's own words; `reason` is what somebody typed, and may name people, so it is sealed.
    `chain` and `sequence` number the entries; `mac` covers the entry and the one before it (`portal.storage.audit_chain`).
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
    chain: Mapped[int]
    sequence: Mapped[int]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        Index("ix_audit_entry_person", "person_id", "at"),
        Index("ix_audit_entry_actor", "actor", "at"),
        Index("ix_audit_entry_case", "case_id", "at"),
        Index("ix_audit_entry_at", "at"),
    )


class AuditHead(Base):
    """Where a chain ends: the number and the mac of its last entry, under a seal that needs the key."""

    __tablename__ = "audit_head"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    last: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))


for _dialect, _table, _statement in append_only.on_creation():
    event.listen(Base.metadata.tables[_table], "after_create", DDL(_statement).execute_if(dialect=_dialect))
