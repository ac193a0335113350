"""``audit verify`` and ``audit head``: what they say, and how they end."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal import audit
from portal.cli.audit import main
from portal.settings import Settings
from portal.storage.database import Database
from tests.portal.fixtures import MOMENT


@pytest.fixture
def portal_settings(sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that the command finds."""
    monkeypatch.setattr("portal.cli.audit.ready_settings", lambda _environ: sqlite_settings)
    return sqlite_settings


@pytest.fixture
def log(database: Database) -> Database:
    for number in range(3):
        with database.transaction() as session:
            audit.record(session, MOMENT, role="system", actor=None, verb="view", subject=f"case:{number}")
    return database


def tamper(database: Database, trigger: str, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text(statement))


def test_a_log_that_is_right(log: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "3 entries are right.\n"


def test_a_log_that_is_not_says_where(log: Database, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(log, "audit_entry_kept", "UPDATE audit_entry SET verb = 'list' WHERE sequence = 2")
    assert main(["verify"]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("Chain 202600, entry 2 is not what was written there")
    assert last == "2 entries are right; the log has been tampered with."


def test_an_empty_log_is_right(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "0 entries are right.\n"


def test_a_line_kept_outside_finds_what_is_cut_off(log: Database, capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    assert main(["head"]) == 0
    kept = tmp_path / "heads.txt"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["verify", "--against", str(kept)]) == 0
    tamper(log, "audit_entry_there", "DELETE FROM audit_entry")
    tamper(log, "audit_head_there", "DELETE FROM audit_head")
    assert main(["verify"]) == 0
    assert main(["verify", "--against", str(kept)]) == 1
    assert "Chain 202600, entry 3 was there at" in capsys.readouterr().out


def test_no_head_is_given_of_a_log_whose_end_was_changed(log: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with log.engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET sequence = 2"))
    assert main(["head"]) == 1
    said = capsys.readouterr()
    assert (said.out, "chain 202600" in said.err) == ("", True)


@pytest.mark.parametrize("words", [[], ["verify", "--against"], ["something"], ["head", "now"], ["verify", "--against", "/no/such/file"]])
def test_wrong_words_are_told_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err
