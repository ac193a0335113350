"""The worker's part in a letter: draw it, wrap it, look before sending again, and write down what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases.events import SYSTEM, add_event
from portal.clock import Clock
from portal.outbox.worker import Job, NeedsHelp, TryLater
from portal.post.channels import Channel, Envelope, Receipt, RefusedContent, TransientFailure, hand_over
from portal.post.content import LetterContent
from portal.post.memo import Action, Document, File, InvalidLetter, Kle, MemoMessage, Recipient, Sender, Version, build, clean_file_name
from portal.post.pdf import LetterNotAccessible
from portal.storage.models import Case, Letter, Person

Render = Callable[[LetterContent], bytes]
KLE_EDITION = "Maj 2025"


class LetterSender:
    """Handles outbox rows of the kind "letter". The message UUID was made with the letter and is used on every try."""

    def __init__(
        self,
        render: Callable[[], Render],
        channel: Channel,
        clock: Clock,
        *,
        version: Version,
        case_url: Callable[[uuid.UUID], str],
        subjects: Mapping[str, str],
        demo: bool,
    ) -> None:
        self._make_render = render
        self._render: Render | None = None
        self._channel = channel
        self._clock = clock
        self._version = version
        self._case_url = case_url
        self._subjects = subjects
        self._demo = demo

    def __call__(self, job: Job) -> None:
        with job.database.session(reads_only=True) as session:
            letter = session.get(Letter, job.subject)
            if letter is None or letter.state != "queued":
                return
            case = session.get(Case, letter.case_id) if letter.case_id else None
            cpr = session.get_one(Person, letter.person_id).cpr
            pdf = letter.pdf
        content = LetterContent.from_json(letter.content)
        if pdf is None:
            pdf = self._draw(job, content)
            with job.database.transaction() as session:
                session.get_one(Letter, job.subject).pdf = pdf
        try:
            envelope = Envelope(letter.message_uuid, self._wrap(letter, case, content, cpr, pdf))
            if not job.lease_is_fresh():
                raise TryLater("lease_too_old")
            receipt = hand_over(self._channel, envelope, tried_before=job.attempts > 1)
        except TransientFailure:
            if job.is_last_try:
                self._failed(job)
                raise NeedsHelp("no_clear_answer") from None
            raise TryLater("no_clear_answer") from None
        except RefusedContent as refused:
            self._failed(job)
            raise NeedsHelp(refused.error_code) from None
        with job.database.transaction() as session:
            note_receipt(session, receipt, self._clock.now())

    def _draw(self, job: Job, content: LetterContent) -> bytes:
        if self._render is None:
            self._render = self._make_render()
        try:
            return self._render(content)
        except LetterNotAccessible:
            self._failed(job)
            raise NeedsHelp("cannot_be_drawn") from None

    def _wrap(self, letter: Letter, case: Case | None, content: LetterContent, cpr: str, pdf: bytes) -> bytes:
        name = clean_file_name(content.title) + ".pdf"
        actions = (Action("SELVBETJENING", _see_case(content.language), self._case_url(case.id)),) if case else ()
        message = MemoMessage(
            message_uuid=letter.message_uuid,
            label=content.title,
            sender=Sender(content.sender.cvr, content.sender.name),
            recipient=Recipient(cpr),
            created=letter.created.replace(microsecond=0),
            main_document=Document(content.title, (File(name, "application/pdf", content.language, pdf),), actions),
            case_id=case.number if case else None,
            case_system="Portal" if case else None,
            kle=Kle(case.kle, KLE_EDITION, self._subjects.get(case.kle, case.kle)) if case else None,
        )
        try:
            return build(message, self._version, demo=self._demo)
        except InvalidLetter:
            raise RefusedContent("invalid_letter") from None

    def _failed(self, job: Job) -> None:
        with job.database.transaction() as session:
            letter = session.get_one(Letter, job.subject)
            letter.state, letter.failed = "failed", self._clock.now()
            _tell_case(session, letter, "letter_failed", self._clock.now())


def note_receipt(session: Session, receipt: Receipt, now: datetime) -> None:
    """Write a receipt on its letter; the same one again changes nothing."""
    letter = session.scalar(select(Letter).where(Letter.message_uuid == receipt.message_uuid).with_for_update())
    if letter is None:
        return
    letter.transmission_id = receipt.transmission_id
    letter.accepted = letter.accepted or now
    if receipt.status == "delivered" and letter.delivered is None:
        letter.state, letter.delivered = "delivered", receipt.at
        _tell_case(session, letter, "letter_delivered", receipt.at)
    elif receipt.status == "failed" and letter.failed is None:
        letter.state, letter.failed = "failed", receipt.at
        _tell_case(session, letter, "letter_failed", receipt.at)
    elif letter.state == "queued":
        letter.state = "accepted"


def _tell_case(session: Session, letter: Letter, kind: str, at: datetime) -> None:
    if letter.case_id is None:
        return
    case = session.scalars(select(Case).where(Case.id == letter.case_id).with_for_update()).one()
    add_event(session, case, kind, SYSTEM, at, {"letter": str(letter.id), "kind": letter.kind})


def _see_case(language: str) -> str:
    return "Se din sag" if language == "da" else "See your case"
