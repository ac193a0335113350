"""The worker's loop: work first, and what has ended is swept away every few minutes, not only at the start."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.cli.work import SWEEP_SECONDS, run, sweeper
from portal.clock import SystemClock
from portal.storage.models import ParkedPost, SeenLogoutToken, WebSession


class Time:
    """A clock that goes as far as the loop waits."""

    def __init__(self, seconds: float) -> None:
        self.now, self.left = 0.0, seconds

    def __call__(self) -> float:
        return self.now

    def is_set(self) -> bool:
        return self.now >= self.left

    def wait(self, seconds: float) -> None:
        self.now += seconds


class Nothing:
    """A worker with nothing to do."""

    asked = 0

    def once(self) -> int:
        self.asked += 1
        return 0


def test_it_sweeps_at_the_start_and_every_five_minutes():
    swept, time, worker = [], Time(SWEEP_SECONDS * 3 - 10), Nothing()
    run(worker, lambda: swept.append(time.now), time, time)
    assert [round(each / SWEEP_SECONDS) for each in swept] == [0, 1, 2]
    assert worker.asked > 1000


def test_a_busy_worker_sweeps_too_and_does_not_wait():
    time, swept = Time(SWEEP_SECONDS * 2 + 1), []

    class Busy:
        def once(self):
            time.now += 10
            return 5

    run(Busy(), lambda: swept.append(time.now), time, time)
    assert len(swept) == 3


def test_a_sweep_that_fails_is_tried_again_and_stops_nobody():
    time, tries = Time(SWEEP_SECONDS * 2 - 10), []

    def broken():
        tries.append(time.now)
        raise OperationalError("DELETE", {}, Exception("no database"))

    run(Nothing(), broken, time, time)
    assert len(tries) == 2


@pytest.fixture
def remembered(database):
    """Put sessions and kept posts there, ended so long ago; and count them."""
    now = SystemClock().now()

    def put(ended, person_id=None, staff_id=None):
        with database.transaction() as session:
            row = {"token_hash": uuid.uuid4().bytes * 2, "data": {}, "created": now, "last_seen": now, "ends": now - ended}
            session.add(WebSession(**row, person_id=person_id, staff_id=staff_id))
            session.add(ParkedPost(token_hash=uuid.uuid4().bytes * 2, path="/", fields=[], ends=now - ended, owner="x"))

    def count():
        with database.session(reads_only=True) as session:
            return tuple(session.scalar(select(func.count()).select_from(model)) for model in (WebSession, ParkedPost))

    put.count = count
    return put


def test_what_has_ended_goes_and_who_was_logged_in_is_known_some_hours_more(remembered, login, database, portal_settings):
    person = login("sofie").person_id
    remembered(timedelta(minutes=-5))
    remembered(timedelta(minutes=5))
    remembered(timedelta(hours=3), person_id=person)
    remembered(timedelta(hours=3), staff_id="demo#staff")
    remembered(timedelta(hours=30), person_id=person)
    remembered(timedelta(hours=30), staff_id="demo#staff")
    assert remembered.count() == (7, 6)
    sweeper(database, portal_settings)()
    assert remembered.count() == (4, 1)


def test_used_logout_tokens_are_swept_too(database, portal_settings):
    now = SystemClock().now()
    with database.transaction() as session:
        for number, ends in enumerate((now - timedelta(minutes=1), now + timedelta(minutes=1))):
            session.add(SeenLogoutToken(token_index=bytes([number]) * 32, ends=ends))
    sweeper(database, portal_settings)()
    with database.session(reads_only=True) as session:
        assert session.scalars(select(SeenLogoutToken.token_index)).all() == [b"\x01" * 32]
