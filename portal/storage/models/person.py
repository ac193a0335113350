"""A person the portal has met: an id of our own, because a CPR number can change."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedJSON, EncryptedText


class Person(HasId, Base):
    """Found by the keyed hash of the CPR number. Names and addresses stay in the people register."""

    __tablename__ = "person"

    cpr_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    cpr: Mapped[str] = mapped_column(EncryptedText("person.cpr"))
    language: Mapped[str] = mapped_column(String(2), default="da")
    created: Mapped[datetime]


class RegisterCopy(HasId, Base):
    """What the registers last said of a person's children and places, so that Min Side is quick when a register is slow."""

    __tablename__ = "register_copy"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    content: Mapped[Any] = mapped_column(EncryptedJSON("register_copy.content"))
    taken: Mapped[datetime]
