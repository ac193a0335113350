"""An issuer's answer ends at its deadline and is never longer than it may be, however it comes."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from types import SimpleNamespace

import pytest
import requests
from requests.adapters import BaseAdapter

from portal.identity.network import FAILURES, LEFT_ALONE_SECONDS, BoundedAdapter, PausingAdapter
from portal.identity.oidc import citizen_client
from portal.identity.refusals import LoginRefused
from portal.settings import EidSettings
from tests.servers import dripping, misbehaving_eid
from tests.servers.misbehaving_eid import CLIENT_ID

CALLBACK = "http://127.0.0.1:9/login/callback"
SHORT = 0.2


def ask(address: str, **limits: float) -> requests.Response:
    with requests.Session() as session, closing(BoundedAdapter(**limits)) as adapter:
        session.mount("http://", adapter)
        return session.get(address, timeout=(2.0, 5.0))


@pytest.mark.parametrize("way", [dripping.silent, dripping.dripping_body, dripping.dripping_chunks, dripping.dripping_header])
def test_an_answer_ends_at_its_deadline(way):
    with dripping.serving(way) as address:
        begun = time.monotonic()
        with pytest.raises(requests.RequestException):
            ask(address, seconds=SHORT)
        assert SHORT * 0.9 < time.monotonic() - begun < 1.5


@pytest.mark.parametrize("way", [dripping.endless, dripping.packed])
def test_an_answer_that_is_too_long_is_refused_before_its_time_is_up(way):
    with dripping.serving(way) as address:
        begun = time.monotonic()
        with pytest.raises(requests.RequestException):
            ask(address, seconds=60)
        assert time.monotonic() - begun < 10


def test_what_is_no_part_of_the_body_counts_too():
    sent = []

    def words_after_the_end(to, stop):
        to.sendall(dripping.HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
        for _ in range(4000):
            to.sendall(b"X: y\r\n" * 1_700)
            sent.append(10_200)

    with dripping.serving(words_after_the_end) as address, pytest.raises(requests.RequestException):
        ask(address, seconds=60)
    # What the machine's own buffers took on the way comes on top of the megabyte.
    assert sum(sent) < 20_000_000


def test_an_answer_that_keeps_the_limits_is_read():
    with dripping.serving(dripping.polite) as address:
        answer = ask(address, largest=12)
        assert (answer.json(), answer.text) == ({"so": "on"}, '{"so": "on"}')
        with pytest.raises(requests.RequestException, match="too long"):
            ask(address, largest=11)


@pytest.mark.parametrize("endpoint", ["jwks_uri", "token_endpoint", "userinfo_endpoint"])
def test_every_question_of_a_login_has_the_deadline(endpoint):
    drips = dripping.serving(dripping.dripping_body)
    with misbehaving_eid.serving() as issuer, drips as address, closing(BoundedAdapter(seconds=SHORT)) as http:
        issuer.metadata = {endpoint: address}
        client = citizen_client(EidSettings(issuer.url, CLIENT_ID, "secret"), demo=True, http=http)
        attempt = client.begin(CALLBACK)
        begun = time.monotonic()
        with pytest.raises(LoginRefused, match="provider_unreachable"):
            client.finish(attempt, issuer.answer(attempt))
        assert time.monotonic() - begun < 1.5


class Network(BaseAdapter):
    """Answers with a status, or is silent."""

    def __init__(self) -> None:
        super().__init__()
        self.status: int | None = None
        self.asked = 0

    def send(self, request, *args, **options):
        self.asked += 1
        if self.status is None:
            raise requests.ConnectTimeout
        answer = requests.Response()
        answer.status_code = self.status
        return answer

    def close(self) -> None: ...


def try_(adapter: PausingAdapter, times: int = 1) -> None:
    for _ in range(times):
        with suppress(requests.RequestException):
            adapter.send(requests.Request("GET", "https://broker.example").prepare())


def test_an_issuer_that_was_silent_is_left_alone_for_a_while():
    clock, network = SimpleNamespace(now=0.0), Network()
    adapter = PausingAdapter(network, lambda: clock.now)
    try_(adapter, 10)
    assert network.asked == FAILURES
    clock.now += LEFT_ALONE_SECONDS
    try_(adapter, 10)
    assert network.asked == FAILURES + 1
    clock.now, network.status = clock.now + LEFT_ALONE_SECONDS, 200
    try_(adapter, 10)
    assert network.asked == FAILURES + 11


def test_an_error_that_anybody_can_bring_about_stops_nobody_elses_login():
    network = Network()
    network.status = 500
    try_(PausingAdapter(network), 10)
    assert network.asked == 10
