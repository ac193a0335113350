"""From a letter's words to the envelope a channel takes: the PDF inside, the case and the buttons around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.post.channels import Envelope
from portal.post.letters import LetterContent, LetterRenderer
from portal.post.memo import (
    Action,
    Document,
    File,
    Kle,
    MemoMessage,
    Recipient,
    Sender,
    Version,
    build,
    clean_file_name,
)


@dataclass(frozen=True)
class Addressing:
    """What the letter itself must not hold: to whom, about whom, and where it may lead.

    `notification` is the short text a telephone shows on a locked screen: never what was decided.
    """

    message_uuid: UUID
    recipient: Recipient
    created: datetime
    case_system: str
    kle: Kle
    notification: str | None = None
    actions: tuple[Action, ...] = ()
    concerns_cpr: tuple[tuple[str, str], ...] = ()
    do_not_deliver_until: date | None = None


class Composer:
    """Draws the letter and puts it in its envelope. `demo` allows buttons that lead to this machine over http."""

    def __init__(self, renderer: LetterRenderer, version: Version = "1.1", *, demo: bool = False) -> None:
        self._renderer = renderer
        self._version = version
        self._demo = demo

    def envelope(self, letter: LetterContent, to: Addressing) -> Envelope:
        """The letter, ready to hand over. Raises `InvalidLetter` and `LetterNotAccessible`; both need a person."""
        message = self._message(letter, to, self._renderer.pdf(letter))
        return Envelope(to.message_uuid, build(message, self._version, demo=self._demo))

    def _message(self, letter: LetterContent, to: Addressing, pdf: bytes) -> MemoMessage:
        file = File(clean_file_name(letter.title, "pdf"), "application/pdf", letter.language, pdf)
        return MemoMessage(
            message_uuid=to.message_uuid,
            label=letter.title,
            notification=to.notification,
            sender=Sender(letter.sender.cvr, letter.sender.name),
            recipient=to.recipient,
            created=to.created,
            main_document=Document(letter.title, (file,), to.actions),
            case_id=letter.case_number,
            case_system=to.case_system,
            kle=to.kle,
            concerns_cpr=to.concerns_cpr,
            do_not_deliver_until=to.do_not_deliver_until,
        )
