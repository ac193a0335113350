"""The embedded channel: a mailbox of our own that Min Side shows, so that the portal runs whole without Digital Post."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Protocol
from uuid import UUID, uuid5

from portal.clock import COPENHAGEN, Clock
from portal.post.channels import Envelope, Receipt, RefusedContent
from portal.post.memo import InvalidLetter, MemoMessage, parse

_TRANSMISSIONS = UUID("6d3c0e55-7a52-4d0b-9d7b-0d4c0a3f2b8e")


@dataclass(frozen=True)
class MailboxLetter:
    """One letter in the mailbox. `available_at` is when the citizen can open it: not before the day it asks for."""

    message_uuid: UUID
    transmission_id: str
    recipient_cpr: str = field(repr=False)
    received_at: datetime
    available_at: datetime
    memo: bytes = field(repr=False)

    def message(self) -> MemoMessage:
        """The letter, opened."""
        return parse(self.memo)


class MailboxStore(Protocol):
    """Where letters lie. `message_uuid` is unique."""

    def find(self, message_uuid: UUID) -> MailboxLetter | None:
        """The letter, or None."""

    def add(self, letter: MailboxLetter) -> MailboxLetter:
        """Keep `letter`, or leave the one with the same `message_uuid` as it is; the one that lies there is returned."""


class EmbeddedMailbox:
    """A `Channel` into `store`. Reads every message it gets, as the real one does."""

    name = "mailbox"

    def __init__(self, store: MailboxStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def look(self, message_uuid: UUID) -> Receipt | None:
        letter = self._store.find(message_uuid)
        return letter and self._receipt(letter)

    def send(self, envelope: Envelope) -> Receipt:
        try:
            message = parse(envelope.memo)
        except InvalidLetter:
            raise RefusedContent("memo.invalid") from None
        if message.message_uuid != envelope.message_uuid:
            raise RefusedContent("message.uuid.mismatch")
        letter = self._store.add(self._letter(envelope, message))
        if letter.recipient_cpr != message.recipient.cpr:
            raise RefusedContent("message.uuid.reused")
        return self._receipt(letter)

    def _letter(self, envelope: Envelope, message: MemoMessage) -> MailboxLetter:
        now = self._clock.now()
        day = message.do_not_deliver_until
        morning = datetime.combine(day, time(), COPENHAGEN) if day else now
        return MailboxLetter(
            message_uuid=envelope.message_uuid,
            transmission_id=str(uuid5(_TRANSMISSIONS, str(envelope.message_uuid))),
            recipient_cpr=message.recipient.cpr,
            received_at=now,
            available_at=max(now, morning),
            memo=envelope.memo,
        )

    def _receipt(self, letter: MailboxLetter) -> Receipt:
        there = letter.available_at <= self._clock.now()
        return Receipt(
            transmission_id=letter.transmission_id,
            message_uuid=letter.message_uuid,
            status="delivered" if there else "accepted",
            at=letter.available_at if there else letter.received_at,
        )


class MemoryStore:
    """A `MailboxStore` that forgets when the process ends: for tests and benchmarks."""

    def __init__(self) -> None:
        self._letters: dict[UUID, MailboxLetter] = {}
        self._lock = threading.Lock()

    def find(self, message_uuid: UUID) -> MailboxLetter | None:
        return self._letters.get(message_uuid)

    def add(self, letter: MailboxLetter) -> MailboxLetter:
        with self._lock:
            return self._letters.setdefault(letter.message_uuid, letter)

    def __len__(self) -> int:
        return len(self._letters)
