"""That the measuring measures: with very little of everything, and no word on how quick anything is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from benchmarks import journey, wire
from benchmarks.asking import Connection
from benchmarks.batches import measure_pages
from benchmarks.inside import Inside
from benchmarks.pages import BARE, HELLO, Page, pages_of
from benchmarks.people import log_in
from benchmarks.processes import CannotMeasure, running, wait_for
from benchmarks.report import Row, heading, table
from benchmarks.run import page_row
from benchmarks.seeding import MONTHS, Seeded, quiet_worker, seed
from portal.cli.demo_settings import HOST, free_port
from portal.months import Month
from portal.payments import bills
from portal.storage.models import Case, Decision
from portal.web.parts import Parts

MANY = 30
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def seeded(portal_parts: Parts) -> Seeded:
    """What a run has in its database, with fewer cases."""
    return seed(portal_parts, MANY)


@pytest.fixture
def port(portal_app: Flask) -> Iterator[int]:
    """The portal behind a port, in this process."""
    server = make_server(HOST, free_port(23_000), portal_app)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    server.server_close()


def test_there_is_a_family_with_three_cases_and_a_year_of_bills(portal_parts: Parts, seeded: Seeded) -> None:
    with portal_parts.database.session(reads_only=True) as session:
        billed = bills.newest(session, seeded.family.person_id)
        assert list(billed) == [Month(2025, 12).plus(number) for number in range(MONTHS)]
        assert all(bill.due < date(2026, 11, 21) for bill in billed.values() if bill.paid)
        states = [case.state for case in session.query(Case).filter_by(person_id=seeded.family.person_id)]
        assert sorted(states) == ["awaiting_consent", "executed", "withdrawn"]
        assert session.query(Case).filter_by(person_id=seeded.busy.person_id).count() == MANY


def test_every_page_is_what_it_should_be_and_its_statements_are_counted(portal_parts: Parts, seeded: Seeded) -> None:
    inside = Inside(portal_parts)
    counts = [(page.name, page.who is None, inside.statements(page)) for page in pages_of(seeded)]
    assert all((count == 0) == anybody for _name, anybody, count in counts), counts


def test_a_page_that_is_not_what_it_should_be_is_not_measured(portal_parts: Parts) -> None:
    with pytest.raises(CannotMeasure, match="status 302 and not 200"):
        Inside(portal_parts).ask(Page("somebody's own", "/my-page"))


def test_cpu_of_the_workers_is_measured(tmp_path: Path) -> None:
    port = free_port(23_500)
    environ = os.environ | {"HOST": HOST, "PORT": str(port), "PORTAL_WEB_WORKERS": "1", "PYTHONWARNINGS": "ignore"}
    with running("bare", ["-m", "benchmarks.bare"], environ, tmp_path) as bare:
        wait_for(bare, f"http://{HOST}:{port}/hello")
        found = measure_pages([HELLO, BARE], bare, bare, (port, port), requests=15, batches=1)
    # 15 pages are more than one tick of 10 ms; 45 times hello may be none.
    assert found[BARE.name] > 0
    assert 0 <= found[HELLO.name] < found[BARE.name]
    assert bare.process.poll() is not None


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(CannotMeasure, match=r"broken ended\n--- broken wrote last:\n.*No module named benchmarks.not_there"):
        with running("broken", ["-m", "benchmarks.not_there"], dict(os.environ), tmp_path) as broken:
            wait_for(broken, f"http://{HOST}:1/")


def test_a_whole_application_is_gone_through_and_can_be_forgotten(portal_parts: Parts, port: int) -> None:
    people = [log_in(portal_parts, key) for key in ("maria", "anders")]
    for _time in range(2):
        journey.forget(portal_parts, people)
        with Connection(port) as connection:
            walkers = [journey.Walker(connection, who) for who in people]
            journey.apply(walkers[0], journey.COUPLE)
            journey.approve(walkers[1])
            quiet_worker(portal_parts).drain()
            journey.look(walkers[0])
        with portal_parts.database.session(reads_only=True) as session:
            assert session.query(Decision).count() == 1
        assert min(walker.requests for walker in walkers) >= 4


def test_bytes_are_counted_with_headers_styles_and_fonts(portal_parts: Parts, port: int, seeded: Seeded) -> None:
    sizes = wire.first_page(port)
    kinds = {Path(address.partition("?")[0]).suffix for address in sizes}
    assert {"", ".css", ".js", ".woff2"} <= kinds
    assert all(size > 100 for size in sizes.values())
    # Compressed once, when the portal starts: a style sheet comes smaller than it lies there.
    styles = next(address for address in sizes if "dkfds.min.css" in address)
    assert sizes[styles] < (ROOT / "static/vendor/dkfds-11.2.0/css/dkfds.min.css").stat().st_size / 3
    later = wire.later_pages(port, pages_of(seeded))
    assert "step GET: payslip, six fields" in later
    assert not any("POST" in name for name in later)


def test_the_table_says_over_in_words() -> None:
    page = Page("a page", "/", limit=4)
    times = {HELLO.name: 0.5, BARE.name: 1.0}
    assert page_row(page, {**times, page.name: 1.9}, {}).verdict == "ok"
    assert page_row(page, {**times, page.name: 2.1}, {}).verdict == "OVER"
    assert page_row(page, {HELLO.name: 1.0, BARE.name: 3.0, page.name: 4.5}, {}).verdict == "OVER"
    text = table([page_row(page, {**times, page.name: 2.1}, {BARE.name: 6e6, page.name: 12e6}), Row("bytes", "1 KB")])
    assert "| a page" in text
    assert "2.10 ms" in text
    assert "OVER" in text
    assert len({len(line) for line in text.splitlines()}) == 1


def test_the_heading_says_when_where_and_with_what() -> None:
    assert "Python 3." in heading("SQLite")
    assert "cores" in heading("SQLite")
    assert "SQLite" in heading("SQLite")
