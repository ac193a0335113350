"""After a whole journey neither the database's files nor the log hold a number, a name or an income that can be read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.registers.demo import demo_homes, demo_persons
from tests.portal.walking import PAYSLIP

FAMILY = ("maria", "anders", "ida", "emil")
TYPED = "Emil skifter til Børnehaven Prøvestenen"


@pytest.fixture
def portal_settings(sqlite_settings):
    """The files of the database are looked at, so this is SQLite's."""
    return sqlite_settings


@pytest.fixture
def journey(visit, worker, records):
    """Maria writes her income by hand, contests a place and sends a paper; Anders approves; letters are sent."""
    maria = visit("maria")
    page = maria.fill_in(
        {
            "household": {"living": "couple:a1"},
            "income": {"use": "no"},
            "payslip": {**PAYSLIP, "gross": "31.234,56", "remark": "Ny stilling hos Fantasifirmaet"},
            "partner-income": {"estimate": "14.321,37"},
            "children": {"right": "no"},
            "correction": {"text": TYPED},
            "other-income": {"kinds": ["rent"]},
            "other-amounts": {"rent": "54.321,89"},
        },
        until="papers",
    )
    maria.browser.post(page.path, {"version": "99", "papers": (io.BytesIO(b"%PDF-1.7 Lejekontrakt Fantasivej %%EOF"), "Lejekontrakt.pdf")})
    maria.walk(maria.open(page.path.replace("/papers", "/check")), {}).press("Send application")
    visit("anders", fresh=True).approve(records.request("maria").id)
    visit("sofie").apply()
    worker.drain()
    maria.open("/my-page/payments")
    maria.open("/my-page")


def secrets():
    """What must not be readable: numbers, names, the street, incomes, and what was typed."""
    people = [demo_persons()[key] for key in (*FAMILY, "sofie")]
    numbers = [form for row in people for form in (row.cpr, f"{row.cpr[:6]}-{row.cpr[6:]}")]
    names = [part for row in people for part in (row.name, row.name.split()[0]) if len(part) > 3]
    # With their point, and names of more than three letters: a few digits or letters stand in ids and in what is sealed by chance.
    incomes = ["31234.56", "31.234", "14321.37", "14.321", "54321.89", "54.321", "18500.00", "14900.00", "25000.00", "300000.00"]
    street = demo_homes()["maria"][0].street
    return [*numbers, *names, *incomes, street, TYPED, "Børnehaven", "Fantasifirmaet", "Lejekontrakt"]


def readable(content: bytes) -> list[str]:
    """Which of the secrets stand in these bytes, in any way of writing text."""
    return [secret for secret in secrets() for encoding in ("utf-8", "utf-16-le", "latin-1") if secret.encode(encoding) in content]


def test_no_file_of_the_database_can_be_read(journey, database, tmp_path):
    files = list(Path(tmp_path).glob("portal.sqlite3*"))
    assert {path.name for path in files} >= {"portal.sqlite3", "portal.sqlite3-wal"}
    # The tables are really in there: what is not secret can be read.
    assert any(b"awaiting_consent" in path.read_bytes() or b"consent_asked" in path.read_bytes() for path in files)
    assert {path.name: readable(path.read_bytes()) for path in files} == {path.name: [] for path in files}


def test_no_file_after_everything_is_written_back_can_be_read(journey, database, tmp_path):
    with database.engine.connect() as connection:
        connection.commit()
        connection.execute(text("COMMIT"))
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    content = (tmp_path / "portal.sqlite3").read_bytes()
    assert b"consent_asked" in content
    assert readable(content) == []


def test_the_log_says_nothing_of_anybody(visit, worker, records, capsys, caplog):
    visit("maria").apply({"household": {"living": "couple:a1"}})
    visit("anders", fresh=True).approve(records.request("maria").id)
    worker.drain()
    said = capsys.readouterr()
    written = (said.out + said.err + caplog.text).encode()
    assert b"request" in written
    assert readable(written) == []


def test_what_is_looked_for_would_be_found():
    assert set(readable(b"noget om 720391-4002 og Maria")) == {"720391-4002", "Maria"}
    assert set(readable("Prøvevej".encode("utf-16-le"))) == {"Prøvevej"}
