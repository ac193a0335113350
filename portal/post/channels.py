"""What every way of sending a letter looks like: Digital Post, print, the embedded mailbox.

An answer can get lost after the letter was taken in, so a fixed message UUID is not enough: whoever sends again asks
for the receipt first. `hand_over` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

Status = Literal["accepted", "delivered", "failed"]
ErrorClass = Literal["retry", "next_channel", "person"]


@dataclass(frozen=True)
class Envelope:
    """One letter ready to go: `memo` is the MeMo XML, `message_uuid` is made once and kept on every retry."""

    message_uuid: UUID
    memo: bytes = field(repr=False)


@dataclass(frozen=True)
class Receipt:
    """What a channel knows about a letter.

    `accepted`: taken in, nothing more. `delivered`: available to the citizen since `at` (aware); this starts legal
    clocks. `failed`: it never will be, and `error_class` says what helps: try again, the next channel, or a person.
    """

    transmission_id: str
    message_uuid: UUID
    status: Status
    at: datetime
    error_code: str | None = None
    error_class: ErrorClass | None = None


class TransientFailure(Exception):
    """No clear answer: time-out, broken connection, 5xx. The letter may have arrived or not: look before sending again."""


class RefusedContent(Exception):
    """The receiver says no to this letter as it is. Sending it again changes nothing."""

    def __init__(self, error_code: str, error_class: ErrorClass = "person") -> None:
        super().__init__(error_code)
        self.error_code = error_code
        self.error_class = error_class


class Channel(Protocol):
    """One way of sending. Both methods raise `TransientFailure` when the receiver cannot be reached."""

    name: str

    def look(self, message_uuid: UUID) -> Receipt | None:
        """The newest receipt for the letter, or None when the receiver has never seen it."""

    def send(self, envelope: Envelope) -> Receipt:
        """Hand the letter over. A letter the receiver already has counts as accepted. Raises `RefusedContent`."""


def hand_over(channel: Channel, envelope: Envelope, *, tried_before: bool) -> Receipt:
    """Send the letter unless an earlier try did arrive.

    `tried_before` must be true whenever a try may have begun, also when its outcome was lost with the process.
    """
    if tried_before and (receipt := channel.look(envelope.message_uuid)):
        return receipt
    return channel.send(envelope)
