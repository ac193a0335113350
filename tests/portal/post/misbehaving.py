"""A channel that does what real receivers do on bad days."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from portal.post.channels import Channel, Envelope, Receipt, RefusedContent, TransientFailure


class MisbehavingChannel:
    """Passes on to `channel` after doing what `schedule` says for each call of `send`.

    "ok", "timeout after" (taken in, the answer lost), "timeout before", "500" (not taken in), "refuse".
    `deliveries` lists every letter that really went through, in order.
    """

    name = "misbehaving"

    def __init__(self, channel: Channel, schedule: Iterable[str] = (), *, deaf: int = 0) -> None:
        self._channel = channel
        self._schedule = iter(schedule)
        self._deaf = deaf
        self.deliveries: list[UUID] = []

    def look(self, message_uuid: UUID) -> Receipt | None:
        if self._deaf:
            self._deaf -= 1
            raise TransientFailure("no answer")
        return self._channel.look(message_uuid)

    def send(self, envelope: Envelope) -> Receipt:
        mood = next(self._schedule, "ok")
        if mood in {"timeout before", "500"}:
            raise TransientFailure(mood)
        if mood == "refuse":
            raise RefusedContent("memo.invalid")
        self.deliveries.append(envelope.message_uuid)
        receipt = self._channel.send(envelope)
        if mood == "timeout after":
            raise TransientFailure("the answer was lost")
        return receipt
