"""The embedded mailbox's letters, in the database."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from portal.post.mailbox import MailboxLetter
from portal.storage.database import Database
from portal.storage.models import MailboxMessage


class DatabaseMailbox:
    """A `portal.post.mailbox.MailboxStore`. Stands for a receiver outside, so it commits by itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, message_uuid: UUID) -> MailboxLetter | None:
        """The letter, or None."""
        with self._database.session(reads_only=True) as session:
            query = select(MailboxMessage).where(MailboxMessage.message_uuid == message_uuid)
            row = session.scalar(query.options(undefer(MailboxMessage.memo)))
            return _letter(row) if row else None

    def add(self, letter: MailboxLetter) -> MailboxLetter:
        """Keep the letter once; the one that lies there is returned."""
        row = MailboxMessage(
            message_uuid=letter.message_uuid,
            transmission_id=letter.transmission_id,
            recipient=letter.recipient_cpr,
            memo=letter.memo,
            received=letter.received_at,
            available=letter.available_at,
        )
        try:
            with self._database.transaction() as session:
                session.add(row)
        except IntegrityError:
            found = self.find(letter.message_uuid)
            if found is None:
                raise
            return found
        return letter


def _letter(row: MailboxMessage) -> MailboxLetter:
    return MailboxLetter(row.message_uuid, row.transmission_id, row.recipient, row.received, row.available, row.memo)
