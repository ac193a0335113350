"""What a MeMo message says, as plain data. Personal fields stay out of every repr, so that a log cannot show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Version = Literal["1.1", "1.2"]
MessageType = Literal["DIGITALPOST", "NEMSMS"]
ActionCode = Literal["SELVBETJENING", "BETALING", "INFORMATION", "BEKRAEFT", "FORBEREDELSE", "TILMELDING", "UNDERSKRIV"]


@dataclass(frozen=True)
class Sender:
    """The authority: `cvr` is eight digits, `label` its name as the citizen knows it."""

    cvr: str
    label: str


@dataclass(frozen=True)
class Recipient:
    """The person: `cpr` is ten digits without a hyphen."""

    cpr: str = field(repr=False)
    label: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class File:
    """One file: `language` is two letters, `mime` the media type, `content` the bytes themselves."""

    name: str = field(repr=False)
    mime: str
    language: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Action:
    """A button in the citizen's mailbox. `url` is None for an appointment (AFTALE), which is read but never sent."""

    code: str
    label: str
    url: str | None


@dataclass(frozen=True)
class Document:
    """One document: the same content in one or more files, and what the citizen can do about it."""

    label: str | None = field(repr=False)
    files: tuple[File, ...]
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Kle:
    """The municipal subject number (28.77.08), the edition it is taken from (Maj 2025), its title and the facet."""

    number: str
    version: str
    label: str
    facet: str | None = None


@dataclass(frozen=True)
class MemoMessage:
    """One letter to one person, or one text message.

    `created` is aware, whole seconds. `concerns_cpr` holds (CPR number, name) of those the letter is about when they
    are not the recipient. `mandatory` reaches exempt people too and `legal_notification` is a service of process: both
    only for authorities that may. `main_document` is None for a NemSMS alone.
    """

    message_uuid: UUID
    label: str = field(repr=False)
    sender: Sender
    recipient: Recipient
    created: datetime | None
    main_document: Document | None
    additional_documents: tuple[Document, ...] = ()
    notification: str | None = field(default=None, repr=False)
    case_id: str | None = None
    case_system: str | None = None
    kle: Kle | None = None
    concerns_cpr: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    reply: bool = False
    reply_by: datetime | None = None
    do_not_deliver_until: date | None = None
    mandatory: bool = False
    legal_notification: bool = False
    post_type: str | None = None
    message_type: MessageType = "DIGITALPOST"

    @property
    def documents(self) -> tuple[Document, ...]:
        """The main document and the others, in order."""
        return (*((self.main_document,) if self.main_document else ()), *self.additional_documents)

    @property
    def files(self) -> tuple[File, ...]:
        """Every file of every document, in order."""
        return tuple(file for document in self.documents for file in document.files)
