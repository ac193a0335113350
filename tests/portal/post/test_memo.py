"""MeMo written and read: valid in 1.1, the measured differences in 1.2, nothing lost on the way."""

from __future__ import annotations

import contextlib
import http.server
import importlib
import os
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from portal.post.memo import Action, Document, File, InvalidLetter, Kle, Recipient, build, check, parse
from portal.post.memo.names import PREFIXES

# The package gives the function the module's name.
parsing = importlib.import_module("portal.post.memo.parse")
# Schemas and samples that are not ours to ship: in the folder PORTAL_MEMO_REFERENCE names, or in one beside the
# repository (the schemas lie in the history of github.com/itk-dev-rpa/python-serviceplatformen).
BESIDE = Path(__file__).resolve().parents[4].glob("*/memo/itk-dev-rpa_python-serviceplatformen")
SAMPLES = Path(os.environ.get("PORTAL_MEMO_REFERENCE") or next(BESIDE, "not-there"))
needs_reference = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the MeMo reference files are not on this machine")


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(SAMPLES / "Memo_Schema_v1.1" / "MeMo_core.xsd"))


def tags(xml: bytes) -> list[str]:
    return [etree.QName(node).localname for node in etree.fromstring(xml).iter()]


@needs_reference
def test_a_full_message_is_valid_in_1_1(message, schema):
    schema.assertValid(etree.fromstring(build(message, "1.1")))


@needs_reference
def test_the_smallest_letter_and_a_text_message_are_valid_in_1_1(message, schema):
    small = replace(
        message, notification=None, additional_documents=(), case_id=None, case_system=None, kle=None, concerns_cpr=(),
        reply=False, reply_by=None, do_not_deliver_until=None, post_type=None, recipient=Recipient("7203914002"),
        main_document=Document(None, message.main_document.files),
    )  # fmt: skip
    sms = replace(small, message_type="NEMSMS", notification="Husk din tid.", main_document=None, created=None)
    for each in (small, sms):
        schema.assertValid(etree.fromstring(build(each, "1.1")))
        assert parse(build(each)) == each


@needs_reference
def test_the_schema_would_notice_a_wrong_order(message, schema):
    tree = etree.fromstring(build(message))
    header = tree.find("memo:MessageHeader", PREFIXES)
    header.append(header.find("memo:label", PREFIXES))
    assert not schema.validate(tree)


@needs_reference
@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("name", ["Full_Example", "Minimum_Example", "NemSMS", "with_attachment"])
def test_the_published_samples_are_read(version, name):
    read = parse((SAMPLES / f"examples_v{version}" / f"MeMo_{name}.xml").read_bytes())
    assert read.label
    assert read.sender.label
    assert (read.main_document is None) == (name == "NemSMS")
    if name == "Full_Example":
        assert read.kle.number == "00.00.00"
        assert read.case_id == "SAG-12345"
        assert read.concerns_cpr[0][1] == "Emilie Hansen"
        assert read.reply_by.utcoffset() == timedelta(0)
        assert read.mandatory is (version == "1.2")
        assert read.main_document.files[0].content == b"This is a test"
        assert read.main_document.actions[1] == Action("AFTALE", "Opret aftale i kalender", None)


def test_1_2_differs_from_1_1_as_measured_and_nowhere_else(message):
    old, new = etree.fromstring(build(message, "1.1")), etree.fromstring(build(message, "1.2"))
    assert dict(old.attrib) == {"memoVersion": "1.1", "memoSchVersion": "1.1.0"}
    assert dict(new.attrib) == {"memoVersion": "1.2"}
    for name in ("mandatory", "legalNotification"):
        (gone,) = old.iter(f"{{{PREFIXES['memo']}}}{name}")
        gone.getparent().remove(gone)
    assert [(n.tag, n.text) for n in old.iter()] == [(n.tag, n.text) for n in new.iter()]


def test_1_2_says_mandatory_when_it_is(message):
    assert "mandatory" in tags(build(replace(message, mandatory=True), "1.2"))


def test_the_prefix_is_memo_and_the_order_is_fixed(message):
    xml = build(message)
    assert b"<memo:Message " in xml
    assert b'encoding="UTF-8"' in xml.splitlines()[0].replace(b"'", b'"')
    wanted = ["messageType", "messageUUID", "label", "notification", "reply", "replyByDateTime", "doNotDeliverUntilDate",
              "mandatory", "legalNotification", "postType", "Sender", "Recipient", "ContentData"]  # fmt: skip
    header = etree.fromstring(xml).find("memo:MessageHeader", PREFIXES)
    assert [etree.QName(node).localname for node in header] == wanted


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_what_is_written_is_read_back(message, version):
    assert parse(build(message, version)) == message


def test_an_unknown_version_is_a_mistake_in_the_settings(message):
    with pytest.raises(ValueError, match=r"No MeMo version '1\.0'"):
        build(message, "1.0")


def test_nothing_personal_shows_in_a_repr(message):
    shown = repr(message)
    for secret in ("7203914002", "6105214008", "Eksempelsen", "fripladstilskud"):
        assert secret not in shown


chars = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
words = st.text(chars, min_size=1, max_size=80).filter(str.strip)
digits = st.text("0123456789", min_size=10, max_size=10)
moments = st.integers(0, 2_500_000_000).map(lambda seconds: datetime(2020, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_message_that_may_be_sent_survives_the_journey(message, data):
    created = data.draw(moments)
    changed = replace(
        message,
        message_uuid=data.draw(st.uuids(version=4)),
        label=data.draw(words),
        notification=data.draw(st.none() | words),
        recipient=Recipient(data.draw(digits), data.draw(st.none() | words)),
        created=created,
        concerns_cpr=tuple(data.draw(st.lists(st.tuples(digits, words), max_size=11))),
        kle=data.draw(st.none() | st.builds(Kle, words, words, words, st.none() | words)),
        reply=data.draw(st.booleans()),
        reply_by=data.draw(st.none() | st.just(created + timedelta(days=14))),
        do_not_deliver_until=data.draw(st.none() | st.just(created.date() + timedelta(days=20))),
        mandatory=data.draw(st.booleans()),
        legal_notification=data.draw(st.booleans()),
        main_document=Document(data.draw(st.none() | words), (File("a.pdf", "application/pdf", "da", data.draw(st.binary(min_size=1))),)),
    )
    for version in ("1.1", "1.2"):
        if check(changed):
            with pytest.raises(InvalidLetter):
                build(changed, version)
        else:
            assert parse(build(changed, version)) == changed


BILLION = b"""<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<memo:Message xmlns:memo="https://DigitalPost.dk/MeMo-1" memoVersion="1.1">&lol2;</memo:Message>"""


def hostile(message) -> dict[str, bytes]:
    good = build(message)
    body = good.split(b"?>", 1)[1]
    external = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return {
        "external entity": external + body.replace(b"Eksempel Kommune", b"&e;"),
        "billion laughs": BILLION,
        "plain doctype": b"<!DOCTYPE html>" + body,
        "doctype in UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + (external + body).decode()).encode("utf-16"),
        "unknown entity": body.replace(b"Eksempel Kommune", b"&nothing;"),
        "other root": b"<html/>",
        "no version": body.replace(b'memoVersion="1.1"', b""),
        "old version": body.replace(b'memoVersion="1.1"', b'memoVersion="1.0"'),
        "cut off": good[: len(good) // 2],
        "nothing": b"",
        "not xml": b"%PDF-1.7",
        "bad base64": good.replace(b"<memo:content>", b"<memo:content>*"),
        "bad uuid": good.replace(b"8c2ea15d", b"zzzzzzzz"),
        "bad time": good.replace(b"2026-12-03T", b"2026-13-03T"),
        "no document": good.replace(b"MainDocument", b"OtherDocument"),
        "too deep": b"<a>" * 5000,
    }


@pytest.mark.parametrize("kind", [
    "external entity", "billion laughs", "plain doctype", "doctype in UTF-16", "unknown entity", "other root",
    "no version", "old version", "cut off", "nothing", "not xml", "bad base64", "bad uuid", "bad time", "no document",
    "too deep",
])  # fmt: skip
def test_hostile_and_broken_xml_is_refused_without_its_own_words(message, kind):
    with pytest.raises(InvalidLetter) as refusal:
        parse(hostile(message)[kind])
    assert str(refusal.value) == "unreadable"
    assert refusal.value.__cause__ is None


REACHING_OUT = {
    "entity": ('<!DOCTYPE x [<!ENTITY e SYSTEM "{}/e">]>', "&e;"),
    "parameter entity": ('<!DOCTYPE x [<!ENTITY % p SYSTEM "{}/p"> %p;]>', ""),
    "document type": ('<!DOCTYPE x SYSTEM "{}/dtd">', ""),
    "style sheet": ('<?xml-stylesheet type="text/xsl" href="{}/xsl"?>', ""),
    "inclusion": ("", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}/x" parse="text"/>'),
    "schema": ("", '<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{0} {0}/xsd"/>'),
}


@pytest.fixture
def canary():
    """A server on this machine that nobody has reason to ask, and what it was asked."""
    asked = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("guard", [parsing._DOCTYPE, b"never there"], ids=["both guards", "the parser alone"])
def test_no_document_makes_the_parser_reach_out(message, canary, monkeypatch, tmp_path, guard):
    monkeypatch.setattr(parsing, "_DOCTYPE", guard)
    address, asked = canary
    for name in ("e", "p", "dtd", "xsl", "x", "xsd"):
        (tmp_path / name).write_text("<!ENTITY f 'hemmelig'>" if name in ("p", "dtd") else "hemmelig")
    body = build(message).split(b"?>", 1)[1].decode()
    for before, inside in REACHING_OUT.values():
        for place in (address, tmp_path.as_uri()):
            text = before.format(place) + body.replace("Eksempel Kommune", "Eksempel Kommune" + inside.format(place), 1)
            with contextlib.suppress(InvalidLetter):
                label = parse(text.encode()).sender.label
                assert ("Eksempel Kommune" in label, "hemmelig" in label) == (True, False)
    assert asked == []


def test_a_large_file_is_read(message):
    large = replace(message, main_document=Document(None, (File("a.pdf", "application/pdf", "da", b"x" * 12_000_000),)))
    assert parse(build(large)) == large


def test_dates_are_written_in_universal_time(message):
    danish = datetime(2026, 12, 3, 10, 14, tzinfo=timezone(timedelta(hours=1)))
    xml = build(replace(message, created=danish, do_not_deliver_until=date(2026, 12, 3)))
    assert b"<memo:createdDateTime>2026-12-03T09:14:00Z<" in xml
    assert b"<memo:doNotDeliverUntilDate>2026-12-03<" in xml
    assert UUID("8c2ea15d-61fb-4ba9-9366-42f8b194c114") == parse(xml).message_uuid
