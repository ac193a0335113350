"""The counts in our database behave as the library's own store does, and hold nobody's address or name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from limits import parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import FixedClock, SystemClock
from portal.storage import counting
from portal.storage.database import Database
from portal.storage.models import TryCount


@pytest.fixture(params=["memory", "database"])
def store(request, database):
    return MemoryStorage() if request.param == "memory" else storage_from_string("portal://", database=database)


def test_a_store_counts_each_key_by_itself_until_it_is_cleared(store):
    assert [store.incr("a", 60), store.incr("a", 60), store.incr("b", 60, 5)] == [1, 2, 5]
    assert (store.get("a"), store.get("b"), store.get("c")) == (2, 5, 0)
    now = SystemClock().now().timestamp()
    assert now + 55 < store.get_expiry("a") <= now + 61
    store.clear("a")
    assert (store.get("a"), store.get("b"), store.check()) == (0, 5, True)
    store.reset()
    assert store.get("b") == 0


def test_a_limit_stands_on_either_store(store):
    limiter, limit = FixedWindowRateLimiter(store), parse("3 per hour")
    assert [limiter.hit(limit, "x") for _time in range(5)] == [True, True, True, False, False]
    assert limiter.hit(limit, "y")


def test_a_window_is_over_when_its_time_is_and_not_later_for_more_tries(database):
    clock = FixedClock(SystemClock().now())
    store = counting.CountsInDatabase(database=database, clock=clock)
    store.incr("a", 60)
    clock.move(seconds=59)
    assert store.incr("a", 60) == 2
    clock.move(seconds=2)
    assert store.get("a") == 0
    assert store.incr("a", 60) == 1


def test_what_is_stored_names_nobody(database):
    storage_from_string("portal://", database=database).incr("LIMITER/192.0.2.77/session.login", 60)
    with database.session(reads_only=True) as session:
        rows = session.execute(text("SELECT * FROM try_count")).all()
    assert len(rows) == 1
    assert "192.0.2.77" not in repr(rows)
    assert b"192.0.2.77" not in bytes(rows[0][0])


def test_what_is_over_is_swept_and_the_rest_stays(database):
    clock = FixedClock(SystemClock().now())
    store = counting.CountsInDatabase(database=database, clock=clock)
    store.incr("short", 60)
    store.incr("long", 3600)
    assert counting.sweep(database, clock.now() + timedelta(minutes=2)) == 1
    with database.session(reads_only=True) as session:
        assert session.scalar(select(func.count()).select_from(TryCount)) == 1


def test_a_store_that_is_away_says_so(tmp_path):
    away = Database(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3")
    store = storage_from_string("portal://", database=away)
    assert store.check() is False
    with pytest.raises(SQLAlchemyError):
        store.incr("a", 60)
    away.close()
