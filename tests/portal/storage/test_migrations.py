"""Migrations: from empty they make what the models say, one revision after the other, on both engines, and again changes nothing."""

from __future__ import annotations

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text

from portal.storage.base import Base
from portal.storage.database import Database
from portal.storage.migrations import current, migrate, revisions


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
