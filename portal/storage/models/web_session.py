"""What the web remembers between two requests of one browser."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedJSON


class WebSession(Base):
    """A logged-in session. Only the hash of the cookie's value is stored, so that a copy of the database logs nobody in.

    `eid_subject` and `eid_session` are keyed hashes of what the eID calls the account and its session (`portal.storage.eid_sessions`).
    """

    __tablename__ = "web_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    staff_id: Mapped[str | None] = mapped_column(String(80))
    eid_subject: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    eid_session: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    data: Mapped[Any] = mapped_column(EncryptedJSON("web_session.data"))
    created: Mapped[datetime]
    last_seen: Mapped[datetime]
    ends: Mapped[datetime] = mapped_column(index=True)


class SeenLogoutToken(Base):
    """A logout token that has been used, by the keyed hash of its id, for as long as anybody would believe it again."""

    __tablename__ = "seen_logout_token"

    token_index: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    ends: Mapped[datetime] = mapped_column(index=True)


class ParkedPost(HasId, Base):
    """What somebody had typed when their session had ended: kept an hour, sealed, shown again after login.

    `owner` is who the ended session was, a person's id or a member of staff's: nobody else is shown it.
    """

    __tablename__ = "parked_post"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    path: Mapped[str]
    owner: Mapped[str | None] = mapped_column(String(80))
    fields: Mapped[Any] = mapped_column(EncryptedJSON("parked_post.fields"))
    ends: Mapped[datetime] = mapped_column(index=True)
