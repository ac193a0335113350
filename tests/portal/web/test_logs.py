"""No CPR number leaves by a log, whoever writes it, however it is spelled and wherever in the line it lies."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import threading
import uuid
from urllib.parse import quote, quote_plus

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from portal.web import logs

SHAPE = re.compile(r"\d{2}[01]\d{3}(?:[-\s]|%20|%2D|\xa0)*\d{4}")
numbers = st.builds(
    lambda day, month, rest: f"{day:02}{month:02}{rest:06}",
    st.integers(1, 31) | st.integers(61, 91),
    st.integers(1, 12),
    st.integers(0, 999_999),
)
SPELLINGS = {
    "plain": lambda cpr: cpr,
    "hyphen": lambda cpr: f"{cpr[:6]}-{cpr[6:]}",
    "space": lambda cpr: f"{cpr[:6]} {cpr[6:]}",
    "hard space": lambda cpr: f"{cpr[:6]}\N{NO-BREAK SPACE}{cpr[6:]}",
    "long hyphen": lambda cpr: f"{cpr[:6]} – {cpr[6:]}",
    "in an address": lambda cpr: "/find?cpr=" + quote_plus(f"{cpr[:6]} {cpr[6:]}"),
    "encoded": lambda cpr: quote(f" {cpr[:6]} {cpr[6:]} ") + quote(f"æ{cpr}"),
    "in JSON": lambda cpr: json.dumps({"navn": "Ærø", "cpr": f"ø{cpr}", cpr: [f"{cpr[:6]}\N{NO-BREAK SPACE}{cpr[6:]}"]}),
    "statement": lambda cpr: f"SELECT * FROM person WHERE cpr = '{cpr}' [parameters: ('{cpr}', b'\\x00{cpr}')]",
    "header": lambda cpr: f"X-Person: {cpr}\r\nCookie: cpr={cpr};",
    "glued": lambda cpr: f"cpr{cpr}x_{cpr}_",
}
HOLDERS = {
    "text": lambda words: words,
    "bytes": lambda words: words.encode(),
    "list": lambda words: ["x", [words]],
    "tuple": lambda words: (1, words),
    "set": lambda words: {words},
    "nested": lambda words: {"a": {"b": [{"c": words}]}},
    "key": lambda words: {words: 1},
    "exception": lambda words: ValueError(words, {"x": words}),
    "object": lambda words: type("Thing", (), {"__repr__": lambda _self: words})(),
}


@given(numbers, st.sampled_from(sorted(SPELLINGS)), st.sampled_from(sorted(HOLDERS)))
def test_what_we_log_holds_no_number(cpr, spelling, holder):
    value = HOLDERS[holder](SPELLINGS[spelling](cpr))
    line = structlog.processors.JSONRenderer()(None, "info", logs.redact(None, "info", {"event": "x", "value": value}))
    assert logs.GONE in line
    assert not holds(line, cpr)


@given(numbers)
def test_a_number_that_is_one_is_taken_out_too(cpr):
    assert logs.cleaned(int(cpr)) == logs.GONE
    assert logs.cleaned([float(cpr)]) == [logs.GONE]


@given(st.integers(-99_999_999, 99_999_999), st.floats(0, 99_999_999))
def test_numbers_too_short_to_be_one_stay(status, milliseconds):
    """At most one zero is lost at the front: no day is 00."""
    assert logs.cleaned({"status": status, "ms": milliseconds}) == {"status": status, "ms": milliseconds}


def test_a_line_of_a_request_says_its_status_and_time(portal_app, lines):
    portal_app.test_client().get("/health/live")
    (told,) = [line for line in lines() if line["event"] == "request"]
    assert (told["status"], told["rule"]) == (200, "/health/live")
    assert 0 < told["ms"] < 10_000


@given(numbers, st.sampled_from(sorted(SPELLINGS)), st.sampled_from(["message", "argument", "wrong number of arguments", "named"]))
def test_what_a_library_logs_holds_no_number(cpr, spelling, place):
    words = SPELLINGS[spelling](cpr)
    message, arguments = {
        "message": (words, ()),
        "argument": ("found %s", (words,)),
        "wrong number of arguments": (f"{cpr} %s %s", (words,)),
        "named": ("found %(who)s", ({"who": words},)),
    }[place]
    record = logs.cleaned_record("library", logging.WARNING, "library.py", 1, message, arguments, None)
    for formatter in (logs.Lines(), logging.Formatter("%(name)s %(message)s %(args)s")):
        assert not holds(formatter.format(record), cpr)


def holds(line, cpr):
    """Whether the number can be read in it, straight or with something between its parts."""
    digits = re.sub(r"%20|%2D|%C2%A0|\\+u00a0|\\+u2013|[-\s\xa0–]", "", line, flags=re.IGNORECASE)
    return cpr in digits or SHAPE.search(line) is not None


@given(st.uuids(version=4))
def test_our_own_ids_stay_as_they_are(made):
    assert logs.cleaned([str(made), made.hex, made]) == [str(made), made.hex, repr(made)]


def test_one_of_our_ids_that_has_ten_digits_in_a_row_stays_too():
    made = uuid.UUID("aaaa7203914002aaaaaaaaaaaaaaaaaa")
    assert logs.cleaned(made.hex) == made.hex


def test_what_a_library_needs_of_its_record_is_left_when_there_is_no_number():
    record = logs.cleaned_record("weasyprint", logging.WARNING, "x.py", 1, ".notdef glyph %d", (7,), None)
    assert (record.msg, record.args) == (".notdef glyph %d", (7,))


@pytest.fixture
def lines(monkeypatch):
    """The process's logs as they are set up for real, and put back."""
    root, out = logging.getLogger(), io.StringIO()
    kept = (root.handlers[:], logging.getLogRecordFactory(), sys.excepthook, threading.excepthook, structlog.get_config())
    monkeypatch.setattr(sys, "stderr", out)
    logs.set_up_logs()
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = kept[0]
    logging.setLogRecordFactory(kept[1])
    sys.excepthook, threading.excepthook = kept[2], kept[3]
    structlog.configure(**kept[4])


def test_every_line_of_the_process_is_json_and_none_has_the_words_of_an_exception(lines):
    own = io.StringIO()
    handler = logging.StreamHandler(own)
    library = logging.getLogger("library.with.its.own.handler")
    library.addHandler(handler)
    try:
        raise ValueError("Fantasinavn 720391-4002")
    except ValueError:
        library.exception("failed for %s", "7203914002")
    library.removeHandler(handler)
    structlog.get_logger("x").info("ours", who="720391-4002")
    thread = threading.Thread(target=lambda: {}[1])
    thread.start()
    thread.join()
    sys.excepthook(KeyError, KeyError("Fantasinavn"), None)
    told = lines()
    assert [line["event"] for line in told] == ["failed for [cpr]", "ours", "crashed", "crashed"]
    assert [line.get("error") for line in told] == ["ValueError", None, "KeyError", "KeyError"]
    assert "test_logs.py" in told[0]["where"]
    written = json.dumps(told) + own.getvalue()
    assert "Fantasinavn" not in written
    assert not SHAPE.search(written)
    assert "failed for [cpr]" in own.getvalue()


@pytest.mark.usefixtures("lines")
def test_what_the_server_says_of_a_request_it_cannot_read_is_a_line_too(monkeypatch, capsys):
    server, own = logging.getLogger("gunicorn.error"), io.StringIO()
    monkeypatch.setattr(server, "handlers", [logging.StreamHandler(own)])
    monkeypatch.setattr(server, "propagate", False)
    logs.set_up_logs()
    server.warning("Invalid request: %s", "'X-7203914002'")
    assert own.getvalue() == ""
    assert json.loads(capsys.readouterr().err)["event"] == "Invalid request: 'X-[cpr]'"
