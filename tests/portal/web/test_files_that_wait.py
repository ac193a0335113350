"""The scanner is down: the application goes through, nobody can open the file, and the worker scans it later."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal.cases.scanning import FileScanner
from portal.journey.clamav import ClamAV
from portal.journey.uploads import TEST_VIRUS
from portal.outbox import rows
from portal.outbox.worker import Worker
from portal.storage.models import AuditEntry, Document
from tests.servers import clamd

RENT = {"other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000"}}
PAPER = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def portal_settings(sqlite_settings):
    """Nothing here depends on the engine."""
    return sqlite_settings


@pytest.fixture
def sent(visit, portal_app, portal_parts):
    """Sofie has sent an application with one paper while clamd was down: what was in it is the test's."""

    def send(content):
        portal_app.extensions["portal"] = replace(portal_parts, scanner=ClamAV(clamd.nobody()))
        walker = visit("sofie")
        page = walker.fill_in(RENT, until="papers")
        answer = walker.browser.post(page.path, {"version": "99", "papers": (io.BytesIO(content), "Lejekontrakt.pdf")})
        assert answer.status_code == 303
        receipt = walker.walk(walker.open(page.path), {}).press("Send application")
        assert "/receipt/" in receipt.path
        return walker

    return send


@pytest.fixture
def scan_later(database, clock):
    """A worker that does nothing but scan, with a clamd at this address."""

    def scan(address, **moved):
        clock.move(**moved)
        Worker(database, clock, {"scan": FileScanner(ClamAV(address), clock), "decide": lambda _job: None}).drain()

    return scan


def file_of(database):
    with database.session() as session:
        return session.scalars(select(Document).options(undefer(Document.content))).one()


def test_it_cannot_be_opened_before_it_was_scanned_and_can_after(sent, scan_later, database, staff_login, records):
    sent(PAPER)
    file, case = file_of(database), records.case("sofie")
    assert file.scan == "waiting"
    staff = staff_login("karen")
    page, document = f"/back-office/cases/{case.id}", f"/back-office/cases/{case.id}/documents/{file.id}"
    assert "waits to be scanned for viruses" in staff.get(page).text
    assert (staff.get(document).status_code, document in staff.get(page).text) == (404, False)
    scan_later(clamd.nobody(), seconds=1)
    assert file_of(database).scan == "waiting"
    with clamd.running() as server:
        scan_later(server.address, hours=1)
    assert file_of(database).scan == "clean"
    assert (staff.get(document).status_code, staff.get(document).data) == (200, PAPER)


def test_an_infected_one_is_emptied_and_both_sides_are_told(sent, scan_later, database, staff_login, records):
    walker = sent(PAPER + TEST_VIRUS)
    with clamd.running() as server:
        scan_later(server.address, seconds=1)
    file, case = file_of(database), records.case("sofie")
    assert (file.scan, file.content) == ("infected", b"")
    staff = staff_login("karen")
    assert "infected with a virus, removed and not shown" in staff.get(f"/back-office/cases/{case.id}").text
    assert staff.get(f"/back-office/cases/{case.id}/documents/{file.id}").status_code == 404
    told = walker.open(f"/my-page/cases/{case.id}").text
    assert "We have removed a file with a virus" in told
    assert "Lejekontrakt.pdf" in told
    with database.session() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.verb == "remove_infected"))
    assert (entry.actor_role, entry.person_id, entry.case_id) == ("system", case.person_id, case.id)


def test_a_file_is_not_forgotten_when_the_scanner_is_down_for_days(sent, scan_later, database):
    sent(PAPER)
    for _hour in range(rows.MAX_ATTEMPTS + 3):
        scan_later(clamd.nobody(), hours=2)
    assert file_of(database).scan == "waiting"
    with clamd.running() as server:
        scan_later(server.address, hours=2)
    assert file_of(database).scan == "clean"


def test_on_the_page_of_papers_an_infected_one_is_told_before_it_is_sent(visit, portal_app, portal_parts, scan_later):
    portal_app.extensions["portal"] = replace(portal_parts, scanner=ClamAV(clamd.nobody()))
    walker = visit("sofie")
    page = walker.fill_in(RENT, until="papers")
    walker.browser.post(page.path, {"version": "99", "papers": (io.BytesIO(PAPER + TEST_VIRUS), "Lejekontrakt.pdf")})
    with clamd.running() as server:
        scan_later(server.address, seconds=1)
    assert "It has a virus" in walker.open(page.path).text
