"""Signed tokens: which are believed. OpenID Connect Core 3.1.3.7, Back-Channel Logout 2.6.

Authlib checks the claims of an ID token. What it leaves open is closed here: the algorithm is ours to choose whatever
the issuer's discovery document offers, and the key must be one the issuer publishes under the id the token names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jws import extract_compact

from portal.clock import Clock
from portal.identity.provider import Provider
from portal.identity.refusals import LoginRefused

LEEWAY_SECONDS = 30
"""How far the issuer's clock may be from ours."""
POSSIBLE_ALGORITHMS = frozenset({"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519"})
"""Those with a key pair. ``none`` and the HS family cannot be switched on."""

_CODES = {
    "iss": "wrong_issuer",
    "aud": "wrong_audience",
    "azp": "wrong_azp",
    "exp": "expired",
    "iat": "issued_in_future",
    "nonce": "wrong_nonce",
}


def claimed_issuer(token: str) -> str:
    """Whom a token says it is from; empty when it says nothing. Not proven: it only chooses whose keys are tried."""
    try:
        found = json.loads(extract_compact(token.encode()).payload)
    except (JoseError, ValueError, RecursionError):
        return ""
    issuer = found.get("iss") if isinstance(found, dict) else None
    return issuer if isinstance(issuer, str) else ""


class TokenReader:
    """Believes a token of one issuer for one client, or raises LoginRefused."""

    def __init__(self, provider: Provider, client_id: str, *, clock: Clock, algorithms: tuple[str, ...]) -> None:
        if not algorithms or not set(algorithms) <= POSSIBLE_ALGORITHMS:
            raise ValueError(f"Signing algorithms must be among {', '.join(sorted(POSSIBLE_ALGORITHMS))}.")
        self._provider = provider
        self._client_id = client_id
        self._clock = clock
        self._algorithms = algorithms

    def id_token(self, token: str, *, nonce: str, access_token: str | None = None) -> Mapping[str, Any]:
        """The claims of an ID token that answers the attempt with this nonce."""
        decoded = self.signed(token)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": self._provider.metadata()["issuer"]},
                "sub": {"essential": True},
                "aud": {"essential": True, "value": self._client_id},
            },
            params={"nonce": nonce, "client_id": self._client_id, "access_token": access_token},
        )
        try:
            claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_SECONDS)
        except ExpiredTokenError:
            raise LoginRefused("expired", "the ID token has expired") from None
        except ClaimError as error:
            name = error.claim if error.claim in (*_CODES, "sub", "at_hash", "auth_time", "nbf") else "another claim"
            raise LoginRefused(_CODES.get(name, "wrong_claims"), f"the ID token is refused for {name}") from None
        return decoded.claims

    def signed(self, token: str) -> jwt.Token:
        """The token when its signature is by a key the issuer publishes, with an algorithm we accept."""
        try:
            header = extract_compact(token.encode()).headers()
        except (JoseError, ValueError, AttributeError):
            raise LoginRefused("malformed_id_token", "the token cannot be read") from None
        if header.get("alg") not in self._algorithms:
            raise LoginRefused("wrong_algorithm", "the token's algorithm is not one we accept")
        key = self._provider.key(str(header.get("kid", "")))
        if key is None:
            raise LoginRefused("unknown_key", "the token's key is not one the issuer publishes")
        try:
            return jwt.decode(token, key, algorithms=[header["alg"]])
        except (JoseError, ValueError):
            raise LoginRefused("wrong_signature", "the token's signature is wrong") from None
