"""The command that closes and opens: it knows every name, asks why, and leaves a record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.cli import switch
from portal.clock import COPENHAGEN, SystemClock
from portal.storage.models import AuditEntry
from portal.storage.switches import CONNECTIONS, known_names, read

NAMES = known_names(["free-place"])


@pytest.fixture
def portal_settings(sqlite_settings):
    """What the command does is the same on both engines; what it writes is read on both in test_closed.py."""
    return sqlite_settings


@pytest.fixture
def run(database, capsys):
    """Run the command: its exit status, and what it said."""

    def call(*words):
        status = switch.run(switch._parser().parse_args(words), NAMES, database)
        return status, capsys.readouterr().out

    return call


def entries(database):
    with database.session(reads_only=True) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.subject.like("switch:%")).order_by(AuditEntry.at))
        return [(row.verb, row.subject, row.reason, row.actor_role, row.actor[:6]) for row in rows]


def test_every_application_and_every_connection_has_a_switch(run):
    status, said = run("list")
    assert status == 0
    assert [line.split() for line in said.splitlines()] == [[name, "open"] for name in NAMES]
    assert set(NAMES) == {"application:free-place", *CONNECTIONS}


def test_closing_and_opening_is_told_and_recorded(run, database):
    until = (SystemClock().now() + timedelta(days=1)).astimezone(COPENHAGEN)
    words = (
        "--because",
        "wrong rates",
        "--da",
        "Satserne er forkerte.",
        "--en",
        "The rates are wrong.",
        "--until",
        f"{until:%Y-%m-%d %H:%M}",
    )
    assert run("off", "application:free-place", *words)[0] == 0
    off = read(database)["application:free-place"]
    assert off.words == {"da": "Satserne er forkerte.", "en": "The rates are wrong."}
    assert off.until == until.replace(second=0, microsecond=0)
    assert "CLOSED since" in run("list")[1]
    assert run("on", "application:free-place", "--because", "mended")[0] == 0
    assert run("on", "application:free-place", "--because", "again") == (0, "application:free-place was open already.\n")
    assert read(database) == {}
    assert entries(database) == [
        ("switch_off", "switch:application:free-place", "wrong rates", "system", "shell:"),
        ("switch_on", "switch:application:free-place", "mended", "system", "shell:"),
    ]


def test_closing_again_replaces_the_words(run, database):
    run("off", "letters", "--because", "a", "--da", "x", "--en", "y")
    run("off", "letters", "--because", "b")
    assert (len(read(database)), read(database)["letters"].words) == (1, {})


@pytest.mark.parametrize(
    "words",
    [
        ("off", "application:nobody", "--because", "x"),
        ("on", "letter", "--because", "x"),
        ("off", "letters", "--because", "x", "--da", "kun dansk"),
        ("off", "letters", "--because", "x", "--until", "2020-01-01 08:00"),
    ],
)
def test_what_makes_no_sense_changes_nothing(run, database, words):
    assert run(*words)[0] == 2
    assert (read(database), entries(database)) == ({}, [])


@pytest.mark.parametrize(
    "words", [("off", "letters"), ("off", "letters", "--because", " "), ("off", "letters", "--because", "x", "--until", "soon"), ()]
)
def test_what_cannot_be_understood_ends_with_two(words):
    with pytest.raises(SystemExit) as ended:
        switch._parser().parse_args(words)
    assert ended.value.code == 2
