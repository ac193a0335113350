"""The outbox: asked for once, done by one, done again by another when the first died, and never twice as far as anyone can see."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import select

from portal.cases.mailbox_store import DatabaseMailbox
from portal.cases.sending import LetterSender
from portal.outbox import rows
from portal.outbox.worker import NeedsHelp, TryLater, Worker
from portal.post.mailbox import EmbeddedMailbox
from portal.storage.models import MailboxMessage, OutboxRow
from tests.portal.fixtures import SINGLE
from tests.portal.post.misbehaving import MisbehavingChannel


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


@pytest.fixture
def put(database, clock):
    """Ask for work of a kind on somebody; gives the subject."""

    def ask(kind="work", **extra):
        subject = uuid.uuid4()
        with database.transaction() as session:
            rows.put(session, kind, subject, clock.now(), **extra)
        return subject

    return ask


@pytest.fixture
def row(database):
    """The only row of the outbox."""

    def find():
        with database.session(reads_only=True) as session:
            return session.scalars(select(OutboxRow)).one()

    return find


def test_the_same_work_asked_for_twice_is_one_row(database, clock, row):
    subject = uuid.uuid4()
    for _time in range(2):
        with database.transaction() as session:
            rows.put(session, "letter", subject, clock.now())
    assert row().subject == str(subject)


def test_work_that_was_rolled_back_with_its_reason_was_never_asked_for(database, clock):
    with database.session() as session:
        rows.put(session, "letter", uuid.uuid4(), clock.now())
        session.flush()
        session.rollback()
    with database.session(reads_only=True) as session:
        assert session.scalars(select(OutboxRow)).all() == []


def test_many_workers_at_once_do_each_row_once(database, clock, put):
    wanted = {put() for _number in range(40)}
    done = []
    barrier = Barrier(4)

    def run(number):
        worker = Worker(database, clock, {"work": lambda job: done.append(job.subject)}, name=f"worker-{number}")
        barrier.wait()
        worker.drain()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))

    assert sorted(done) == sorted(wanted)


def test_work_is_left_until_it_is_due(database, clock, put):
    done = []
    put(due=clock.now() + timedelta(hours=1))
    worker = Worker(database, clock, {"work": lambda job: done.append(job.subject)})
    worker.drain()
    assert not done
    clock.move(hours=1)
    worker.drain()
    assert len(done) == 1


def test_work_that_cannot_be_done_now_is_tried_again_later_and_ever_more_rarely(database, clock, put, row):
    put()
    tries = []

    def handler(job):
        tries.append(clock.now())
        raise TryLater("closed")

    worker = Worker(database, clock, {"work": handler})
    for _minute in range(40):
        worker.drain()
        clock.move(seconds=5)

    waits = [(late - early).total_seconds() for early, late in pairwise(tries)]
    assert waits == [5, 10, 20, 40, 80]
    assert (row().state, row().problem) == ("waiting", "closed")


def test_work_that_never_succeeds_ends_with_a_person(database, clock, put, row):
    put()

    def handler(job):
        raise TryLater("closed")

    worker = Worker(database, clock, {"work": handler})
    for _hour in range(rows.MAX_ATTEMPTS + 2):
        worker.drain()
        clock.move(hours=2)
    assert (row().state, row().attempts, row().problem) == ("failed", rows.MAX_ATTEMPTS, "closed")


def test_work_that_needs_help_is_not_tried_again(database, clock, put, row):
    put()

    def handler(job):
        raise NeedsHelp("refused")

    Worker(database, clock, {"work": handler}).drain()
    assert (row().state, row().attempts, row().problem) == ("failed", 1, "refused")


def test_a_crash_says_its_kind_and_nothing_of_what_was_worked_on(database, clock, put, row, capsys):
    put()

    def handler(job):
        raise ValueError("7203914002 Maria Prøve")

    Worker(database, clock, {"work": handler}).drain()
    assert row().problem == "ValueError"
    said = capsys.readouterr()
    assert "7203914002" not in said.out + said.err


def test_work_of_an_unknown_kind_does_not_stop_the_others(database, clock, put):
    done = []
    put("unheard_of")
    put()
    Worker(database, clock, {"work": lambda job: done.append(job.subject)}).drain()
    assert len(done) == 1


def test_a_worker_that_died_keeps_others_away_until_its_lease_ends(database, clock, put, row):
    put()
    done = []

    def die(_job):
        raise Killed

    with pytest.raises(Killed):
        Worker(database, clock, {"work": die}, name="first").drain()
    second = Worker(database, clock, {"work": lambda job: done.append(job.attempts)}, name="second")
    clock.move(seconds=59)
    second.drain()
    assert not done

    clock.move(seconds=2)
    second.drain()

    assert done == [2]
    assert row().state == "done"


def test_nothing_is_begun_on_a_lease_that_is_half_gone(database, clock, put):
    done = []
    put()
    put()

    def slow(job):
        done.append(job.subject)
        clock.move(seconds=40)

    worker = Worker(database, clock, {"work": slow}, name="first")
    worker.once()
    assert len(done) == 1
    clock.move(seconds=61)
    worker.once()
    assert len(set(done)) == 2


@pytest.mark.parametrize("dies", ["before the channel", "after the channel", "after the receipt"])
def test_a_worker_killed_in_the_middle_of_a_letter_sends_one_letter(
    portal_parts, database, clock, send_application, worker, records, dies, monkeypatch
):
    send_application("sofie", SINGLE)
    decide_only = Worker(database, clock, {"decide": worker._handlers["decide"]})
    decide_only.once()
    clock.move(minutes=2)
    channel = MisbehavingChannel(EmbeddedMailbox(DatabaseMailbox(database), clock))

    def letters(name, kill=None):
        return Worker(database, clock, {"letter": sender(kill or channel, clock)}, name=name)

    with monkeypatch.context() as patch:
        first = letters("first", _Deadly(channel, dies) if dies != "after the receipt" else None)
        if dies == "after the receipt":
            patch.setattr(rows, "mark_done", _die)
        with pytest.raises(Killed):
            first.once()
    clock.move(seconds=61)
    letters("second").drain()
    letters("third").drain()

    with database.session(reads_only=True) as session:
        assert len(session.scalars(select(MailboxMessage)).all()) == 1
    assert len(channel.deliveries) == 1
    (letter,) = records.letters("sofie")
    assert letter.state == "delivered"
    assert channel.deliveries == [letter.message_uuid]
    assert records.events("sofie").count("letter_delivered") == 1


def test_an_answer_that_was_lost_is_looked_for_before_sending_again(database, clock, send_application, worker, records):
    send_application("sofie", SINGLE)
    Worker(database, clock, {"decide": worker._handlers["decide"]}).once()
    channel = MisbehavingChannel(EmbeddedMailbox(DatabaseMailbox(database), clock), ["timeout after", "ok"], deaf=1)
    one = Worker(database, clock, {"letter": sender(channel, clock)})
    for _minute in range(3):
        one.drain()
        clock.move(minutes=1)
    assert len(channel.deliveries) == 1
    assert records.letters("sofie")[0].state == "delivered"


def test_a_letter_the_receiver_refuses_is_told_on_the_case(database, clock, send_application, worker, records):
    send_application("sofie", SINGLE)
    Worker(database, clock, {"decide": worker._handlers["decide"]}).once()
    channel = MisbehavingChannel(EmbeddedMailbox(DatabaseMailbox(database), clock), ["refuse"])
    Worker(database, clock, {"letter": sender(channel, clock)}).drain()
    assert records.letters("sofie")[0].state == "failed"
    assert records.events("sofie")[-1] == "letter_failed"
    assert records.outbox("letter")[0].state == "failed"


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
def test_a_worker_killed_in_the_middle_of_a_decision_decides_once(database, clock, send_application, worker, records, when, monkeypatch):
    send_application("sofie", SINGLE)
    with monkeypatch.context() as patch:
        patch.setattr("portal.cases.deciding.audit.record" if when == "before the commit" else "portal.outbox.rows.mark_done", _die)
        with pytest.raises(Killed):
            worker.once()
    clock.move(seconds=61)
    worker.drain()

    assert records.events("sofie").count("decided") == 1
    assert len(records.letters("sofie")) == 1


def sender(channel, clock):
    """Sends by `channel`; its letters are not drawn."""
    return LetterSender(
        lambda: lambda _content: b"%PDF-1.7 not really",
        channel,
        clock,
        version="1.1",
        case_url=lambda case_id: f"http://127.0.0.1:8000/my-page/cases/{case_id}",
        subjects={},
        demo=True,
    )


class _Deadly:
    """A channel whose user dies before or after it has taken the letter."""

    name = "deadly"

    def __init__(self, channel, dies):
        self._channel, self._dies = channel, dies

    def look(self, message_uuid):
        return self._channel.look(message_uuid)

    def send(self, envelope):
        if self._dies == "before the channel":
            raise Killed
        self._channel.send(envelope)
        raise Killed


def _die(*_args, **_values):
    raise Killed
