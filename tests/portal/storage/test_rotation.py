"""Every sealed value ends under the newest key: whatever table it is in, whatever happens meanwhile, and after a stop."""

from __future__ import annotations

import io
import threading
import time
import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import LargeBinary, Uuid, bindparam, create_engine, select, text, type_coerce, update

from portal.cli.rotate_keys import STOPPED, make_bar, run
from portal.clock import SystemClock
from portal.storage import proofs, rotation
from portal.storage.base import Base
from portal.storage.crypto import Keyring, head_of, new_key, use_keyring
from portal.storage.database import Database
from portal.storage.models import AuditEntry, KeyProof, Person
from portal.storage.people import ensure_person

OLD, NEW, INDEX = f"2025a:{new_key()}", f"2026a:{new_key()}", new_key()
BEFORE, AFTER, ALONE = Keyring((OLD,), INDEX), Keyring((NEW, OLD), INDEX), Keyring((NEW,), INDEX)
NUMBERS = [f"72{month:02}914{number:03}" for month in (1, 2, 3) for number in range(20)]


def raw(table, name):
    return type_coerce(table.columns[name], LargeBinary)


@pytest.fixture
def people(database, clock):
    """Sixty people, sealed with the old key; the new one is in use since."""
    use_keyring(BEFORE)
    proofs.remember(database, BEFORE, SystemClock().now())
    with database.transaction() as session:
        ids = [ensure_person(session, number, clock.now()).id for number in NUMBERS]
    use_keyring(AFTER)
    proofs.remember(database, AFTER, SystemClock().now())
    return ids


@pytest.fixture
def postgres_settings(sqlite_settings, postgres_url):
    """Settings for PostgreSQL alone; its tables are gone afterwards."""
    yield replace(sqlite_settings, database_url=postgres_url)
    engine = create_engine(postgres_url)
    Base.metadata.drop_all(engine)
    engine.dispose()


def read(database, ring):
    use_keyring(ring)
    with database.session(reads_only=True) as session:
        return sorted(session.scalars(select(Person.cpr)))


def test_what_was_sealed_with_the_old_key_opens_with_the_new_one_alone(people, database):
    out = io.StringIO()
    assert run(database, AFTER, out) == 0
    assert read(database, ALONE) == sorted(NUMBERS)
    assert "100 percent (60 of 60 rows)" in out.getvalue()
    assert "Nothing is sealed with 2025a any more: it can be taken out" in out.getvalue()
    assert proofs.problems(database, ALONE) == []
    with database.session() as session:
        assert set(session.scalars(select(KeyProof.name))) == {"index", "key:2026a"}
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.verb == "rotate_keys"))
    assert (entry.actor_role, entry.actor, entry.results) == ("system", "rotate-keys", 60)


def test_a_second_time_there_is_nothing_to_do(people, database):
    run(database, AFTER, io.StringIO())
    with database.session() as session:
        before = session.scalars(select(raw(Person.__table__, "cpr")).order_by(Person.id)).all()
    assert rotation.rotate(database, AFTER, lambda _progress: None).sealed == 0
    with database.session() as session:
        assert session.scalars(select(raw(Person.__table__, "cpr")).order_by(Person.id)).all() == before


def test_every_sealed_column_is_found_in_the_models():
    found = {f"{table.name}.{name}" for table, names in rotation.sealed_columns().items() for name in names}
    labels = {each.type.label for table in Base.metadata.sorted_tables for each in table.columns if hasattr(each.type, "label")}
    assert found == labels >= {"person.cpr", "document.content", "letter.pdf", "audit_entry.reason", "web_session.data"}


def made_up(sort):
    """A value of this type, as SQLite has it."""
    samples = {str: "x", int: 1, bool: 0, bytes: b"x" * 32, uuid.UUID: uuid.uuid4().hex, date: "2026-11-21"}
    return samples.get(sort, "2026-11-21 10:00:00.000000")


def test_each_sealed_column_of_each_table_is_sealed_anew(sqlite_settings):
    """A row in every table, put there by hand whatever else it needs, so that a new column is tried by itself."""
    use_keyring(BEFORE)
    database = Database(sqlite_settings.database_url)
    Base.metadata.create_all(database.engine)
    connection = database.engine.raw_connection()
    connection.execute("PRAGMA foreign_keys=OFF")
    for table, names in rotation.sealed_columns().items():
        values = {
            each.name: BEFORE.encrypt(b'"told"', f"{table.name}.{each.name}") if each.name in names else made_up(each.type.python_type)
            for each in table.columns
        }
        marks = ", ".join("?" for _ in values)
        columns = ", ".join(f'"{name}"' for name in values)
        connection.execute(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', list(values.values()))
    connection.close()
    assert run(database, AFTER, io.StringIO()) == 0
    with database.engine.connect() as reading:
        for table, names in rotation.sealed_columns().items():
            for name in names:
                value = reading.scalar(select(raw(table, name)).order_by(raw(table, name).desc()).limit(1))
                assert ALONE.decrypt(value, f"{table.name}.{name}") == b'"told"'
    database.close()


def test_stopped_half_way_it_says_so_and_goes_on_where_it_was(people, database):
    def stop(progress):
        if progress.done:
            raise KeyboardInterrupt

    out = io.StringIO()
    assert run(database, AFTER, out, stop) == STOPPED
    assert "Stopped. 25 values are sealed anew. Run the command again to go on" in out.getvalue()
    assert read(database, AFTER) == sorted(NUMBERS)
    assert proofs.problems(database, ALONE) != []
    again = rotation.rotate(database, AFTER, lambda _progress: None)
    assert (again.rows, again.sealed) == (35, 35)


def test_what_is_written_meanwhile_is_kept(people, database):
    """The row was listed for sealing, then somebody else changed it, and another was removed."""
    rows = sorted(people, key=str)

    def meanwhile(progress):
        if progress.done != rotation.MOST_ROWS:
            return
        with database.transaction() as session:
            session.execute(update(Person).where(Person.id == rows[-1]).values(cpr="7211914999"))
            session.execute(text("DELETE FROM person WHERE id = :id").bindparams(bindparam("id", type_=Uuid())), {"id": rows[-2]})

    use_keyring(BEFORE)
    assert rotation.rotate(database, AFTER, meanwhile).done == 60
    with database.session() as session:
        assert rotation.keys_in_use(session, AFTER) == {"2026a"}
    told = read(database, ALONE)
    assert (len(told), "7211914999" in told) == (59, True)


@pytest.mark.postgres
def test_a_row_that_somebody_is_writing_is_waited_for(postgres_settings):
    """Two connections: the writer holds the row while the rotation comes to it, and its value is the one that stays."""
    use_keyring(BEFORE)
    database = Database(postgres_settings.database_url)
    Base.metadata.create_all(database.engine)
    now = SystemClock().now()
    with database.transaction() as session:
        person_id = ensure_person(session, NUMBERS[0], now).id
    turning = threading.Thread(target=rotation.rotate, args=(database, AFTER, lambda _progress: None))
    with database.transaction() as writer:
        writer.execute(update(Person).where(Person.id == person_id).values(cpr="7211914999"))
        turning.start()
        wait_until_blocked(database)
    turning.join(20)
    assert read(database, ALONE) == ["7211914999"]
    database.close()


def wait_until_blocked(database):
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with database.engine.connect() as connection:
            if connection.scalar(waiting):
                return
        time.sleep(0.02)
    raise AssertionError("the rotation did not wait for the row")


def test_a_value_that_does_not_open_is_left_and_told_and_its_key_kept(people, database):
    with database.engine.begin() as connection:
        bad = head_of("2025a") + b"no sealed value at all, but long enough"
        connection.execute(text("UPDATE person SET cpr = :bad WHERE id = :id").bindparams(bindparam("id", people[0], Uuid())), {"bad": bad})
    out = io.StringIO()
    assert run(database, AFTER, out) == 1
    assert "1 in person.cpr did not open and are left as they are" in out.getvalue()
    assert "Still in use: 2025a." in out.getvalue()
    assert proofs.problems(database, ALONE) != []


def test_on_a_terminal_a_bar_fills():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    out = Terminal()
    tell = make_bar(out)
    tell(rotation.Progress(4, done=0, table="draft"))
    tell(rotation.Progress(4, done=2, table="letter"))
    assert f"\r[{'#' * 15}{'.' * 15}]  50 percent letter" in out.getvalue()
