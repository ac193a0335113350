"""A missing or wrong key stops whatever would start, with a line that says which; what stands in the database is left alone."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text

from portal import create_app
from portal.cli import check, rotate_keys, work
from portal.cli import migrate as migrate_verb
from portal.clock import SystemClock
from portal.readiness import NotReady
from portal.settings import load_settings
from portal.storage import proofs
from portal.storage.crypto import Keyring, new_key, use_keyring
from portal.storage.database import Database
from portal.storage.models import KeyProof
from portal.storage.people import ensure_person

OLD, NEW, INDEX = new_key(), new_key(), new_key()
GONE = "Values are sealed with the key 2025a, which is not in PORTAL_ENCRYPTION_KEYS."
WRONG = "The key 2025a in PORTAL_ENCRYPTION_KEYS is not the one that values are sealed with."
OTHER_INDEX = "PORTAL_INDEX_KEY is not the one this database was begun with."
NOT_MIGRATED = "The database is empty or of an older form. Run python -m portal migrate first."


@pytest.fixture
def environ(tmp_path, monkeypatch):
    """A demo's settings in the environment, with a database that has been begun."""
    eid = {
        f"PORTAL_{who}_{name}": value
        for who in ("EID", "STAFF")
        for name, value in (("ISSUER", f"http://127.0.0.1:9/{who.lower()}"), ("CLIENT_ID", "portal"), ("CLIENT_SECRET", "s" * 40))
    }
    told = {
        "PORTAL_DEMO": "1",
        "PORTAL_SECRET_KEY": new_key(),
        "PORTAL_ENCRYPTION_KEYS": f"2025a:{OLD}",
        "PORTAL_INDEX_KEY": INDEX,
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "PORTAL_BASE_URL": "http://127.0.0.1:8000",
        "PORTAL_VAR": str(tmp_path / "var"),
        **eid,
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


@pytest.fixture
def begun(environ):
    """The database as `migrate` leaves it."""
    assert migrate_verb.main([]) == 0
    return environ


def start_the_web(environ):
    create_app(environ).extensions["portal"].database.close()


def start_the_worker(_environ):
    work.main([])


def start_a_migration(_environ):
    migrate_verb.main([])


def start_a_rotation(_environ):
    rotate_keys.main([])


EVERYTHING = [start_the_web, start_the_worker, start_a_migration, start_a_rotation]


def with_keys(monkeypatch, environ, **changed):
    for name, value in changed.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    return {**environ, **{f"PORTAL_{name}": value for name, value in changed.items()}}


WRONG_KEYS = [
    ({"ENCRYPTION_KEYS": f"2026a:{NEW}"}, GONE),
    ({"ENCRYPTION_KEYS": f"2025a:{NEW}"}, WRONG),
    ({"ENCRYPTION_KEYS": f"2026a:{NEW} 2025a:{NEW}"}, WRONG),
    ({"INDEX_KEY": NEW}, OTHER_INDEX),
]


@pytest.mark.parametrize("start", EVERYTHING)
def test_nothing_starts_with_a_missing_or_wrong_key(start, begun, monkeypatch):
    for changed, told in WRONG_KEYS:
        with monkeypatch.context() as patch:
            environ = with_keys(patch, begun, **changed)
            with pytest.raises(NotReady) as stopped:
                start(environ)
        assert stopped.value.problems == [told]
    database = Database(begun["PORTAL_DATABASE_URL"])
    with database.session() as session:
        assert set(session.scalars(select(KeyProof.name))) == {"index", "key:2025a"}
    database.close()


def test_check_says_the_same(begun, monkeypatch, capsys):
    monkeypatch.setattr(check, "issuer_problems", lambda *_args, **_kwargs: [])
    assert check.main([]) == 0
    with_keys(monkeypatch, begun, ENCRYPTION_KEYS=f"2026a:{NEW}")
    assert check.main([]) == 1
    assert f"Stops the portal: {GONE}" in capsys.readouterr().out


@pytest.mark.parametrize("start", [start_the_web, start_the_worker, start_a_rotation])
def test_a_database_that_is_not_migrated_is_one_line(start, environ):
    with pytest.raises(NotReady) as stopped:
        start(environ)
    assert stopped.value.problems == [NOT_MIGRATED]


def test_a_database_of_an_older_form_is_told_too(begun):
    database = Database(begun["PORTAL_DATABASE_URL"])
    with database.engine.begin() as raw:
        raw.execute(text("UPDATE alembic_version SET version_num = '001'"))
    database.close()
    with pytest.raises(NotReady, match="older form"):
        start_the_web(begun)


def test_a_database_that_does_not_answer_is_one_line_without_its_password(begun, monkeypatch):
    environ = with_keys(monkeypatch, begun, DATABASE_URL="postgresql+psycopg://portal:hemmelig@127.0.0.1:9/portal")
    with pytest.raises(NotReady) as stopped:
        start_the_web(environ)
    assert stopped.value.problems == ["The database does not answer (OperationalError)."]


def test_a_new_first_key_is_proven_from_its_first_start(begun, monkeypatch):
    start_the_web(with_keys(monkeypatch, begun, ENCRYPTION_KEYS=f"2026a:{NEW} 2025a:{OLD}"))
    with pytest.raises(NotReady, match="sealed with the key 2026a"):
        start_the_web(with_keys(monkeypatch, begun, ENCRYPTION_KEYS=f"2025a:{OLD}"))


def test_a_database_from_before_there_were_proofs_is_tried_with_a_person(begun):
    settings = load_settings(begun)
    use_keyring(Keyring(settings.encryption_keys, settings.index_key))
    database = Database(settings.database_url)
    with database.transaction() as session:
        ensure_person(session, "7203914002", SystemClock().now())
        session.execute(delete(KeyProof))
    for keys, index, told in [
        (f"2025a:{OLD}", INDEX, []),
        (f"2026a:{NEW}", INDEX, [GONE]),
        (f"2025a:{NEW}", INDEX, [WRONG]),
        (f"2025a:{OLD}", NEW, [OTHER_INDEX]),
    ]:
        assert [f"{line}." for line in proofs.problems(database, Keyring((keys,), index))] == told
    database.close()


def test_two_that_begin_at_once_both_begin(database):
    ring = Keyring((f"2025a:{OLD}",), INDEX)
    seen, whole = [], database.transaction

    def overtaken():
        if not seen:
            seen.append(1)
            proofs.remember(database, ring, SystemClock().now())
        return whole()

    database.transaction = overtaken
    proofs.remember(database, ring, SystemClock().now())
    database.transaction = whole
    assert proofs.problems(database, ring) == []
