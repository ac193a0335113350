"""A silent issuer holds one thread at most: the others go on with what was known, or are told at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace

import pytest
import requests
from joserfc.jwk import ECKey
from requests.adapters import BaseAdapter

from portal.identity.network import LEFT_ALONE_SECONDS
from portal.identity.provider import Provider
from portal.identity.refusals import LoginRefused
from portal.identity.remembered import FRESH_SECONDS, LOOK_AGAIN_SECONDS, OLDEST_SECONDS, PATIENCE_SECONDS

BROKER = "https://broker.example/op"
DOCUMENT = {"issuer": BROKER, **{name: f"{BROKER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}}


class Broker(BaseAdapter):
    """Publishes its document and keys, or is silent. With `held` an answer waits until the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = [ECKey.generate_key("P-256", auto_kid=True)]
        self.asked: list[str] = []
        self.silent = False
        self.document = DOCUMENT
        self.held: Event | None = None
        self.came = Event()

    def send(self, request, *args, **options):
        keys = request.url.endswith("jwks_uri")
        self.asked.append("keys" if keys else "discovery")
        self.came.set()
        if self.held is not None:
            assert self.held.wait(10)
        if self.silent:
            raise requests.ConnectTimeout
        answer = requests.Response()
        content = {"keys": [key.as_dict(private=False) for key in self.keys]} if keys else self.document
        answer.status_code, answer._content = 200, requests.compat.json.dumps(content).encode()
        return answer

    def close(self) -> None: ...


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=1000.0)


@pytest.fixture
def provider(broker, clock) -> Provider:
    return Provider(BROKER, http=broker, ticks=lambda: clock.now)


def refused(ask) -> str:
    with pytest.raises(LoginRefused) as refusal:
        ask()
    return refusal.value.code


def held_by_one(broker, pool, ask):
    """One thread is asking, and its answer does not come; what that thread will say."""
    broker.held, broker.came = Event(), Event()
    asking = pool.submit(ask)
    assert broker.came.wait(10)
    return asking


def test_callers_in_parallel_do_not_queue_behind_one_another(provider, broker):
    broker.silent = True
    with ThreadPoolExecutor(9) as pool:
        first = held_by_one(broker, pool, lambda: refused(provider.metadata))
        begun = time.monotonic()
        others = [pool.submit(refused, provider.metadata) for _ in range(8)]
        assert {other.result(10) for other in others} == {"provider_unreachable"}
        assert time.monotonic() - begun < 2 * PATIENCE_SECONDS
        assert not first.done()
        broker.held.set()
        assert first.result(10) == "provider_unreachable"
    assert broker.asked == ["discovery"]


def test_nobody_waits_when_the_last_answer_was_a_failure(provider, broker, clock, monkeypatch):
    broker.silent = True
    refused(provider.metadata)
    clock.now += LEFT_ALONE_SECONDS
    monkeypatch.setattr("portal.identity.remembered.PATIENCE_SECONDS", 60)
    with ThreadPoolExecutor(1) as pool:
        first = held_by_one(broker, pool, lambda: refused(provider.metadata))
        begun = time.monotonic()
        assert refused(provider.metadata) == "provider_unreachable"
        assert time.monotonic() - begun < 1
        broker.held.set()
        first.result(10)


def test_who_comes_while_a_healthy_issuer_is_asked_gets_its_answer(provider, broker):
    with ThreadPoolExecutor(4) as pool:
        first = held_by_one(broker, pool, provider.metadata)
        others = [pool.submit(provider.metadata) for _ in range(3)]
        broker.held.set()
        assert [each.result(10) for each in (first, *others)] == [DOCUMENT] * 4
    assert broker.asked == ["discovery"]


def test_a_failure_is_remembered_with_its_reason(provider, broker, clock):
    broker.document = {**DOCUMENT, "portal_demo_stand_in": True}
    assert [refused(provider.metadata) for _ in range(5)] == ["demo_issuer"] * 5
    assert broker.asked == ["discovery"]
    broker.document = DOCUMENT
    clock.now += LEFT_ALONE_SECONDS
    assert provider.metadata() == DOCUMENT


def test_what_was_known_serves_while_it_is_renewed(provider, broker, clock):
    kid = broker.keys[0].kid
    known = provider.key(kid)
    clock.now += FRESH_SECONDS
    with ThreadPoolExecutor(1) as pool:
        first = held_by_one(broker, pool, provider.metadata)
        assert (provider.metadata(), provider.metadata_if_known()) == (DOCUMENT, DOCUMENT)
        broker.held.set()
        first.result(10)
        keys = held_by_one(broker, pool, lambda: provider.key(kid))
        assert provider.key(kid) is known
        broker.held.set()
        assert keys.result(10) is not known
    assert broker.asked == ["discovery", "keys"] * 2


def test_what_was_known_serves_for_some_hours_while_it_cannot_be_renewed_and_no_longer(provider, broker, clock):
    kid = broker.keys[0].kid
    provider.key(kid)
    broker.silent = True
    clock.now += OLDEST_SECONDS - 1
    assert provider.metadata() == DOCUMENT
    assert provider.key(kid) is not None
    # The keys are not asked for of an issuer that has just not answered.
    assert broker.asked == ["discovery", "keys", "discovery"]
    clock.now += 2
    assert refused(provider.metadata) == "provider_unreachable"
    assert refused(lambda: provider.key(kid)) == "provider_unreachable"
    assert provider.metadata_if_known() == DOCUMENT


def test_a_key_the_issuer_has_withdrawn_is_forgotten_when_it_can_be_asked(provider, broker, clock):
    kid = broker.keys[0].kid
    provider.key(kid)
    broker.keys = [ECKey.generate_key("P-256", auto_kid=True)]
    clock.now += FRESH_SECONDS
    assert provider.key(kid) is None


def test_an_unknown_key_is_looked_for_again_now_and_then(provider, broker, clock):
    kid = broker.keys[0].kid
    provider.key(kid)
    for _ in range(5):
        assert provider.key("nobodys") is None
    assert broker.asked.count("keys") == 2
    broker.keys.append(ECKey.generate_key("P-256", auto_kid=True))
    clock.now += LOOK_AGAIN_SECONDS
    assert provider.key(broker.keys[1].kid) is not None


def test_looking_for_an_unknown_key_keeps_nobody_from_the_keys_we_know(provider, broker):
    known = provider.key(broker.keys[0].kid)
    with ThreadPoolExecutor(1) as pool:
        asking = held_by_one(broker, pool, lambda: provider.key("nobodys"))
        assert provider.key(broker.keys[0].kid) is known
        broker.held.set()
        assert asking.result(10) is None


def test_what_is_known_is_never_asked_for(provider, broker):
    assert provider.metadata_if_known() == {}
    assert broker.asked == []
