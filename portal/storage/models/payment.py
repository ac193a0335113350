"""Bills and what holds them back."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedJSON


class Invoice(HasId, Base):
    """One month's bill for one person. A corrected bill is a new row that names the one it replaces."""

    __tablename__ = "invoice"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    month: Mapped[str] = mapped_column(String(7))
    revision: Mapped[int]
    content: Mapped[Any] = mapped_column(EncryptedJSON("invoice.content"))
    due: Mapped[date]
    issued: Mapped[datetime]
    paid: Mapped[datetime | None]
    decision_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("decision.id"))

    __table_args__ = (UniqueConstraint("person_id", "month", "revision"),)


class PaymentHold(HasId, Base):
    """While a case is open, bills from this month on are not asked for."""

    __tablename__ = "payment_hold"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    from_month: Mapped[str] = mapped_column(String(7))
    placed: Mapped[datetime]
    released: Mapped[datetime | None]

    __table_args__ = (Index("ix_payment_hold_person", "person_id", "released"),)
