"""What stands in the database, for tests that look behind the pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.registers.demo import demo_persons
from portal.storage.database import Database
from portal.storage.models import AnswerRequest, Application, Case, CaseEvent, Decision, Document, Draft, Letter, OutboxRow, PaymentHold
from portal.storage.people import find_person

TABLES: dict[str, Any] = {
    "drafts": Draft,
    "applications": Application,
    "cases": Case,
    "requests": AnswerRequest,
    "letters": Letter,
    "holds": PaymentHold,
    "outbox": OutboxRow,
}


@dataclass
class Records:
    """Reads, and changes nothing."""

    database: Database

    def count(self, table: str) -> int:
        """How many rows a table of `TABLES` has."""
        with self.database.session(reads_only=True) as session:
            return session.scalar(select(func.count()).select_from(TABLES[table])) or 0

    def case(self, key: str) -> Case:
        """The newest case of a demo person."""
        with self.database.session(reads_only=True) as session:
            person = find_person(session, demo_persons()[key].cpr)
            assert person is not None, f"{key} has never been here"
            return session.scalars(select(Case).where(Case.person_id == person.id).order_by(Case.created.desc()).limit(1)).one()

    def events(self, key: str) -> list[str]:
        """What has happened to the newest case of a demo person."""
        return [event.kind for event in self._of_case(key, CaseEvent, CaseEvent.sequence)]

    def why(self, key: str) -> list[str]:
        """Why the case waits for a person, in English as stored."""
        return [reason["m"] for reason in self.case(key).why]

    def request(self, key: str, kind: str = "consent") -> AnswerRequest:
        """The newest request of a kind in the newest case of a demo person."""
        return next(row for row in reversed(self._of_case(key, AnswerRequest, AnswerRequest.created)) if row.kind == kind)

    def decision(self, key: str) -> Decision | None:
        """The newest decision in the newest case of a demo person."""
        return next(iter(reversed(self._of_case(key, Decision, Decision.sequence))), None)

    def application(self, key: str) -> dict[str, Any]:
        """The structured data of the application behind the newest case."""
        with self.database.session(reads_only=True) as session:
            return session.get_one(Application, self.case(key).application_id).data

    def letters(self, key: str) -> list[Letter]:
        """The letters to a demo person, oldest first."""
        with self.database.session(reads_only=True) as session:
            person = find_person(session, demo_persons()[key].cpr)
            query = select(Letter).where(Letter.person_id == (person.id if person else None)).order_by(Letter.created)
            return list(session.scalars(query))

    def draft(self, draft_id: Any) -> Draft:
        """A draft as it is stored."""
        with self.database.session(reads_only=True) as session:
            return session.get_one(Draft, uuid.UUID(str(draft_id)))

    def documents(self) -> list[Document]:
        """All files that somebody has sent."""
        with self.database.session(reads_only=True) as session:
            return list(session.scalars(select(Document).order_by(Document.created)))

    def outbox(self, kind: str) -> list[OutboxRow]:
        """The outbox rows of a kind."""
        with self.database.session(reads_only=True) as session:
            return list(session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.created)))

    def _of_case(self, key: str, table: Any, order: Any) -> list[Any]:
        case = self.case(key)
        with self.database.session(reads_only=True) as session:
            return list(session.scalars(select(table).where(table.case_id == case.id).order_by(order)))
