"""Drafts and the applications they become."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedBytes, EncryptedJSON, EncryptedText


class Draft(HasId, Base):
    """An application being filled in. `version` grows with each save; `submit_key` makes sending it twice the same as once."""

    __tablename__ = "draft"

    service: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    submit_key: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    version: Mapped[int] = mapped_column(default=1)
    answers: Mapped[Any] = mapped_column(EncryptedJSON("draft.answers"))
    facts: Mapped[Any] = mapped_column(EncryptedJSON("draft.facts"))
    created: Mapped[datetime]
    updated: Mapped[datetime]
    ended: Mapped[datetime | None]

    __table_args__ = (Index("ix_draft_person", "person_id", "service", "ended"),)


class Application(HasId, Base):
    """What was sent, as structured data of a published version. Never changed."""

    __tablename__ = "application"

    submit_key: Mapped[uuid.UUID] = mapped_column(unique=True)
    service: Mapped[str] = mapped_column(String(40))
    schema_version: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    municipality: Mapped[str] = mapped_column(String(4))
    channel: Mapped[str] = mapped_column(String(20))
    data: Mapped[Any] = mapped_column(EncryptedJSON("application.data"))
    received: Mapped[datetime]


class Document(HasId, Base):
    """A file that somebody sent in."""

    __tablename__ = "document"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    draft_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("draft.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText("document.name"))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    scan: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(EncryptedBytes("document.content"), deferred=True)
    created: Mapped[datetime]
