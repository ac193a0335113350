"""The key the portal proves itself with: an EC key or nothing."""

from __future__ import annotations

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey

from portal.identity.client_key import client_key


def pem(key, *, private=True) -> str:
    return key.as_pem(private=private).decode()


@pytest.mark.parametrize(("curve", "algorithm"), [("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")])
def test_the_algorithm_follows_from_the_curve(curve, algorithm):
    key = client_key(pem(ECKey.generate_key(curve)))
    assert key.algorithm == algorithm
    assert "d=" not in repr(key)


@pytest.mark.parametrize(
    "text",
    [
        pem(RSAKey.generate_key(2048)),
        pem(OKPKey.generate_key("Ed25519")),
        pem(ECKey.generate_key("secp256k1")),
        pem(ECKey.generate_key("P-256"), private=False),
        "-----BEGIN PRIVATE KEY-----\nhemmelig\n-----END PRIVATE KEY-----",
        "/etc/portal/key.pem",
    ],
    ids=["RSA", "Ed25519", "another curve", "the public half", "nonsense", "a path"],
)
def test_another_key_is_refused_and_not_shown(text):
    with pytest.raises(ValueError, match="private EC key in PEM") as refused:
        client_key(text)
    assert not set(text.splitlines()) & set(str(refused.value).splitlines())
    assert "hemmelig" not in str(refused.value)
