"""From MeMo XML, 1.1 or 1.2, to `MemoMessage`. The XML is foreign: no DOCTYPE, no entities, no network."""

from __future__ import annotations

from base64 import b64decode
from datetime import date, datetime
from typing import get_args
from uuid import UUID

from lxml import etree

from portal.post.memo.build import CONCERNS
from portal.post.memo.model import Action, Document, File, Kle, MemoMessage, Recipient, Sender, Version
from portal.post.memo.names import MEMO, PREFIXES
from portal.post.memo.problems import InvalidLetter, Problem

LARGEST = 110_000_000  # 99.5 MB of files and room for the words around them
_DOCTYPE = b"<!DOCTYPE"


def parse(xml: bytes) -> MemoMessage:
    """Read a message. What `MemoMessage` does not hold (forwarding, reply data, attention data) is passed over.

    Raises `InvalidLetter` for anything but a MeMo message, without the parser's own words, which quote it. Whether the
    message keeps the sending rules is for `check` to say.
    """
    root = _root(xml)
    try:
        return _message(root)
    except ValueError:
        raise InvalidLetter([Problem("unreadable")]) from None


def _root(xml: bytes) -> etree._Element:
    # The encoding is forced, so a DOCTYPE can only be written in these bytes. It is refused before libxml2 sees it:
    # with huge_tree, which a file above 10 MB needs, its own guard against expanding entities is off.
    if len(xml) > LARGEST or _DOCTYPE in xml:
        raise InvalidLetter([Problem("unreadable")])
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml.removeprefix(b"\xef\xbb\xbf"), parser)
    except etree.XMLSyntaxError:
        raise InvalidLetter([Problem("unreadable")]) from None
    if root.tag != etree.QName(MEMO, "Message") or root.get("memoVersion") not in get_args(Version):
        raise InvalidLetter([Problem("unreadable")])
    return root


def _message(root: etree._Element) -> MemoMessage:
    header, body = _one(root, "memo:MessageHeader"), root.find("memo:MessageBody", PREFIXES)
    kind = _text(header, "memo:messageType")
    if kind not in {"DIGITALPOST", "NEMSMS"}:
        raise ValueError("messageType")
    created = _text(body, "memo:createdDateTime") if body is not None else None
    return MemoMessage(
        message_type=kind,
        message_uuid=UUID(_text(header, "memo:messageUUID")),
        label=_text(header, "memo:label"),
        notification=_maybe(header, "memo:notification"),
        reply=_flag(header, "memo:reply"),
        reply_by=_moment(_maybe(header, "memo:replyByDateTime")),
        do_not_deliver_until=_day(_maybe(header, "memo:doNotDeliverUntilDate")),
        mandatory=_flag(header, "memo:mandatory"),
        legal_notification=_flag(header, "memo:legalNotification"),
        post_type=_maybe(header, "memo:postType"),
        sender=Sender(_text(header, "memo:Sender/memo:senderID"), _text(header, "memo:Sender/memo:label")),
        recipient=Recipient(_text(header, "memo:Recipient/memo:recipientID"), _maybe(header, "memo:Recipient/memo:label")),
        case_id=_maybe(header, "memo:ContentData/memo:CaseID/memo:caseID"),
        case_system=_maybe(header, "memo:ContentData/memo:CaseID/memo:caseSystem"),
        kle=_kle(header.find("memo:ContentData/kle:KLEdata", PREFIXES)),
        concerns_cpr=_concerned(header),
        created=_moment(created),
        main_document=_document(_one(body, "memo:MainDocument")) if body is not None else None,
        additional_documents=tuple(
            _document(node) for node in (body.findall("memo:AdditionalDocument", PREFIXES) if body is not None else ())
        ),
    )


def _document(node: etree._Element) -> Document:
    files = tuple(
        File(
            name=_text(file, "memo:filename"),
            mime=_text(file, "memo:encodingFormat"),
            language=_text(file, "memo:language"),
            content=b64decode("".join(_text(file, "memo:content").split()), validate=True),
        )
        for file in node.findall("memo:File", PREFIXES)
    )
    actions = tuple(
        Action(
            code=_text(action, "memo:actionCode"),
            label=_text(action, "memo:label"),
            url=_maybe(action, "memo:EntryPoint/memo:url"),
        )
        for action in node.findall("memo:Action", PREFIXES)
    )
    return Document(label=_maybe(node, "memo:label"), files=files, actions=actions)


def _kle(node: etree._Element | None) -> Kle | None:
    if node is None:
        return None
    return Kle(
        number=_text(node, "kle:subjectKey"),
        version=_text(node, "kle:version"),
        label=_text(node, "kle:label"),
        facet=_maybe(node, "kle:activityFacet"),
    )


def _concerned(header: etree._Element) -> tuple[tuple[str, str], ...]:
    first = tuple(
        (_text(node, "grd:cprNumber"), _maybe(node, "grd:name") or "") for node in header.findall("memo:ContentData/grd:CPRdata", PREFIXES)
    )
    return first + tuple(
        (_text(node, "memo:contentDataValue"), _text(node, "memo:contentDataName"))
        for node in header.findall("memo:ContentData/memo:AdditionalContentData", PREFIXES)
        if _maybe(node, "memo:contentDataType") == CONCERNS
    )


def _one(node: etree._Element, path: str) -> etree._Element:
    found = node.find(path, PREFIXES)
    if found is None:
        raise ValueError(path)
    return found


def _text(node: etree._Element, path: str) -> str:
    return _one(node, path).text or ""


def _maybe(node: etree._Element, path: str) -> str | None:
    found = node.find(path, PREFIXES)
    return None if found is None else found.text or ""


def _flag(node: etree._Element, path: str) -> bool:
    return (_maybe(node, path) or "").strip() in {"true", "1"}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
