"""A person the portal has met: an id of our own, because a CPR number can change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedText


class Person(HasId, Base):
    """Found by the keyed hash of the CPR number. Names and addresses stay in the people register."""

    __tablename__ = "person"

    cpr_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    cpr: Mapped[str] = mapped_column(EncryptedText("person.cpr"))
    language: Mapped[str] = mapped_column(String(2), default="da")
    created: Mapped[datetime]
