"""Bad input: every refusal says what to do in the person's language, keeps what was typed, and writes nothing."""

from __future__ import annotations

import io
import re

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.web import limits
from portal.web.typed import NO_SIGN, signs_only
from tests.portal.walking import PAYSLIP, START, Page

# Words that say nothing: no message may hold them.
EMPTY_WORDS = (
    "Dette felt er påkrævet",
    "Udfyld feltet",
    "Ugyldig",
    "En fejl opstod",
    "This field is required",
    "Invalid",
    "An error occurred",
)

# Page: who gets there, with which answers before it, what else is right on it, and the mistakes: field, what is typed,
# a part of the message in Danish and in English; None where it is no mistake in that language.
PAY = ("løn før skat", "your pay before tax")
LETTERS = ("med tal, for eksempel 28000", "in digits, for example 28000")
COMMA = ("komma før ørerne", "Use a point before the øre")
DIGITS = ("kun tal i CPR-nummeret", "only digits in the CPR number")
TEN = ("præcis 10 cifre", "exactly 10 digits")
BORN = ("fødselsdato", "date of birth")
OFFERED = ("et af svarene på siden", "one of the answers on the page")
PAGES = {
    "payslip": (
        "sofie",
        {"income": {"use": "no"}},
        PAYSLIP,
        [
            ("gross", "12,500.50", COMMA[0], None),
            ("gross", "12.5", COMMA[0], None),
            ("gross", "1,234", COMMA[0], None),
            ("gross", "12.500", None, "without a point"),
            ("gross", "1,23,456", *COMMA),
            ("gross", "12.500.50", *COMMA),
            ("gross", "-1", "uden minus foran", "without a minus sign"),
            ("gross", "1e9", *LETTERS),
            ("gross", "\N{GRINNING FACE}", *LETTERS),
            ("gross", "tusind", *LETTERS),
            ("gross", "NaN", *LETTERS),
            ("gross", "", *PAY),
            ("gross", "99999999999", "højst være 10.000.000", "at most 10,000,000"),
            ("gross", "1" * 400, "højst være 10.000.000", "at most 10,000,000"),
            ("am", "30000", "er mere end lønnen", "more than the pay"),
            ("rhythm", "hourly", *OFFERED),
            ("remark", "x" * 2001, "højst 2000 tegn", "at most 2000 characters"),
        ],
    ),
    "partner-number": (
        "sofie",
        {"household": {"living": "couple"}},
        {},
        [
            ("cpr", "", "din partners CPR-nummer", "your partner's CPR number"),
            ("cpr", "12", *TEN),
            ("cpr", "1" * 5000, *TEN),
            ("cpr", "abcdefghij", *DIGITS),
            ("cpr", "\N{GRINNING FACE}" * 10, *DIGITS),
            ("cpr", "9202304001", *BORN),
            ("cpr", "0000000000", *BORN),
            ("cpr", "9001944004", "dit eget", "your own"),
        ],
    ),
    "home": (
        "torben",
        {},
        {"municipality": "0461", "children": "1"},
        [
            ("municipality", "0000", *OFFERED),
            ("municipality", "", "kommune", "municipality"),
            ("children", "0", "fra 1 til 20", "from 1 to 20"),
            ("children", "21", "fra 1 til 20", "from 1 to 20"),
            ("children", "to", "helt tal", "whole number"),
            ("children", "1.5", "helt tal", "whole number"),
        ],
    ),
    "correction": (
        "sofie",
        {"children": {"right": "no"}},
        {},
        [
            ("text", "", "skal være anderledes", "what should be different"),
            ("text", "x" * 2001, "højst 2000 tegn", "at most 2000 characters"),
        ],
    ),
    "other-income": (
        "sofie",
        {},
        {},
        [
            ("kinds", [], "indtægter", "kinds of income"),
            ("kinds", ["none", "rent"], "indtægter", "kinds of income"),
            ("kinds", ["lottery"], *OFFERED),
        ],
    ),
    "other-amounts": (
        "sofie",
        {"other-income": {"kinds": ["rent"]}},
        {},
        [("rent", "", "udlejning", "letting"), ("rent", "-5", "udlejning", "letting"), ("rent", "mange", "udlejning", "letting")],
    ),
    "household": ("sofie", {}, {}, [("living", "", "bor sammen med", "live with"), ("living", "couple:a9", *OFFERED)]),
    "declaration": ("sofie", {}, {}, [("sworn", "", "Sæt kryds", "Tick the box if you declare that you are a single parent")]),
    "reason": ("sofie", {}, {}, [("reason", "", "sket", "happened"), ("reason", "first_admission", *OFFERED)]),
    "stop-month": ("sofie", {"reason": {"reason": "stop"}}, {}, [("month", "", "måned", "month"), ("month", "2026-11", *OFFERED)]),
}


@pytest.mark.parametrize("step", PAGES)
def test_a_mistake_is_told_kept_and_not_written(visit, records, step):
    key, before, right, mistakes = PAGES[step]
    walker = visit(key)
    page = walker.fill_in(before, until=step)
    draft_id = page.path.split("/")[3]
    saved = records.draft(draft_id).answers
    for field, typed, *words in mistakes:
        for language, told in zip(("da", "en"), words, strict=True):
            if told is None:
                continue
            walker.browser.get(f"/language/{language}")
            refused = walker.send(page.path, {**right, field: typed, "version": page.value("version")})
            said = " ".join(refused.errors)
            assert (refused.status, told in said) == (422, True), f"{field} {str(typed)[:20]!r}: {refused.status} {said}"
            assert not any(empty in refused.text for empty in EMPTY_WORDS)
            assert _held(refused, field, typed) == typed
            for name, value in right.items():
                if name != field:
                    assert _held(refused, name, value) == value, f"{name} was lost"
    assert records.draft(draft_id).answers == saved


def _held(page: Page, field, typed):
    """What the control shows. A choice that was never offered cannot be shown; the page shows none then."""
    value = page.value(field)
    if isinstance(value, list):
        if not typed or typed in ("hourly", "couple:a9", "first_admission", "2026-11", ["lottery"]):
            return typed
        return typed if sorted(value) == sorted([typed] if isinstance(typed, str) else typed) else value
    return typed if typed == "0000" else value


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12.500,50", "12500.50"),
        ("12500", "12500.00"),
        ("12 500,5 kr.", "12500.50"),
        ("12.500", "12500.00"),
        ("0", "0.00"),
        ("10000000", "10000000.00"),
    ],
)
def test_amounts_as_danes_write_them_are_understood(visit, records, typed, stored):
    sofie = visit("sofie", "da")
    page = sofie.fill_in({"income": {"use": "no"}}, until="payslip")
    assert page.fill({**PAYSLIP, "gross": typed, "am": "0", "atp": "0"}).press().step == "income-base"
    assert records.draft(page.path.split("/")[3]).answers["pages"]["payslip"]["gross"] == stored
    assert sofie.open(page.path).value("gross").replace(".", "") == stored.replace(".", ",").removesuffix(",00")


@pytest.mark.parametrize("language", ["da", "en"])
def test_ten_megabytes_of_text_are_refused_with_a_page(visit, records, language):
    sofie = visit("sofie", language)
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    refused = sofie.send(page.path, {"text": "x" * 10_000_000, "version": page.value("version")})
    assert refused.status == 413
    assert refused.heading == {"da": "Det var for meget", "en": "That was too much"}[language]
    assert "correction" not in records.draft(page.path.split("/")[3]).answers["pages"]


def test_ten_megabytes_of_text_beside_a_file_are_refused_too(visit, records):
    sofie = visit("sofie")
    page = sofie.fill_in({"other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000"}}, until="papers")
    fields = {"csrf_token": sofie.browser.csrf, "version": "99", "remark": "x" * 10_000_000, "papers": _upload("a.pdf", PDF)}
    boundary, body = encode_multipart(fields)
    answer = sofie.browser.client.post(page.path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 413
    assert records.documents() == []


def test_bytes_that_are_no_text_are_an_empty_form(visit):
    sofie = visit("sofie")
    page = sofie.begin()
    answer = sofie.browser.client.post(
        page.path, data=b"living=\xff\xfe", content_type="application/x-www-form-urlencoded", headers={"X-CSRFToken": sofie.browser.csrf}
    )
    assert answer.status_code == 422


def test_a_thousand_fields_are_refused_with_a_page(visit):
    sofie = visit("sofie")
    page = sofie.begin()
    assert sofie.send(page.path, {f"field-{number}": "x" for number in range(3000)} | {"living": "single"}).status in (200, 413)


def _upload(name, content):
    return FileStorage(io.BytesIO(content), name, "papers")


EICAR = b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
TYPE = ("PDF-, JPG- eller PNG-fil", "PDF, JPG or PNG")
HARMFUL = ("skadelig", "looks harmful")
FILES = [
    ("notes.pdf", b"just text", *TYPE),
    ("program.pdf", b"MZ\x90\x00", *TYPE),
    ("page.html", b"<!doctype html><script>alert(1)</script>", *TYPE),
    ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", *TYPE),
    ("empty.pdf", b"", "tom", "empty"),
    ("eicar.txt", EICAR, *HARMFUL),
    ("eicar.pdf", PDF + EICAR, *HARMFUL),
    ("runs.pdf", PDF + b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", *HARMFUL),
    ("big.pdf", PDF + b"x" * (10 * 1024 * 1024), "højst 10 MB", "at most 10 MB"),
]


@pytest.fixture
def papers(visit):
    """The page that asks for papers, and a way to send files to it."""
    sofie = visit("sofie")
    page = sofie.fill_in({"other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000"}}, until="papers")

    def send(*files):
        fields = {"csrf_token": sofie.browser.csrf, "version": page.value("version"), "papers": [_upload(*each) for each in files]}
        # Encoded here: the test client would leave a temporary file open.
        boundary, body = encode_multipart(fields)
        answer = sofie.browser.client.post(
            page.path, data=body, content_type=f"multipart/form-data; boundary={boundary}", follow_redirects=True
        )
        return Page(sofie, answer.status_code, answer.request.path, answer.text)

    return send


def test_a_file_that_is_not_what_it_should_be_is_told_and_thrown_away(papers, records, monkeypatch):
    # Nobody sends so many files in a minute by hand.
    monkeypatch.setattr(limits, "LIMITED", {})
    for name, content, danish, english in FILES:
        for language, told in (("da", danish), ("en", english)):
            walker = papers().walker
            walker.browser.get(f"/language/{language}")
            refused = papers((name, content))
            assert refused.status == 422, name
            assert any(told in error for error in refused.errors), f"{name}: {refused.errors}"
    assert records.documents() == []


def test_a_good_file_is_taken_sealed_and_listed(papers, records, database):
    page = papers(("Årsopgørelse 2025.pdf", PDF))
    assert page.status == 200
    (document,) = records.documents()
    assert (document.media_type, document.scan, document.name) == ("application/pdf", "not_scanned", "Årsopgørelse 2025.pdf")
    with database.engine.connect() as raw:
        name, content = raw.exec_driver_sql("SELECT name, content FROM document").fetchone()
    assert PDF not in bytes(content)
    assert b"opg" not in bytes(name)


def test_the_name_of_a_file_cannot_lead_out_of_its_place(papers, records):
    papers(("../../etc/passwd\x00<b>.pdf", PDF))
    (document,) = records.documents()
    assert not set(document.name) & set("/\\<>\x00")


def test_a_file_sent_twice_lies_there_once(papers, records):
    papers(("one.pdf", PDF))
    papers(("two.pdf", PDF))
    assert len(records.documents()) == 1


def test_six_files_are_one_too_many_at_once_or_one_after_the_other(papers, records):
    refused = papers(*[(f"{number}.pdf", PDF + str(number).encode()) for number in range(6)])
    assert (refused.status, refused.errors) == (422, ["Choose at most 5 files"])
    assert records.documents() == []
    for number in range(5):
        assert papers((f"{number}.pdf", PDF + str(number).encode())).status == 200
    assert papers(("6.pdf", PDF + b"6")).errors == ["Choose at most 5 files"]
    assert len(records.documents()) == 5


def test_a_file_can_be_taken_out_again_by_its_owner(papers, records, visit):
    page = papers(("one.pdf", PDF))
    (document,) = records.documents()
    address = page.path.rsplit("/", 1)[0]
    stranger = visit("emma")
    assert stranger.browser.post(f"{address}/papers/files/{document.id}/remove").status_code == 404
    assert len(records.documents()) == 1
    page.walker.browser.post(f"{address}/papers/files/{document.id}/remove")
    assert records.documents() == []


def test_what_the_page_does_not_ask_for_changes_nothing(visit, records):
    sofie = visit("sofie")
    evil = {
        "own_percent": "0",
        "expected": "automatic",
        "month": "2020-01",
        "rule": "admission",
        "paragraph": "§ 1",
        "person_id": "00000000-0000-0000-0000-000000000000",
        "municipality": "0101",
        "cpr": "7203914002",
        "facts": "{}",
        "answers": "{}",
        "submit_key": "x",
        "draft_id": "x",
        "state": "decided",
    }
    page = sofie.begin()
    while page.step != "check":
        answers = {
            "household": {"living": "single"},
            "declaration": {"sworn": "yes"},
            "children": {"right": "yes"},
            "reason": {"reason": "income"},
        }
        answers |= {"income": {"use": "yes"}, "other-income": {"kinds": ["none"]}}
        page = page.fill(answers.get(page.step, {})).press(**evil)
    pages = records.draft(page.path.split("/")[3]).answers["pages"]
    assert pages["start-date"] == {"month": "2026-12", "rule": "next_month", "paragraph": "§ 31, stk. 2"}
    assert pages["payment"] == {"own_percent": 6, "expected": "automatic"}
    assert pages["household"] == {"living": "single"}
    page.press("Send application", **evil)
    sent = records.application("sofie")
    assert (sent["municipality"], sent["applicant"]["cpr"], sent["start"]["month"]) == ("0461", "9001944004", "2026-12")


@pytest.mark.parametrize(
    "path",
    [
        f"{START}-nothing",
        "/apply/nothing",
        f"{START}/not-an-id/household",
        "/my-page/cases/1",
        "/schema/free-place/99.json",
        "/language/de",
    ],
)
def test_an_address_that_is_not_there_is_a_page_that_says_so(visit, path):
    answer = visit("sofie", "da").open(path)
    assert (answer.status, answer.heading) == (404, "Vi kan ikke finde siden")


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("money", "12.500.50", "Use a point before the øre"),
        ("money", "12.500", "without a point"),
        ("money", "12,500.50", ""),
        ("money", "12.500,50", ""),
        ("cpr", "12", "exactly 10 digits"),
        ("cpr", "7203914002", ""),
        ("cpr", "x" * 5000, "exactly 10 digits"),
        ("nothing", "x", ""),
    ],
)
def test_one_field_checked_as_the_person_goes_says_the_same(visit, kind, value, told):
    browser = visit("sofie").browser
    answer = browser.client.post("/check-field", json={"kind": kind, "value": value}, headers={"X-CSRFToken": browser.csrf})
    assert answer.status_code == 200
    message = answer.json["message"]
    assert (told in message) if told else not message


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"kind": 1, "value": "x"}', b'{"kind": "money"}'])
def test_nonsense_to_the_field_check_is_refused(visit, body):
    browser = visit("sofie").browser
    answer = browser.client.post("/check-field", data=body, content_type="application/json", headers={"X-CSRFToken": browser.csrf})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("typed", "danish", "english"),
    [
        ({"income": "12.500.50"}, *COMMA),
        ({"income": ""}, "husstandens indkomst", "the household's income"),
        ({"municipality": "0001"}, *OFFERED),
        ({"month": "2013-13"}, *OFFERED),
        ({"children": "0"}, "fra 1 til 20", "from 1 to 20"),
        (
            {"children": "1", "municipality": "0461", "place_1": "vuggestue", "place_2": "vuggestue"},
            "flere pladser end børn",
            "more places than children",
        ),
        ({"place_1": "vuggestue"}, "den kommune, pladserne", "which municipality"),
    ],
)
def test_the_public_calculator_says_what_is_wrong(visit, typed, danish, english):
    right = {
        "adults": "1",
        "children": "2",
        "income": "20000",
        "municipality": "",
        "place_1": "",
        "place_2": "",
        "place_3": "",
        "month": "2026-12",
    }
    for language, told in (("da", danish), ("en", english)):
        walker = visit("sofie", language)
        page = walker.open("/what-will-i-pay")
        refused = walker.send(page.path, right | typed)
        assert refused.status == 422
        assert told in " ".join(refused.errors), refused.errors
        assert refused.value("income") == (right | typed)["income"]


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_what_nobody_can_type_is_dropped_before_a_page_shows_it_again(login, kind):
    maria = login("maria")
    page = maria.get("/what-will-i-pay").text
    names = sorted(set(re.findall(r'<input[^>]* name="([\w-]+)"', page)) - {"csrf_token"})
    typed = dict.fromkeys(names, "tu\x00si\x0bnd\x7f\x9f\ufffe\U0001fffe æø")
    answer = maria.post("/what-will-i-pay", typed, **({"content_type": "multipart/form-data"} if kind == "multipart" else {}))
    assert answer.status_code == 422
    assert "tusind æø" in answer.text
    assert not NO_SIGN.search(answer.text)


def test_lines_and_tabs_are_text():
    assert signs_only("a\tb\r\nc\N{GRINNING FACE}\u200d\xa0") == "a\tb\r\nc\N{GRINNING FACE}\u200d\xa0"
