"""An OpenID Connect issuer that does whatever a test wants, so that the portal's own checks can be seen to work.

Without changes every answer is right. It is told the attempt, as a browser would have brought it, and then answers once.
"""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from json import dumps
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, Response, jsonify
from joserfc import jwt
from joserfc.jwk import ECKey

from portal.identity.attempts import LoginAttempt
from stand_ins.eid.serving import running

CLIENT_ID = "portal"
SUBJECT = "8a1f0c9e-0000-4000-8000-000000000001"
CPR = "7203914002"
NAME = "Mette Prøvesen"
SUBSTANTIAL = "https://data.gov.dk/concept/core/nsis/Substantial"
GONE = object()
"""A change to this value takes the claim away."""


@dataclass
class Issuer:
    """What the next login will be answered with."""

    url: str
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))
    metadata: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    token_answer: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    signed_by: str = "itself"
    published: list[ECKey] = field(default_factory=list)
    status: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    nonce: str = ""

    def __post_init__(self) -> None:
        self.published = [self.key]

    def answer(self, attempt: LoginAttempt) -> dict[str, str]:
        """What the browser brings back to the portal."""
        return self.answer_to(attempt.url)

    def answer_to(self, url: str) -> dict[str, str]:
        """The same, for a browser that was sent to this address."""
        asked = dict(parse_qsl(urlsplit(url).query))
        self.nonce = asked["nonce"]
        right = {"code": "a-code", "state": asked["state"], "iss": self.url}
        return _changed(right, self.params)

    def discovery(self) -> dict[str, Any]:
        right = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/end_session",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["ES256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return _changed(right, self.metadata)

    def jwks(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.published]}

    def id_claims(self) -> dict[str, Any]:
        now = int(time.time())
        right = {
            "iss": self.url,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": self.nonce,
            "loa": SUBSTANTIAL,
            "idp": "mitid",
            "identity_type": "private",
            "sid": "a-session",
        }
        return _changed(right, self.claims)

    def id_token(self) -> str:
        return self.sign(self.id_claims(), self.header)

    def sign(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        """A token with these claims, signed as the test wants it."""
        head = _changed({"alg": "ES256", "kid": self.key.kid}, header)
        if self.signed_by == "nobody":
            return f"{_part({**head, 'alg': 'none'})}.{_part(claims)}."
        if self.signed_by == "public key":
            # By hand: no library worth using would sign like this.
            signed = f"{_part({**head, 'alg': 'HS256'})}.{_part(claims)}"
            return f"{signed}.{_base64(hmac.digest(self.key.as_pem(private=False), signed.encode(), 'sha256'))}"
        if self.signed_by == "hand":
            # A header that the library would not sign. The signature is not one, but nothing may get so far as to look.
            return f"{_part(head)}.{_part(claims)}.{_base64(b'x' * 64)}"
        if self.signed_by == "stranger":
            return jwt.encode(head, claims, ECKey.generate_key("P-256"), [head["alg"]])
        return jwt.encode(head, claims, self.key, [head["alg"]])

    def tokens(self) -> dict[str, Any]:
        right = {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 300, "id_token": self.id_token()}
        return _changed(right, self.token_answer)

    def about_the_person(self) -> dict[str, Any]:
        return _changed({"sub": SUBJECT, "dk.cpr": CPR, "mitid.identity_name": NAME}, self.userinfo)


def application(issuer: Issuer) -> Flask:
    """The issuer as a web application."""
    app = Flask("misbehaving")

    def give(name: str, content: dict[str, Any]) -> Response:
        issuer.asked.append(name)
        response = jsonify(content)
        response.status_code = issuer.status.get(name, 200)
        return response

    app.add_url_rule("/.well-known/openid-configuration", "discovery", lambda: give("discovery", issuer.discovery()))
    app.add_url_rule("/jwks", "jwks", lambda: give("jwks", issuer.jwks()))
    app.add_url_rule("/token", "token", lambda: give("token", issuer.tokens()), methods=["POST"])
    app.add_url_rule("/userinfo", "userinfo", lambda: give("userinfo", issuer.about_the_person()))
    return app


@contextmanager
def serving() -> Iterator[Issuer]:
    """A misbehaving issuer, served inside the block."""
    made: list[Issuer] = []

    def make(base_url: str) -> Flask:
        made.append(Issuer(base_url))
        return application(made[0])

    with running(make):
        yield made[0]


def _changed(right: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**right, **changes}.items() if value is not GONE}


def _part(content: dict[str, Any]) -> str:
    return _base64(dumps(content).encode())


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
