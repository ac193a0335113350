"""Each rule a sender must meet, broken on purpose, and the file names that keep them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.post.memo import (
    Action,
    Document,
    File,
    InvalidLetter,
    Kle,
    Recipient,
    Sender,
    build,
    check,
    clean_file_name,
    refuse_invalid,
)
from portal.post.memo.names import FORBIDDEN_IN_FILE_NAMES, holds_personal_number
from portal.post.memo.problems import TEXTS

PDF = File("a.pdf", "application/pdf", "da", b"x")
NOW = datetime(2026, 12, 3, 9, 14, tzinfo=timezone.utc)


def pdf(**changes) -> dict:
    return {"main_document": Document(None, (replace(PDF, **changes),))}


def action(code="INFORMATION", label="Læs mere", url="https://portal.example/") -> dict:
    return {"main_document": Document(None, (PDF,), (Action(code, label, url),))}


NO_BODY = {"main_document": None, "additional_documents": ()}

BROKEN = [
    ("uuid", "messageUUID", {"message_uuid": UUID("8c2ea15d-61fb-1ba9-9366-42f8b194c114")}),
    ("empty", "label", {"label": " "}),
    ("too.long", "label", {"label": "x" * 257}),
    ("characters", "label", {"label": "Svar\x0b"}),
    ("characters", "label", {"label": "Svar\ud800"}),
    ("personal.number", "label", {"label": "Svar om 720391-4002"}),
    ("too.long", "notification", {"notification": "x" * 151}),
    ("empty", "notification", {"notification": ""}),
    ("notification.empty", "notification", {"message_type": "NEMSMS", "notification": None} | NO_BODY),
    ("empty", "postType", {"post_type": ""}),
    ("cvr", "senderID", {"sender": Sender("1234567", "Kommunen")}),
    ("cvr", "senderID", {"sender": Sender("１２３４５６７８", "Kommunen")}),
    ("empty", "Sender/label", {"sender": Sender("12345678", "")}),
    ("cpr", "recipientID", {"recipient": Recipient("720391-4002")}),
    ("too.long", "Recipient/label", {"recipient": Recipient("7203914002", "x" * 257)}),
    ("cpr", "CPRdata", {"concerns_cpr": (("", "Alma"),)}),
    ("empty", "CPRdata/name", {"concerns_cpr": (("6105214008", ""),)}),
    ("concerns.too.many", "CPRdata", {"concerns_cpr": (("6105214008", "Alma"),) * 12}),
    ("created", "createdDateTime", {"created": None}),
    ("created", "createdDateTime", {"created": NOW.replace(tzinfo=None)}),
    ("reply.by", "replyByDateTime", {"reply_by": NOW.replace(tzinfo=None)}),
    ("reply.by", "replyByDateTime", {"reply_by": NOW - timedelta(seconds=1)}),
    ("deliver.too.early", "doNotDeliverUntilDate", {"do_not_deliver_until": date(2026, 12, 2)}),
    ("deliver.too.late", "doNotDeliverUntilDate", {"do_not_deliver_until": date(2027, 12, 5)}),
    ("empty", "caseID", {"case_id": None}),
    ("empty", "caseSystem", {"case_system": ""}),
    ("empty", "subjectKey", {"kle": Kle("", "Maj 2025", "Friplads")}),
    ("empty", "KLEdata/version", {"kle": Kle("28.77.08", "", "Friplads")}),
    ("empty", "KLEdata/label", {"kle": Kle("28.77.08", "Maj 2025", "")}),
    ("document.missing", "MainDocument", NO_BODY),
    ("document.missing", "File", {"main_document": Document("Svar", ())}),
    ("too.long", "Document/label", {"main_document": Document("x" * 257, (PDF,))}),
    ("personal.number", "Document/label", {"main_document": Document("7203914002", (PDF,))}),
    ("file.name", "filename", pdf(name="a/b.pdf")),
    ("file.name", "filename", pdf(name="a\u2003b.pdf")),
    ("too.long", "filename", pdf(name="x" * 253 + ".pdf")),
    ("personal.number", "filename", pdf(name="720391-4002.pdf")),
    ("file.kind", "encodingFormat", pdf(name="a.txt")),
    ("file.kind", "encodingFormat", pdf(name=".pdf")),
    ("file.kind", "encodingFormat", pdf(name="a.exe", mime="application/x-msdownload")),
    ("language", "language", pdf(language="dan")),
    ("language", "language", pdf(language="DA")),
    ("file.empty", "content", pdf(content=b"")),
    ("action.code", "actionCode", action(code="AFTALE")),
    ("empty", "Action/label", action(label="")),
    ("empty", "url", action(url=None)),
    ("too.long", "url", action(url="https://portal.example/" + "x" * 240)),
    ("personal.number", "url", action(url="https://portal.example/7203914002")),
    *(("action.url", "url", action(url=url)) for url in (
        "http://portal.example/", "http://127.0.0.1:8000/", "javascript:alert(1)", "//portal.example", "https://",
        "https://user:secret@portal.example/", "https://portal.example/a b", "https://[", "ftp://portal.example/",
    )),
    ("attachments.too.many", "AdditionalDocument", {"additional_documents": (Document(None, (PDF,)),) * 11}),
    ("size", "Message", pdf(content=bytes(74_625_001))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "where", "change"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_each_rule_is_kept(message, code, where, change):
    broken = replace(message, **change)
    assert [(p.code, p.where) for p in check(broken)] == [(code, where)]
    with pytest.raises(InvalidLetter):
        build(broken)


def test_every_rule_has_a_test_and_a_text_without_content():
    tested = {code for code, _where, _change in BROKEN} | {"unreadable"}
    assert tested == set(TEXTS)


def test_a_good_message_has_no_problem(message):
    assert check(message) == []
    refuse_invalid(message)


def test_the_limits_themselves_are_allowed(message):
    at_the_limit = replace(
        message, label="x" * 256, notification="x" * 150, do_not_deliver_until=date(2027, 12, 4),
        additional_documents=(Document(None, (PDF,)),) * 10, concerns_cpr=(("6105214008", "Alma"),) * 11,
        **pdf(content=bytes(74_625_000 - 30)),
    )  # fmt: skip
    assert check(at_the_limit) == []


def test_the_day_of_delivery_is_a_danish_day(message):
    just_after_midnight = datetime(2026, 12, 3, 23, 30, tzinfo=timezone.utc)
    late = replace(message, created=just_after_midnight, do_not_deliver_until=date(2026, 12, 3))
    assert [p.code for p in check(late)] == ["deliver.too.early"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/sager/1", "http://localhost:8000/"])
def test_only_the_demo_leads_to_this_machine(message, url):
    local = replace(message, **action(url=url))
    assert [p.code for p in check(local)] == ["action.url"]
    assert check(local, demo=True) == []
    assert build(local, demo=True)


@pytest.mark.parametrize("url", ["http://portal.example/", "http://127.0.0.1.portal.example/", "ftp://localhost/"])
def test_the_demo_is_no_excuse_for_the_rest(message, url):
    assert [p.code for p in check(replace(message, **action(url=url)), demo=True)] == ["action.url"]


def test_all_problems_are_told_at_once_and_none_quotes_the_letter(message):
    broken = replace(message, label="", recipient=Recipient("7203914002x"), **pdf(name="720391-4002:.pdf"))
    with pytest.raises(InvalidLetter) as refusal:
        refuse_invalid(broken)
    assert [p.code for p in refusal.value.problems] == ["empty", "cpr", "file.name", "personal.number"]
    assert "720391" not in str(refusal.value)
    assert all(p.text for p in refusal.value.problems)


@given(st.uuids())
def test_no_uuid_looks_like_a_personal_number(uuid):
    assert not holds_personal_number(f"https://portal.example/sager/{uuid}")


@pytest.mark.parametrize("text", ["7203914002", "Om 720391-4002.", "(720391 4002)", "a/7203914002/b"])
def test_personal_numbers_are_found(text):
    assert holds_personal_number(text)


@pytest.mark.parametrize("text", ["2026-000123", "a7203914002", "72039140021", "7213914002", "65 51 20 70"])
def test_other_numbers_are_left_alone(text):
    assert not holds_personal_number(text)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Du får økonomisk fripladstilskud", "Du får økonomisk fripladstilskud"),
        ('Svar: "friplads" 2027/1?', "Svar friplads 2027 1"),
        ("Svar\u00a0om\u2003friplads\r\n", "Svar om friplads"),
        ("Svar til 720391-4002", "Svar til"),
        ("7203914002", "brev"),
        ("  ...  ", "brev"),
        ("", "brev"),
        ("Svar\u202efdp.exe", "Svarfdp.exe"),
        ("a\u030a", "å"),
    ],
)
def test_file_names_are_made_from_titles(title, name):
    assert clean_file_name(title) == name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_any_title_gives_a_file_name_that_breaks_no_rule(message, title):
    name = clean_file_name(title) + ".pdf"
    assert check(replace(message, **pdf(name=name))) == []
    assert not FORBIDDEN_IN_FILE_NAMES.search(name)
    assert not holds_personal_number(name)
