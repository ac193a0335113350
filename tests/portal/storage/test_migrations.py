"""Migrations: from empty they make what the models say, one revision after the other, on both engines, and again changes nothing."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import datetime, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.exc import DBAPIError

from portal import audit
from portal.audit.verifying import verify
from portal.storage.base import Base
from portal.storage.crypto import Keyring, keyring, new_key, use_keyring
from portal.storage.database import Database
from portal.storage.migrations import current, migrate, revisions
from portal.storage.models import AuditEntry


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request, tmp_path):
    """A database with nothing in it."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = Database(url)
    yield made
    found = MetaData()
    found.reflect(made.engine)
    found.drop_all(made.engine)
    made.close()


def differences(database):
    """What the models say and the tables do not, or the other way round."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, Base.metadata)


def test_from_empty_the_tables_are_what_the_models_say(empty):
    before, after = migrate(empty)
    assert (before, after) == (None, revisions()[-1])
    assert differences(empty) == []


def test_a_model_that_no_migration_knows_is_seen(empty):
    migrate(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("DROP TABLE payment_hold"))
        connection.execute(text("ALTER TABLE letter DROP COLUMN accepted"))
    assert {change[0] for change in differences(empty)} >= {"add_table", "add_column"}


def test_every_revision_follows_from_the_one_before(empty):
    for revision in revisions():
        assert migrate(empty, revision)[1] == revision
    assert differences(empty) == []


def test_the_constraints_that_keep_once_once_are_there(empty):
    migrate(empty)
    found = inspect(empty.engine)

    def unique(table):
        named = [tuple(each["column_names"]) for each in found.get_unique_constraints(table)]
        return {*named, *(tuple(each["column_names"]) for each in found.get_indexes(table) if each["unique"])}

    for table, columns in {
        "application": ("submit_key",),
        "draft": ("submit_key",),
        "outbox": ("key",),
        "letter": ("message_uuid",),
        "mailbox_message": ("message_uuid",),
        "case": ("application_id",),
        "case_event": ("case_id", "sequence"),
        "audit_entry": ("chain", "sequence"),
        "decision": ("case_id", "sequence"),
        "invoice": ("person_id", "month", "revision"),
        "person": ("cpr_index",),
    }.items():
        assert columns in unique(table), table


def test_migrating_again_changes_nothing(empty):
    migrate(empty)
    assert migrate(empty) == (revisions()[-1], revisions()[-1])
    assert current(empty) == revisions()[-1]


def test_sqlite_is_as_safe_as_it_is_said_to_be(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    with database.engine.connect() as connection:
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_sqlite_file_is_copied_before_it_is_changed(tmp_path, monkeypatch):
    path = tmp_path / "portal.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '000'"))
    monkeypatch.setattr("portal.storage.migrations.command.upgrade", lambda *_: None)
    migrate(database)
    database.close()
    (copy,) = tmp_path.glob("portal.sqlite3.before-*")
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT version_num FROM alembic_version").fetchone() == ("000",)
    opened.close()


def test_entries_older_than_the_chain_get_their_place_in_it(empty):
    use_keyring(Keyring((f"test:{new_key()}",), new_key()))
    migrate(empty, "004")
    columns = "id, at, actor_role, actor, verb, subject, results, reason"
    rows = [(uuid.uuid4(), year, subject) for year, subject in ((2026, "b"), (2025, "a"), (2026, "c"))]
    with empty.engine.begin() as connection:
        for number, (entry, year, subject) in enumerate(rows):
            values = {
                "id": entry.hex,
                "at": f"{year}-11-21 10:00:0{number}.000000+00:00" if not empty.is_sqlite else f"{year}-11-21 10:00:0{number}.000000",
                "subject": subject,
                "reason": keyring().encrypt(b"why", "audit_entry.reason") if number == 1 else None,
            }
            statement = f"INSERT INTO audit_entry ({columns}) VALUES (:id, :at, 'system', NULL, 'view', :subject, 3, :reason)"
            connection.execute(text(statement), values)
    migrate(empty)
    report = verify(empty)
    assert (report.right, report.problems) == (3, [])
    with empty.session(reads_only=True) as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.sequence)).all()
    assert [(each.chain, each.sequence, each.subject, each.reason) for each in found] == [
        (202500, 1, "a", "why"),
        (202600, 1, "b", None),
        (202600, 2, "c", None),
    ]
    with empty.transaction() as session:
        audit.record(session, found[-1].at, role="system", actor=None, verb="view", subject="d")
    assert verify(empty).problems == []


def test_the_newest_form_refuses_to_change_or_remove_an_audit_entry(empty):
    use_keyring(Keyring((f"test:{new_key()}",), new_key()))
    migrate(empty)
    with empty.transaction() as session:
        audit.record(session, datetime.now(timezone.utc), role="system", actor=None, verb="view", subject="a")
    for statement in ("UPDATE audit_entry SET verb = 'list'", "DELETE FROM audit_entry", "DELETE FROM audit_head"):
        with pytest.raises(DBAPIError, match="only added to"), empty.engine.begin() as connection:
            connection.execute(text(statement))
