"""A token cannot bring the key it is to be believed by, nor say where to fetch one."""

from __future__ import annotations

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from portal.identity.oidc import citizen_client
from portal.identity.refusals import LoginRefused
from portal.settings import EidSettings
from tests.servers import misbehaving_eid
from tests.servers.misbehaving_eid import CLIENT_ID

CALLBACK = "http://127.0.0.1:9/login/callback"


@pytest.fixture
def issuer():
    with misbehaving_eid.serving() as issuer:
        yield issuer


@pytest.mark.parametrize("names_it", [True, False], ids=["under a known id", "under no id"])
@pytest.mark.parametrize("word", ["jwk", "jku", "x5u"])
def test_a_key_that_comes_with_the_token_is_not_used(issuer, monkeypatch, word, names_it):
    stranger = ECKey.generate_key("P-256")
    brought = stranger.as_dict(private=False) if word == "jwk" else f"{issuer.url}/strangers-keys"
    header = {"alg": "ES256", word: brought, **({"kid": issuer.key.kid} if names_it else {})}
    monkeypatch.setattr(issuer, "sign", lambda claims, _header: jwt.encode(header, claims, stranger))
    client = citizen_client(EidSettings(issuer.url, CLIENT_ID, "secret"), demo=True)
    attempt = client.begin(CALLBACK)
    with pytest.raises(LoginRefused) as refused:
        client.finish(attempt, issuer.answer(attempt))
    assert refused.value.code == ("wrong_signature" if names_it else "unknown_key")
