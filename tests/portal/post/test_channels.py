"""What every channel promises, and that looking before sending again means no letter twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.clock import FixedClock
from portal.post.channels import Envelope, RefusedContent, TransientFailure, hand_over
from portal.post.mailbox import EmbeddedMailbox, MemoryStore
from portal.post.memo import Document, File, Recipient, build, clean_file_name
from tests.portal.post.misbehaving import MisbehavingChannel

NOW = datetime(2026, 12, 3, 9, 14, tzinfo=timezone.utc)


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def mailbox(store, clock):
    return EmbeddedMailbox(store, clock)


@pytest.fixture(params=["mailbox", "misbehaving"])
def channel(request, mailbox):
    """Each implementation of `Channel`: a new one joins here."""
    return {"mailbox": mailbox, "misbehaving": MisbehavingChannel(mailbox)}[request.param]


@pytest.fixture
def envelope(message):
    at_once = replace(message, do_not_deliver_until=None)
    return Envelope(at_once.message_uuid, build(at_once))


class TestEveryChannel:
    def test_it_knows_nothing_of_a_letter_it_never_got(self, channel):
        assert channel.look(uuid4()) is None

    def test_it_has_a_name(self, channel):
        assert channel.name

    def test_what_was_sent_can_be_looked_up(self, channel, envelope):
        receipt = channel.send(envelope)
        assert receipt.message_uuid == envelope.message_uuid
        assert receipt.transmission_id
        assert receipt.status in {"accepted", "delivered"}
        assert receipt.at.utcoffset() is not None
        assert channel.look(envelope.message_uuid) == receipt

    def test_sending_again_is_no_failure_and_no_second_letter(self, channel, envelope):
        assert channel.send(envelope) == channel.send(envelope)

    def test_what_is_no_letter_is_refused(self, channel):
        with pytest.raises(RefusedContent) as refusal:
            channel.send(Envelope(uuid4(), b"<html/>"))
        assert (refusal.value.error_code, refusal.value.error_class) == ("memo.invalid", "person")

    def test_a_letter_under_another_number_is_refused(self, channel, envelope):
        with pytest.raises(RefusedContent, match=r"message\.uuid\.mismatch"):
            channel.send(replace(envelope, message_uuid=uuid4()))

    def test_the_same_number_for_somebody_else_is_refused(self, channel, envelope, message):
        channel.send(envelope)
        other = replace(message, recipient=Recipient("6105214008"))
        with pytest.raises(RefusedContent, match=r"message\.uuid\.reused"):
            channel.send(Envelope(other.message_uuid, build(other)))


def test_the_first_letter_stays_when_a_retry_was_drawn_anew(mailbox, store, envelope, message, clock):
    first = mailbox.send(envelope)
    clock.move(hours=1)
    again = build(replace(message, created=NOW + timedelta(hours=1), do_not_deliver_until=None))
    assert mailbox.send(Envelope(envelope.message_uuid, again)) == first
    assert store.find(envelope.message_uuid).memo == envelope.memo


def test_the_letter_waits_for_its_day(mailbox, store, message, clock):
    tomorrow = replace(message, do_not_deliver_until=date(2026, 12, 4))
    receipt = mailbox.send(Envelope(message.message_uuid, build(tomorrow)))
    assert (receipt.status, receipt.at) == ("accepted", NOW)
    midnight = datetime(2026, 12, 3, 23, tzinfo=timezone.utc)
    clock.moment = midnight - timedelta(seconds=1)
    assert mailbox.look(message.message_uuid).status == "accepted"
    clock.moment = midnight
    delivered = mailbox.look(message.message_uuid)
    assert (delivered.status, delivered.at) == ("delivered", midnight)
    assert delivered.transmission_id == receipt.transmission_id


def test_a_letter_without_a_day_is_there_at_once_and_opens(mailbox, store, envelope, message):
    receipt = mailbox.send(envelope)
    assert (receipt.status, receipt.at) == ("delivered", NOW)
    letter = store.find(envelope.message_uuid)
    assert letter.recipient_cpr == "7203914002"
    assert letter.message() == replace(message, do_not_deliver_until=None)
    assert "7203914002" not in repr(letter)
    assert "memo:" not in repr(envelope)


def test_many_at_once_leave_one_letter(mailbox, store, envelope):
    start, receipts = threading.Barrier(8), []

    def send():
        start.wait()
        receipts.append(mailbox.send(envelope))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store) == 1
    assert len(receipts) == 8
    assert len(set(receipts)) == 1


def worker(channel, envelope) -> str:
    """What the outbox does with one row until there is an end."""
    for attempt in range(50):
        try:
            return hand_over(channel, envelope, tried_before=attempt > 0).status
        except TransientFailure:
            continue
        except RefusedContent:
            return "failed"
    return "never"


@pytest.mark.parametrize(
    ("schedule", "status", "sent"),
    [
        (["timeout after"], "delivered", 1),
        (["500", "ok"], "delivered", 1),
        (["timeout before", "500", "timeout after"], "delivered", 1),
        (["refuse"], "failed", 0),
        (["500", "refuse"], "failed", 0),
    ],
)
def test_each_bad_day_ends_in_one_letter_or_one_failure(mailbox, envelope, schedule, status, sent):
    channel = MisbehavingChannel(mailbox, schedule)
    assert worker(channel, envelope) == status
    assert len(channel.deliveries) == sent


moods = st.lists(st.sampled_from(["ok", "timeout after", "timeout before", "500", "refuse"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moods, st.integers(0, 5))
def test_no_schedule_of_bad_days_delivers_twice(envelope, schedule, deaf):
    channel = MisbehavingChannel(EmbeddedMailbox(MemoryStore(), FixedClock(NOW)), schedule, deaf=deaf)
    status = worker(channel, envelope)
    assert status in {"delivered", "failed"}
    assert len(channel.deliveries) == (status == "delivered")


def test_a_first_try_does_not_ask_and_a_second_does_not_send_what_arrived(mailbox, envelope):
    channel = MisbehavingChannel(mailbox, deaf=1)
    assert hand_over(channel, envelope, tried_before=False).status == "delivered"
    with pytest.raises(TransientFailure):
        hand_over(channel, envelope, tried_before=True)
    assert hand_over(channel, envelope, tried_before=True).status == "delivered"
    assert len(channel.deliveries) == 1


def test_a_letter_goes_from_words_to_the_mailbox(mailbox, store, renderer, decision, message):
    file = File(clean_file_name(decision.title) + ".pdf", "application/pdf", "da", renderer.pdf(decision))
    letter = replace(message, do_not_deliver_until=None, main_document=Document(decision.title, (file,)))
    sent = Envelope(letter.message_uuid, build(letter, "1.2"))
    assert hand_over(mailbox, sent, tried_before=False).status == "delivered"
    (kept, _attachment) = store.find(letter.message_uuid).message().files
    assert kept.name == "Du får økonomisk fripladstilskud.pdf"
    assert kept.content.startswith(b"%PDF-1.7")
