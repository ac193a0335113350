"""Entries are written with what they tell of, or not at all, in a chain without gaps; and nothing of ours changes one."""

from __future__ import annotations

import ast
import re
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import writing
from portal.audit.verifying import head_line, verify
from portal.audit.writing import ENTRIES, HEADS, NeverChanged
from portal.storage.database import Database
from portal.storage.models import AuditEntry, Person
from portal.storage.people import ensure_person
from tests.portal.fixtures import MOMENT

ROOT = Path(__file__).resolve().parents[3]


class Broken(Exception):
    """The work ends badly."""


@pytest.fixture
def written(database: Database) -> Callable[[], list[str]]:
    """The subjects that are in the log; the chain is looked at as well."""

    def look() -> list[str]:
        assert verify(database).problems == []
        with database.session(reads_only=True) as session:
            return sorted(session.scalars(select(AuditEntry.subject)))

    return look


def note(session: Session, subject: str, at: datetime = MOMENT) -> None:
    audit.record(session, at, role="system", actor=None, verb="view", subject=subject)


def test_entries_are_written_when_the_work_commits(database: Database, written: Callable[[], list[str]]) -> None:
    with database.transaction() as session:
        note(session, "a")
        note(session, "b")
    with database.session() as session:
        note(session, "c")
        session.commit()
        note(session, "d")
        session.commit()
    assert written() == ["a", "b", "c", "d"]


def test_entries_go_with_what_they_tell_of(database: Database, written: Callable[[], list[str]]) -> None:
    def undone() -> None:
        with database.transaction() as session:
            ensure_person(session, "6101014001", MOMENT)
            note(session, "undone")
            raise Broken

    with pytest.raises(Broken):
        undone()
    with database.session() as session:
        note(session, "rolled back")
        session.rollback()
        note(session, "kept")
        session.commit()
    with database.session() as session:
        note(session, "left")
    with database.session() as session:
        assert session.scalar(select(Person.id)) is None
    assert written() == ["kept"]


def test_an_entry_whose_work_cannot_be_stored_is_not_written(database: Database, written: Callable[[], list[str]]) -> None:
    def fails() -> None:
        with database.transaction() as session:
            note(session, "not stored")
            session.add_all([Person(cpr_index=b"1" * 32, cpr="x", created=MOMENT) for _number in range(2)])

    with pytest.raises(DBAPIError):
        fails()
    assert written() == []


def test_entries_in_savepoints_go_with_their_savepoint(database: Database, written: Callable[[], list[str]]) -> None:
    def undone(session: Session) -> None:
        with session.begin_nested():
            note(session, "undone")
            with session.begin_nested():
                note(session, "released inside undone")
            raise Broken

    with database.transaction() as session:
        note(session, "before")
        with session.begin_nested():
            note(session, "released")
            with pytest.raises(Broken):
                undone(session)
        with pytest.raises(Broken):
            undone(session)
        note(session, "after")
    assert written() == ["after", "before", "released"]


def test_a_commit_with_a_savepoint_left_open_is_loud(database: Database) -> None:
    with database.session() as session:
        root = session.begin()
        session.begin_nested()
        note(session, "a")
        with pytest.raises(RuntimeError, match="savepoint"):
            root.commit()


def test_many_at_once_leave_no_gap(database: Database, written: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    # Two chains, so that writers certainly meet; entries of two years, so that some hold two chains at once.
    monkeypatch.setattr(writing, "LANES", 2)
    years = [datetime(year, 12, 31, 23, tzinfo=timezone.utc) for year in (2026, 2025)]
    failed: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for number in range(5):
                with database.transaction() as session:
                    for at in years if name % 2 else reversed(years):
                        note(session, f"{name}-{number}", at)
        except BaseException as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(written()) == 60
    with database.session() as session:
        assert {chain // 100 for chain in session.scalars(select(HEADS.c.chain))} == {2025, 2026}
    assert verify(database, [head_line(database, MOMENT)]).problems == []


def test_the_database_refuses_to_change_or_remove(database: Database, written: Callable[[], list[str]]) -> None:
    with database.transaction() as session:
        note(session, "a")
    statements = [f"UPDATE audit_entry SET {column.name} = {column.name}" for column in ENTRIES.columns if column.name != "reason"]
    statements += ["DELETE FROM audit_entry", "DELETE FROM audit_head"]
    if not database.is_sqlite:
        statements.append("TRUNCATE audit_entry")
    for statement in statements:
        with pytest.raises(DBAPIError, match="only added to"), database.engine.begin() as connection:
            connection.execute(text(statement))
    assert written() == ["a"]


def test_an_entry_that_is_loaded_cannot_be_changed_or_deleted(database: Database, written: Callable[[], list[str]]) -> None:
    with database.transaction() as session:
        note(session, "a")
    with pytest.raises(NeverChanged), database.transaction() as session:
        session.scalars(select(AuditEntry)).one().verb = "list"
    with pytest.raises(NeverChanged), database.transaction() as session:
        session.delete(session.scalars(select(AuditEntry)).one())
    assert written() == ["a"]


def test_an_entry_that_is_not_chained_cannot_be_added(database: Database) -> None:
    with pytest.raises(DBAPIError), database.transaction() as session:
        session.add(AuditEntry(at=MOMENT, actor_role="system", verb="view", subject="a", id=uuid.uuid4()))


def changes(source: str) -> list[str]:
    """Calls that change or remove rows of the log, by an expression or by a statement."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            about = " ".join(ast.unparse(each) for each in node.args[:1])
            if name in ("update", "delete") and about in ("AuditEntry", "ENTRIES", "AuditEntry.__table__"):
                found.append(ast.unparse(node))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"(?:UPDATE|DELETE FROM|TRUNCATE) +audit_entry\b", node.value)
    return found


def test_no_code_of_ours_changes_or_removes_an_entry() -> None:
    # The migration gives old entries their place in the chain, once.
    known = {"portal/storage/migrations/versions/005_the_audit_chain.py": 1}
    seen = {}
    for folder in ("portal", "forms", "stand_ins", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            number = len(changes(path.read_text(encoding="utf-8")))
            if number:
                seen[str(path.relative_to(ROOT))] = number
    assert seen == known
    assert changes("session.execute(delete(AuditEntry))") == ["delete(AuditEntry)"]
    assert changes("run('DELETE FROM audit_entry WHERE 1')") == ["DELETE FROM audit_entry"]
