"""From `MemoMessage` to MeMo XML, in the fixed order of the schema: a wrong order is refused, but hours later."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timezone
from typing import get_args

from lxml import etree

from portal.post.memo.model import Document, Kle, MemoMessage, Version
from portal.post.memo.names import CORE, KLE, MEMO, PREFIXES
from portal.post.memo.rules import refuse_invalid

CONCERNS = "CPR"  # the type of a free pair that names one more person the letter is about


def build(message: MemoMessage, version: Version = "1.1", *, demo: bool = False) -> bytes:
    """The message as UTF-8 XML. Raises `InvalidLetter` when a rule is broken; the same input gives the same bytes.

    There is no public schema of 1.2. It differs from 1.1, as measured on the published examples, in having no
    memoSchVersion and in `mandatory` and `legalNotification` being left out when they are not set.
    """
    if version not in get_args(Version):
        raise ValueError(f"No MeMo version {version!r}")
    refuse_invalid(message, demo=demo)
    attributes = {"memoVersion": version} | ({"memoSchVersion": "1.1.0"} if version == "1.1" else {})
    root = etree.Element(etree.QName(MEMO, "Message"), attributes, nsmap=PREFIXES)
    _header(root, message, version)
    if message.main_document is not None:
        _body(root, message)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _header(root: etree._Element, message: MemoMessage, version: Version) -> None:
    header = _add(root, "MessageHeader")
    _add(header, "messageType", message.message_type)
    _add(header, "messageUUID", str(message.message_uuid))
    _add(header, "label", message.label)
    _add_if(header, "notification", message.notification)
    if message.reply:
        _add(header, "reply", "true")
    if message.reply_by:
        _add(header, "replyByDateTime", _z(message.reply_by))
    if message.do_not_deliver_until:
        _add(header, "doNotDeliverUntilDate", message.do_not_deliver_until.isoformat())
    for name, value in (("mandatory", message.mandatory), ("legalNotification", message.legal_notification)):
        if version == "1.1" or value:
            _add(header, name, "true" if value else "false")
    _add_if(header, "postType", message.post_type)
    _people(header, message)
    _content(header, message)


def _people(header: etree._Element, message: MemoMessage) -> None:
    sender = _add(header, "Sender")
    _add(sender, "senderID", message.sender.cvr)
    _add(sender, "idType", "CVR")
    _add(sender, "label", message.sender.label)
    recipient = _add(header, "Recipient")
    _add(recipient, "recipientID", message.recipient.cpr)
    _add(recipient, "idType", "CPR")
    _add_if(recipient, "label", message.recipient.label)


def _content(header: etree._Element, message: MemoMessage) -> None:
    if not (message.concerns_cpr or message.case_id or message.kle):
        return
    content = _add(header, "ContentData")
    # The schema has room for one person; the others travel as free pairs.
    for cpr, name in message.concerns_cpr[:1]:
        person = _add(content, "CPRdata", space=CORE)
        _add(person, "cprNumber", cpr, CORE)
        _add(person, "name", name, CORE)
    if message.case_id:
        case = _add(content, "CaseID")
        _add(case, "caseID", message.case_id)
        _add(case, "caseSystem", message.case_system)
    if message.kle:
        _kle(content, message.kle)
    for cpr, name in message.concerns_cpr[1:]:
        pair = _add(content, "AdditionalContentData")
        _add(pair, "contentDataType", CONCERNS)
        _add(pair, "contentDataName", name)
        _add(pair, "contentDataValue", cpr)


def _kle(content: etree._Element, kle: Kle) -> None:
    data = _add(content, "KLEdata", space=KLE)
    _add(data, "subjectKey", kle.number, KLE)
    _add(data, "version", kle.version, KLE)
    _add_if(data, "activityFacet", kle.facet, KLE)
    _add(data, "label", kle.label, KLE)


def _body(root: etree._Element, message: MemoMessage) -> None:
    body = _add(root, "MessageBody")
    _add(body, "createdDateTime", _z(message.created))
    _document(_add(body, "MainDocument"), message.main_document)
    for document in message.additional_documents:
        _document(_add(body, "AdditionalDocument"), document)


def _document(element: etree._Element, document: Document) -> None:
    _add_if(element, "label", document.label)
    for file in document.files:
        node = _add(element, "File")
        _add(node, "encodingFormat", file.mime)
        _add(node, "filename", file.name)
        _add(node, "language", file.language)
        _add(node, "content", b64encode(file.content).decode("ascii"))
    for action in document.actions:
        node = _add(element, "Action")
        _add(node, "label", action.label)
        _add(node, "actionCode", action.code)
        _add(_add(node, "EntryPoint"), "url", action.url)


def _add(parent: etree._Element, name: str, text: str | None = None, space: str = MEMO) -> etree._Element:
    child = etree.SubElement(parent, etree.QName(space, name))
    child.text = text
    return child


def _add_if(parent: etree._Element, name: str, text: str | None, space: str = MEMO) -> None:
    if text is not None:
        _add(parent, name, text, space)


def _z(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
