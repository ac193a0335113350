"""Telling the broker goodbye, and believing it when it says so."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.identity.logout import EVENT, LoggedOut
from portal.identity.oidc import citizen_client
from portal.identity.refusals import LoginRefused
from portal.settings import EidSettings
from tests.servers import misbehaving_eid
from tests.servers.misbehaving_eid import CLIENT_ID, CPR, GONE, NAME, SUBJECT

CALLBACK = "http://127.0.0.1:9/login/callback"


@pytest.fixture
def issuer():
    with misbehaving_eid.serving() as issuer:
        yield issuer


@pytest.fixture
def client(issuer):
    return citizen_client(EidSettings(issuer.url, CLIENT_ID, "secret"), demo=True)


def logout_claims(issuer, **changes) -> dict:
    now = int(time.time())
    right = {
        "iss": issuer.url,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": "a-token-id",
        "sub": SUBJECT,
        "sid": "a-session",
        "events": {EVENT: {}},
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not GONE}


def test_a_right_logout_token_says_whose_session_ends(issuer, client):
    token = issuer.sign(logout_claims(issuer), {"typ": "logout+jwt"})
    assert client.read_logout_token(token) == LoggedOut(issuer.url, SUBJECT, "a-session", "a-token-id")


@pytest.mark.parametrize("missing", ["sub", "sid", "exp"])
def test_either_name_is_enough_and_an_end_is_optional(issuer, client, missing):
    assert client.read_logout_token(issuer.sign(logout_claims(issuer, **{missing: GONE}), {"typ": "logout+jwt"}))


FORGED = {
    "wrong issuer": ({"iss": "https://other.example"}, "wrong_claims"),
    "wrong audience": ({"aud": "somebody-else"}, "wrong_claims"),
    "no audience": ({"aud": GONE}, "wrong_claims"),
    "no time": ({"iat": GONE}, "wrong_claims"),
    "from the future": ({"iat": int(time.time()) + 86400}, "wrong_claims"),
    "old": ({"iat": int(time.time()) - 900, "exp": GONE}, "expired"),
    "expired": ({"exp": int(time.time()) - 60}, "expired"),
    "no id of its own": ({"jti": GONE}, "wrong_claims"),
    "names nobody": ({"sub": GONE, "sid": GONE}, "wrong_claims"),
    "names a list": ({"sid": ["a-session"]}, "wrong_claims"),
    "no event": ({"events": GONE}, "wrong_claims"),
    "another event": ({"events": {"http://example.org/other": {}}}, "wrong_claims"),
    "event that is no object": ({"events": {EVENT: True}}, "wrong_claims"),
    "a nonce, so an ID token in disguise": ({"nonce": "n"}, "wrong_claims"),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_logout_token_is_refused(issuer, client, case):
    changes, code = FORGED[case]
    with pytest.raises(LoginRefused) as refused:
        client.read_logout_token(issuer.sign(logout_claims(issuer, **changes), {"typ": "logout+jwt"}))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("signed_by", "header", "code"),
    [
        ("nobody", {}, "wrong_algorithm"),
        ("public key", {}, "wrong_algorithm"),
        ("stranger", {}, "wrong_signature"),
        ("itself", {"kid": "nobodys-key"}, "unknown_key"),
        ("itself", {"typ": "at+jwt"}, "wrong_claims"),
    ],
)
def test_a_wrongly_signed_logout_token_is_refused(issuer, client, signed_by, header, code):
    issuer.signed_by = signed_by
    with pytest.raises(LoginRefused) as refused:
        client.read_logout_token(issuer.sign(logout_claims(issuer), {"typ": "logout+jwt", **header}))
    assert refused.value.code == code


def test_an_id_token_is_no_logout_token(issuer, client):
    client.begin(CALLBACK)
    with pytest.raises(LoginRefused):
        client.read_logout_token(issuer.sign(issuer.id_claims(), {}))


def test_the_logout_address_names_the_session_but_never_the_person(issuer, client):
    attempt = client.begin(CALLBACK)
    person = client.finish(attempt, issuer.answer(attempt))
    asked = parse_qs(urlsplit(client.logout_url(person.id_token_for_logout, "https://portal.example/")).query)
    assert asked["post_logout_redirect_uri"] == ["https://portal.example/"]
    assert asked["id_token_hint"] == [person.id_token_for_logout] != [""]
    issuer.claims = {"dk.cpr": CPR, "mitid.identity_name": NAME}
    attempt = client.begin(CALLBACK)
    person = client.finish(attempt, issuer.answer(attempt))
    asked = parse_qs(urlsplit(client.logout_url(person.id_token_for_logout, "https://portal.example/")).query)
    assert asked == {"client_id": [CLIENT_ID], "post_logout_redirect_uri": ["https://portal.example/"]}


def test_a_broker_without_logout_has_no_address(issuer, client):
    issuer.metadata = {"end_session_endpoint": GONE}
    assert client.logout_url("a.b.c", "https://portal.example/") is None
