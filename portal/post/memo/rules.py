"""The rules a sender must meet before sending (integration notes on Digital Post; MeMo 1.1 schema; KMD's error codes).

They are checked here, before anything leaves, because SF1601 takes a wrong message in and refuses it hours later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import urlsplit

from portal.clock import COPENHAGEN
from portal.post.memo.model import Action, ActionCode, Document, File, MemoMessage
from portal.post.memo.names import FORBIDDEN_IN_FILE_NAMES, holds_personal_number
from portal.post.memo.problems import InvalidLetter, Problem

MAX_TEXT = 256
MAX_NOTIFICATION = 150
MAX_ATTACHMENTS = 10
MAX_CONCERNED = 11  # one in CPRdata and at most ten free pairs
MAX_BYTES = 99_500_000
# How far ahead Digital Post allows is not public; a year is more than any letter here needs.
FURTHEST = timedelta(days=366)
ACTION_CODES = frozenset(get_args(ActionCode))
# The official list of file types could not be read: only what the published guides and examples use.
FILE_KINDS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "text/plain": ("txt",),
    "text/html": ("html", "htm"),
    "application/xml": ("xml",),
    "text/xml": ("xml",),
    "application/msword": ("doc",),
}
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def refuse_invalid(message: MemoMessage, *, demo: bool = False) -> None:
    """Raise `InvalidLetter` with every problem found by `check`."""
    if problems := check(message, demo=demo):
        raise InvalidLetter(problems)


def check(message: MemoMessage, *, demo: bool = False) -> list[Problem]:
    """Every rule the message breaks, in the order of its elements. `demo` allows buttons to this machine over http."""
    return [
        *_header(message),
        *_people(message),
        *_times(message),
        *_content(message),
        *(p for document in message.documents for p in _document(document, demo)),
        *_whole(message),
    ]


def _header(message: MemoMessage) -> Iterator[Problem]:
    if message.message_uuid.version != 4:
        yield Problem("uuid", "messageUUID")
    yield from _text(message.label, "label")
    if holds_personal_number(message.label):
        yield Problem("personal.number", "label")
    yield from _text(message.notification, "notification", limit=MAX_NOTIFICATION, optional=True)
    yield from _text(message.post_type, "postType", optional=True)
    if message.message_type == "NEMSMS" and not (message.notification or "").strip():
        yield Problem("notification.empty", "notification")


def _people(message: MemoMessage) -> Iterator[Problem]:
    if not _digits(message.sender.cvr, 8):
        yield Problem("cvr", "senderID")
    yield from _text(message.sender.label, "Sender/label")
    if not _digits(message.recipient.cpr, 10):
        yield Problem("cpr", "recipientID")
    yield from _text(message.recipient.label, "Recipient/label", optional=True)
    for cpr, name in message.concerns_cpr:
        if not _digits(cpr, 10):
            yield Problem("cpr", "CPRdata")
        yield from _text(name, "CPRdata/name")
    if len(message.concerns_cpr) > MAX_CONCERNED:
        yield Problem("concerns.too.many", "CPRdata")


def _times(message: MemoMessage) -> Iterator[Problem]:
    created = message.created
    if created is not None and not _aware(created):
        yield Problem("created", "createdDateTime")
        created = None
    elif created is None and message.message_type == "DIGITALPOST":
        yield Problem("created", "createdDateTime")
    if message.reply_by is not None and (not _aware(message.reply_by) or (created and message.reply_by < created)):
        yield Problem("reply.by", "replyByDateTime")
    if created and message.do_not_deliver_until:
        made = created.astimezone(COPENHAGEN).date()
        if message.do_not_deliver_until < made:
            yield Problem("deliver.too.early", "doNotDeliverUntilDate")
        if message.do_not_deliver_until > made + FURTHEST:
            yield Problem("deliver.too.late", "doNotDeliverUntilDate")


def _content(message: MemoMessage) -> Iterator[Problem]:
    if message.case_id is not None or message.case_system is not None:
        yield from _text(message.case_id, "caseID")
        yield from _text(message.case_system, "caseSystem")
    if kle := message.kle:
        yield from _text(kle.number, "subjectKey")
        yield from _text(kle.version, "KLEdata/version")
        yield from _text(kle.label, "KLEdata/label")
        yield from _text(kle.facet, "activityFacet", optional=True)


def _document(document: Document, demo: bool) -> Iterator[Problem]:
    yield from _text(document.label, "Document/label", optional=True)
    if holds_personal_number(document.label or ""):
        yield Problem("personal.number", "Document/label")
    if not document.files:
        yield Problem("document.missing", "File")
    for file in document.files:
        yield from _file(file)
    for action in document.actions:
        yield from _action(action, demo)


def _file(file: File) -> Iterator[Problem]:
    if FORBIDDEN_IN_FILE_NAMES.search(file.name):
        yield Problem("file.name", "filename")
    yield from _text(file.name, "filename")
    if holds_personal_number(file.name):
        yield Problem("personal.number", "filename")
    stem, _dot, extension = file.name.rpartition(".")
    if not stem or extension.lower() not in FILE_KINDS.get(file.mime, ()):
        yield Problem("file.kind", "encodingFormat")
    if not re.fullmatch("[a-z]{2}", file.language):
        yield Problem("language", "language")
    if not file.content:
        yield Problem("file.empty", "content")


def _action(action: Action, demo: bool) -> Iterator[Problem]:
    if action.code not in ACTION_CODES:
        yield Problem("action.code", "actionCode")
    yield from _text(action.label, "Action/label")
    yield from _text(action.url, "url")
    if action.url and not _safe_url(action.url, demo):
        yield Problem("action.url", "url")
    if holds_personal_number(action.url or ""):
        yield Problem("personal.number", "url")


def _whole(message: MemoMessage) -> Iterator[Problem]:
    if message.main_document is None and (message.message_type == "DIGITALPOST" or message.additional_documents):
        yield Problem("document.missing", "MainDocument")
    if len(message.files) - 1 > MAX_ATTACHMENTS:
        yield Problem("attachments.too.many", "AdditionalDocument")
    # What travels is base64: four characters for every three bytes.
    if sum(-(-len(file.content) // 3) * 4 for file in message.files) > MAX_BYTES:
        yield Problem("size", "Message")


def _text(text: str | None, where: str, *, limit: int = MAX_TEXT, optional: bool = False) -> Iterator[Problem]:
    if text is None and optional:
        return
    if not (text or "").strip():
        yield Problem("empty", where)
        return
    if len(text) > limit:
        yield Problem("too.long", where)
    if _NOT_XML.search(text):
        yield Problem("characters", where)


def _digits(text: str, number: int) -> bool:
    return len(text) == number and text.isascii() and text.isdigit()


def _aware(moment: datetime) -> bool:
    return moment.utcoffset() is not None


def _safe_url(url: str, demo: bool) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or re.search(r"\s", url):
        return False
    return parts.scheme == "https" or (demo and parts.scheme == "http" and host in {"127.0.0.1", "localhost"})
