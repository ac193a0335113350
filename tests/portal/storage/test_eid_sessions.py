"""Ending sessions by the names the eID has for them, on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import select

from portal.storage.eid_sessions import AlreadySeen, end_sessions, lookups, sweep
from portal.storage.models import WebSession

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=timezone.utc)
EID = {"issuer": "https://broker.example", "subject": "someone", "sid": "one"}


@pytest.fixture
def sessions(database):
    """Two sessions of one account, one of another account, one of the same names at another issuer, one that no eID knows."""
    rows = [EID, {**EID, "sid": "two"}, {**EID, "subject": "other", "sid": "three"}, {**EID, "issuer": "https://other.example"}, None]
    with database.transaction() as work:
        for number, eid in enumerate(rows):
            times = {"created": NOW, "last_seen": NOW, "ends": NOW + timedelta(hours=8)}
            work.add(WebSession(token_hash=bytes([number]) * 32, staff_id=str(number), data={}, **times, **lookups(eid)))


def end(database, token_id="t", **names):
    with database.transaction() as work:
        return end_sessions(work, token_id=token_id, now=NOW, **{**EID, **names})


def ended(database):
    with database.session() as work:
        return work.scalars(select(WebSession.staff_id).where(WebSession.ends <= NOW).order_by(WebSession.staff_id)).all()


@pytest.mark.parametrize(("names", "gone"), [({}, ["0"]), ({"sid": ""}, ["0", "1"]), ({"sid": "", "subject": ""}, []), ({"sid": "x"}, [])])
def test_what_is_named_ends_and_nothing_else(database, sessions, names, gone):
    assert end(database, **names) == len(gone)
    assert ended(database) == gone


def test_one_token_ends_once_however_often_it_comes_at_once(database, sessions):
    barrier = Barrier(4)

    def try_it(_number):
        barrier.wait()
        try:
            return end(database)
        except AlreadySeen:
            return "seen"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(map(str, pool.map(try_it, range(4)))) == ["1", "seen", "seen", "seen"]


def test_a_token_of_another_issuer_may_have_the_same_id(database, sessions):
    end(database)
    with pytest.raises(AlreadySeen):
        end(database, sid="two")
    assert end(database, issuer="https://other.example") == 1
    assert ended(database) == ["0", "3"]
    assert sweep(database, NOW + timedelta(minutes=16)) == 2


def test_what_is_stored_says_nothing_without_the_key(database):
    found = lookups(EID)
    assert {len(value) for value in found.values()} == {32}
    assert found["eid_subject"] != lookups({**EID, "issuer": "https://other.example"})["eid_subject"]
    assert lookups(None) == lookups({}) == {"eid_subject": None, "eid_session": None}
