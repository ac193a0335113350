"""What is sealed opens with its own key in its own column, and with nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from portal.storage.crypto import KeyProblem, Keyring, new_key, use_keyring
from portal.storage.models import Person
from portal.storage.people import ensure_person, find_person

OLD, NEW, INDEX = f"old:{new_key()}", f"new:{new_key()}", new_key()
RING = Keyring((OLD,), INDEX)


@given(st.binary(max_size=2000), st.text(min_size=1, max_size=40))
def test_what_is_sealed_opens_again(plain, column):
    sealed = RING.encrypt(plain, column)
    assert RING.decrypt(sealed, column) == plain
    assert len(plain) < 8 or plain not in sealed


def test_the_same_value_is_sealed_differently_each_time():
    assert RING.encrypt(b"7203914002", "person.cpr") != RING.encrypt(b"7203914002", "person.cpr")


@given(st.data())
def test_a_changed_value_does_not_open(data):
    sealed = bytearray(RING.encrypt(b"7203914002", "person.cpr"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((KeyProblem, IndexError)):
        RING.decrypt(bytes(sealed), "person.cpr")


def test_a_value_moved_to_another_column_does_not_open():
    with pytest.raises(KeyProblem):
        RING.decrypt(RING.encrypt(b"7203914002", "person.cpr"), "letter.content")


def test_another_key_of_the_same_name_does_not_open_it():
    other = Keyring((f"old:{new_key()}",), INDEX)
    with pytest.raises(KeyProblem, match="does not open"):
        other.decrypt(RING.encrypt(b"7203914002", "person.cpr"), "person.cpr")


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key():
    rotated = Keyring((NEW, OLD), INDEX)
    assert rotated.decrypt(RING.encrypt(b"7203914002", "person.cpr"), "person.cpr") == b"7203914002"
    with pytest.raises(KeyProblem, match="not in PORTAL_ENCRYPTION_KEYS"):
        RING.decrypt(rotated.encrypt(b"7203914002", "person.cpr"), "person.cpr")


def test_a_key_thrown_away_too_early_is_told_without_the_value():
    with pytest.raises(KeyProblem) as told:
        Keyring((NEW,), INDEX).decrypt(RING.encrypt(b"7203914002", "person.cpr"), "person.cpr")
    assert "7203914002" not in str(told.value)


def test_the_index_finds_and_says_nothing():
    assert RING.index("cpr", "7203914002") == RING.index("cpr", "7203914002")
    assert RING.index("cpr", "7203914002") != RING.index("other", "7203914002")
    assert RING.index("cpr", "7203914002") != Keyring((OLD,), new_key()).index("cpr", "7203914002")


@pytest.mark.parametrize(
    "keys", [(), ("noid",), (":" + new_key(),), ("a:short",), ("a:" + new_key(), "a:" + new_key()), ("a:not base64!",)]
)
def test_keys_that_are_none_are_refused(keys):
    with pytest.raises(KeyProblem):
        Keyring(keys, INDEX)


def test_a_person_is_found_after_a_rotation_and_not_with_a_wrong_index_key(database, clock):
    use_keyring(Keyring((OLD,), INDEX))
    with database.transaction() as session:
        person_id = ensure_person(session, "7203914002", clock.now()).id
    use_keyring(Keyring((NEW, OLD), INDEX))
    with database.session() as session:
        assert find_person(session, "7203914002").id == person_id
        assert session.scalars(select(Person)).one().cpr == "7203914002"
    use_keyring(Keyring((NEW, OLD), new_key()))
    with database.session() as session:
        assert find_person(session, "7203914002") is None


def test_a_row_changed_in_the_database_is_not_read_as_if_it_were_right(database, clock):
    with database.transaction() as session:
        ensure_person(session, "7203914002", clock.now())
    with database.engine.begin() as raw:
        (sealed,) = raw.execute(text("SELECT cpr FROM person")).fetchone()
        raw.execute(text("UPDATE person SET cpr = :cpr"), {"cpr": sealed[:-1] + bytes([sealed[-1] ^ 1])})
    with database.session() as session, pytest.raises(KeyProblem):
        session.scalars(select(Person)).one()
