"""A case: its events, what others must answer, and its decisions."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.storage.base import Base, HasId
from portal.storage.types import EncryptedJSON


class Case(HasId, Base):
    """One matter of one person with one municipality. `state` is folded from the events and kept for the queue's sake."""

    __tablename__ = "case"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    service: Mapped[str] = mapped_column(String(40))
    municipality: Mapped[str] = mapped_column(String(4))
    kle: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(30))
    why: Mapped[Any] = mapped_column(EncryptedJSON("case.why"), default=list)
    due: Mapped[date | None]
    created: Mapped[datetime]
    taken_by: Mapped[str | None] = mapped_column(String(80))
    taken_until: Mapped[datetime | None]

    events: Mapped[list[CaseEvent]] = relationship(order_by="CaseEvent.sequence", cascade="all, delete-orphan", lazy="raise")
    requests: Mapped[list[AnswerRequest]] = relationship(order_by="AnswerRequest.created", cascade="all, delete-orphan", lazy="raise")
    decisions: Mapped[list[Decision]] = relationship(order_by="Decision.made", cascade="all, delete-orphan", lazy="raise")

    __table_args__ = (Index("ix_case_queue", "state", "municipality", "created"),)


class CaseEvent(HasId, Base):
    """Something that happened to a case: when, by whom, why. Only ever added."""

    __tablename__ = "case_event"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case.id"))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    actor_role: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str | None] = mapped_column(String(80))
    data: Mapped[Any] = mapped_column(EncryptedJSON("case_event.data"), default=dict)

    __table_args__ = (UniqueConstraint("case_id", "sequence"),)


class AnswerRequest(HasId, Base):
    """Somebody else must answer: a partner's consent, a hearing, a paper. One mechanism for all of them."""

    __tablename__ = "answer_request"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    question: Mapped[Any] = mapped_column(EncryptedJSON("answer_request.question"))
    created: Mapped[datetime]
    deadline: Mapped[date]
    reminded: Mapped[datetime | None]
    answered: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[Any] = mapped_column(EncryptedJSON("answer_request.answer"), nullable=True)
    version: Mapped[int] = mapped_column(default=1)


class Decision(HasId, Base):
    """What was decided, on which figures, with which reasons. A new decision replaces; nothing is overwritten."""

    __tablename__ = "decision"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case.id"))
    sequence: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    automatic: Mapped[bool]
    made: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(String(80))
    content: Mapped[Any] = mapped_column(EncryptedJSON("decision.content"))

    grants: Mapped[list[Grant]] = relationship(cascade="all, delete-orphan", lazy="raise")

    __table_args__ = (UniqueConstraint("case_id", "sequence"),)


class Grant(HasId, Base):
    """A right that a decision gave a household: from a month, at a percentage of the parents' payment."""

    __tablename__ = "grant"

    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("decision.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    municipality: Mapped[str] = mapped_column(String(4))
    from_month: Mapped[str] = mapped_column(String(7))
    until_month: Mapped[str | None] = mapped_column(String(7))
    content: Mapped[Any] = mapped_column(EncryptedJSON("grant.content"))
    made: Mapped[datetime]
