"""Letters out, and the embedded mailbox they arrive in."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedBytes, EncryptedJSON, EncryptedText


class Letter(HasId, Base):
    """One letter to one person. `message_uuid` is made once and used for every try."""

    __tablename__ = "letter"

    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    message_uuid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    content: Mapped[Any] = mapped_column(EncryptedJSON("letter.content"))
    pdf: Mapped[bytes | None] = mapped_column(EncryptedBytes("letter.pdf"), deferred=True)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    created: Mapped[datetime]
    accepted: Mapped[datetime | None]
    delivered: Mapped[datetime | None]
    failed: Mapped[datetime | None]
    transmission_id: Mapped[str | None] = mapped_column(String(80))
    read: Mapped[datetime | None]


class MailboxMessage(HasId, Base):
    """The embedded mailbox: what a receiver outside would hold. One row a message UUID, whatever is sent again."""

    __tablename__ = "mailbox_message"

    message_uuid: Mapped[uuid.UUID] = mapped_column(unique=True)
    transmission_id: Mapped[str] = mapped_column(String(80))
    recipient: Mapped[str] = mapped_column(EncryptedText("mailbox_message.recipient"))
    memo: Mapped[bytes] = mapped_column(EncryptedBytes("mailbox_message.memo"), deferred=True)
    received: Mapped[datetime]
    available: Mapped[datetime]
