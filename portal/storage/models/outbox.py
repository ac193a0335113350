"""Work that must happen after a commit, and exactly once as far as anyone outside can see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId


class OutboxRow(HasId, Base):
    """One thing to do to one subject. `key` is unique: asking for the same thing twice asks once."""

    __tablename__ = "outbox"

    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(36))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime]
    due: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    done: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (Index("ix_outbox_due", "state", "due"),)
