"""An eID that does not answer holds up nobody who is logged in, and nobody else for long."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from dataclasses import replace
from json import dumps

import pytest
import requests
from requests.adapters import BaseAdapter

from portal.identity.oidc import citizen_client, staff_client
from portal.settings import EidSettings

BROKER = "https://broker.example/op"
NAMES = ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint")
EID = EidSettings(BROKER, "portal", "secret")


class Broker(BaseAdapter):
    """A network in which the broker is silent until it is told to speak; counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.speaks = False
        self.asked = 0

    def send(self, request, *args, **options):
        self.asked += 1
        if not self.speaks:
            raise requests.ConnectTimeout
        answer = requests.Response()
        answer.status_code, answer._content = 200, dumps({"issuer": BROKER, **{name: f"{BROKER}/{name}" for name in NAMES}}).encode()
        return answer

    def close(self) -> None: ...


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def portal_settings(sqlite_settings):
    return sqlite_settings


@pytest.fixture
def seconds() -> list[float]:
    """The time by which what is known of the broker grows old; its last figure counts."""
    return [0.0]


@pytest.fixture
def portal_parts(portal_parts, broker, seconds):
    """The usual parts, with that broker for both kinds of people."""
    options = {"http": broker, "ticks": lambda: seconds[-1]}
    return replace(portal_parts, citizen_eid=citizen_client(EID, **options), staff_eid=staff_client(EID, **options))


def naming_the_issuer() -> str:
    """A token by nobody: it names our issuer, and a key."""
    parts = ({"alg": "ES256", "kid": "nobodys"}, {"iss": BROKER})
    return ".".join(urlsafe_b64encode(dumps(part).encode()).rstrip(b"=").decode() for part in parts) + ".eHh4"


def test_pages_of_somebody_logged_in_never_ask_the_eid(login, staff_login, broker):
    citizen, staff = login("maria"), staff_login("karen")
    pages = [citizen.client.get(page) for page in ("/", "/my-page", "/login")] + [staff.client.get("/back-office")]
    assert [page.status_code for page in pages] == [200, 200, 302, 200]
    assert broker.asked == 0


def test_logging_out_does_not_wait_for_the_eid(login, staff_login, broker):
    for browser in (login("maria"), staff_login("karen")):
        answer = browser.post("/logout")
        assert (answer.status_code, answer.location.endswith("/logged-out")) == (303, True)
        assert browser.client.get("/my-page").status_code in (302, 303)
    assert broker.asked == 0


def test_logging_out_goes_by_the_eid_when_its_address_is_known_however_old(login, portal_app, broker, seconds):
    broker.speaks = True
    assert portal_app.test_client().get("/login").location.startswith(f"{BROKER}/authorization_endpoint?")
    broker.speaks = False
    seconds.append(86400.0)
    assert login("maria").post("/logout").location.startswith(f"{BROKER}/end_session_endpoint?")
    assert broker.asked == 1


def test_a_flood_of_logout_tokens_asks_a_silent_eid_once(portal_app, broker):
    nobody = portal_app.test_client(use_cookies=False)
    for _ in range(10):
        assert nobody.post("/logout/backchannel", data={"logout_token": naming_the_issuer()}).status_code == 400
    # Once for each of the two kinds of people.
    assert broker.asked == 2


def test_a_flood_of_logins_asks_a_silent_eid_once_and_says_what_to_do(portal_app, broker):
    begun = time.monotonic()
    pages = [portal_app.test_client().get("/login") for _ in range(5)]
    assert [page.status_code for page in pages] == [503] * 5
    assert broker.asked == 1
    assert time.monotonic() - begun < 5
