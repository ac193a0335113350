"""Whole journeys with a recorder on them: no number, name, address or income in an address, a title, a header, a file's name, a log,
an error or a metric. What a page shows its own person is the only place."""

from __future__ import annotations

import html
import io
import logging
import re
from dataclasses import replace
from urllib.parse import unquote_plus

import pytest
import structlog
from flask import request
from sqlalchemy import select

from portal.outbox import rows
from portal.registers.demo import demo_homes, demo_persons
from portal.storage.models import Document, Letter
from portal.web import logs
from portal.web.citizen import mine
from tests.portal.fixtures import SELF_EMPLOYED
from tests.portal.walking import PAYSLIP, Walker

PEOPLE = ("maria", "anders", "ida", "emil", "soeren", "liv")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
LEADS_TO = re.compile(r'(?:href|src|action|content)="([^"]*)"')
# Ten digits by chance inside an id or a signature are nobody's number.
NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{2}[01]\d{3}[- ]?\d{4}(?![0-9A-Za-z])")
CRASH = "Maria Prøve, 720391-4002, Prøvevej 12, 31234.56"


@pytest.fixture
def portal_settings(sqlite_settings):
    """Nothing here depends on the engine."""
    return sqlite_settings


@pytest.fixture
def secrets():
    """What must not leave: numbers in each spelling, names, streets, and what was typed."""
    people = [demo_persons()[key] for key in PEOPLE]
    numbers = [spelling for row in people for spelling in (row.cpr, f"{row.cpr[:6]}-{row.cpr[6:]}", f"{row.cpr[:6]} {row.cpr[6:]}")]
    streets = [demo_homes()[key][0].street for key in ("maria", "soeren")]
    typed = ["31234.56", "31.234,56", "14321.37", "14321,37", "14.321", "Fantasifirmaet", "Lejekontrakt"]
    return [*numbers, *(row.name for row in people), *(row.name.split()[0] for row in people), *streets, *typed]


@pytest.fixture
def recorder(portal_app):
    """What leaves the portal with each answer, beside the words of its page."""
    seen: dict[str, list[str]] = {"paths": [], "headers": [], "titles": [], "links": []}

    @portal_app.after_request
    def record(response):
        seen["paths"].append(request.full_path)
        seen["headers"] += [f"{name}: {value}" for name, value in response.headers if name != "Set-Cookie"]
        seen["headers"] += [cookie.split("=", 1)[0] for cookie in response.headers.getlist("Set-Cookie")]
        if response.mimetype == "text/html" and not response.is_streamed:
            page = response.get_data(as_text=True)
            seen["titles"] += TITLE.findall(page)
            seen["links"] += LEADS_TO.findall(page)
        return response

    return seen


@pytest.fixture
def log(caplog):
    """Everything the process logs, ours and libraries' alike, before anything is taken out of it."""
    caplog.set_level(logging.INFO)
    with structlog.testing.capture_logs() as ours:
        yield lambda: repr(ours) + caplog.text


@pytest.fixture
def journeys(recorder, visit, worker, records, send_application, staff_login, portal_app, portal_parts, monkeypatch, database):
    """A couple with a paper and an approval, a case decided by staff, letters, and all kinds of errors."""
    maria = visit("maria")
    page = maria.fill_in(
        {
            "household": {"living": "couple:a1"},
            "income": {"use": "no"},
            "payslip": {**PAYSLIP, "gross": "31.234,56", "remark": "Ny stilling hos Fantasifirmaet"},
            "partner-income": {"estimate": "14.321,37"},
            "other-income": {"kinds": ["rent"]},
            "other-amounts": {"rent": "54321"},
        },
        until="papers",
    )
    maria.browser.post(page.path, {"version": "99", "papers": (io.BytesIO(b"%PDF-1.7 x %%EOF"), "Lejekontrakt Maria 720391-4002.pdf")})
    maria.walk(maria.open(page.path), {}).press("Send application")
    visit("anders", fresh=True).approve(records.request("maria").id)
    case_id = send_application("soeren", SELF_EMPLOYED)
    worker.drain()
    staff, url = staff_login("karen"), f"/back-office/cases/{case_id}"
    staff.post(f"{url}/take")
    for path in ("/back-office", url, f"{url}/decide"):
        assert staff.get(path).status_code == 200
    asked = Walker(staff).open(f"{url}/ask").fill({"text": "Send Søren Fiktivs regnskab"}).press()
    assert asked.status == 200
    document = next(iter(records.documents()))
    assert staff.get(f"/back-office/cases/{document.case_id}/documents/{document.id}").status_code == 200
    worker.drain()
    soeren = visit("soeren")
    with database.session() as session:
        letter_id = session.scalars(select(Letter.id).where(Letter.case_id == case_id)).one()
    for path in ("/my-page", "/my-page/post", f"/my-page/post/{letter_id}", f"/my-page/post/{letter_id}/pdf", "/my-page/payments"):
        assert soeren.browser.get(path).status_code == 200
    page = maria.begin()
    errors = [
        maria.browser.get("/no-such-page").status_code,
        maria.browser.get(f"/my-page/cases/{case_id}").status_code,
        maria.browser.post(page.path, {"living": "720391-4002", "version": "1"}).status_code,
        maria.browser.post("/check-field", {}).status_code,
    ]
    assert errors[:3] == [404, 404, 422]

    def crash(*_args, **_named):
        raise ValueError(CRASH)

    monkeypatch.setattr(mine, "expected", crash)
    monkeypatch.setattr(portal_app, "testing", False)
    assert maria.browser.get("/my-page").status_code == 500
    portal_app.extensions["portal"] = replace(portal_parts, ask=crash)
    assert maria.browser.post("/apply/free-place", {}).status_code in (303, 404, 405, 500)
    worker._handlers["letter"] = crash
    with database.transaction() as work:
        rows.put(work, "letter", letter_id, portal_parts.clock.now(), key="again")
    worker.drain()
    return staff


def found(secrets, texts):
    """Which secrets stand in these, written in any way an address or a page writes text."""
    for text in texts:
        read = unquote_plus(html.unescape(text))
        hits = [secret for secret in secrets if secret in read] + NUMBER.findall(read)
        if hits:
            yield text, hits


def test_nothing_leaves_but_the_words_of_a_page_for_its_own_person(recorder, log, journeys, secrets, staff_login, database):
    kinds = {kind: list(found(secrets, texts)) for kind, texts in recorder.items()}
    assert kinds == {kind: [] for kind in recorder}
    assert any("Content-Disposition: attachment" in header for header in recorder["headers"])
    assert any("Location" in header for header in recorder["headers"])
    assert len(recorder["titles"]) > 20
    written = log()
    assert "request_failed" in written
    assert "job_crashed" in written
    assert list(found([*secrets, "Prøvevej"], written.splitlines())) == []
    metrics = journeys.get("/health/metrics")
    assert "portal_cases" in metrics.text
    assert list(found(secrets, metrics.text.splitlines())) == []
    with database.session() as session:
        assert len(session.scalars(select(Document)).all()) == 1


def test_what_is_looked_for_would_be_found(secrets):
    for text in ("/find?cpr=720391-4002", "/find?q=Maria%20Pr%C3%B8ve", "Location: /x?n=720391+4002", "S&oslash;ren Fiktiv"):
        assert list(found(secrets, [text]))


def test_the_redaction_is_a_second_net_under_all_of_it():
    assert logs.cleaned(CRASH) == "Maria Prøve, [cpr], Prøvevej 12, 31234.56"
