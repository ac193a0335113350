"""A letter that cannot leave is seen: on the case, in the back office and in the numbers, never only in a log."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.cases.sending import LetterSender
from portal.outbox import rows
from portal.outbox.worker import Worker
from portal.post.channels import TransientFailure
from portal.post.pdf import LetterNotAccessible
from portal.storage.models import Letter, OutboxRow
from tests.portal.fixtures import SINGLE


class NeverAnswers:
    """A channel that is always away."""

    name = "away"

    def look(self, message_uuid):
        raise TransientFailure

    def send(self, envelope):
        raise TransientFailure


def cannot_draw(_content):
    raise LetterNotAccessible("a picture without words")


@pytest.fixture
def worker_with(portal_parts, database, clock, worker):
    """A worker whose letters go the given way."""

    def make(render, channel=None):
        sender = LetterSender(
            lambda: render,
            channel or NeverAnswers(),
            clock,
            version="1.1",
            case_url=lambda case: f"http://127.0.0.1:8000/{case}",
            subjects={},
            demo=True,
        )
        return Worker(database, clock, {**worker._handlers, "letter": sender})

    return make


@pytest.fixture
def letter(database, send_application):
    """The letter of a case that was decided at once."""

    def find():
        with database.session(reads_only=True) as session:
            return session.scalars(select(Letter).where(Letter.kind == "decision")).one()

    send_application("sofie", SINGLE)
    return find


def test_one_that_cannot_be_drawn_has_failed_and_the_case_says_so(worker_with, letter, records):
    worker_with(cannot_draw).drain()

    assert letter().state == "failed"
    assert "letter_failed" in records.events("sofie")


def test_one_that_never_gets_an_answer_is_given_up_in_sight(worker_with, letter, clock, database, records):
    sending = worker_with(lambda _content: b"%PDF-1.7")
    for _try in range(rows.MAX_ATTEMPTS):
        sending.drain()
        clock.move(hours=2)

    assert letter().state == "failed"
    assert "letter_failed" in records.events("sofie")
    with database.session(reads_only=True) as session:
        assert session.scalars(select(OutboxRow.state).where(OutboxRow.kind == "letter")).all() == ["failed"]


def test_the_back_office_sees_the_letters_that_did_not_arrive(worker_with, letter, staff_login):
    worker_with(cannot_draw).drain()

    assert "Letters that did not arrive" in staff_login("karen").get("/back-office").text
    assert "Letters that did not arrive" in staff_login("ole").get("/back-office").text


def test_a_letter_that_arrived_is_not_among_them(worker, letter, staff_login):
    worker.drain()

    assert letter().state == "delivered"
    assert "Letters that did not arrive" not in staff_login("karen").get("/back-office").text
