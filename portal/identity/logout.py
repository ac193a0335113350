"""Leaving: telling the broker, and being told by it. OpenID RP-Initiated Logout 1.0; Back-Channel Logout 1.0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from authlib.common.urls import add_params_to_uri
from joserfc.errors import ClaimError, ExpiredTokenError
from joserfc.jwt import JWTClaimsRegistry, Token

from portal.identity.refusals import LoginRefused
from portal.identity.tokens import LEEWAY_SECONDS

EVENT = "http://schemas.openid.net/event/backchannel-logout"
OLDEST_SECONDS = 300


@dataclass(frozen=True)
class LoggedOut:
    """Whose session ends: the broker's session (`sid`), or all of a subject's when `sid` is empty.

    `token_id` is the token's own id; the caller refuses one it has seen before.
    """

    issuer: str
    subject: str = field(repr=False)
    sid: str = field(repr=False)
    token_id: str


def end_session_url(metadata: Mapping[str, Any], client_id: str, id_token: str, return_to: str) -> str | None:
    """The broker's logout address, with the way back to `return_to`; None when the broker publishes none."""
    endpoint = metadata.get("end_session_endpoint")
    if not endpoint:
        return None
    hint = {"id_token_hint": id_token} if id_token else {}
    return add_params_to_uri(endpoint, {"client_id": client_id, "post_logout_redirect_uri": return_to, **hint}.items())


def read_logout_token(token: Token, *, issuer: str, client_id: str, now: datetime) -> LoggedOut:
    """What a logout token with a right signature says. Raises LoginRefused (Back-Channel Logout 2.6)."""
    claims, seconds = token.claims, int(now.timestamp())
    registry = JWTClaimsRegistry(
        now=seconds,
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
    except ExpiredTokenError:
        raise LoginRefused("expired", "the logout token has expired") from None
    except ClaimError:
        raise LoginRefused("wrong_claims", "the logout token's claims are wrong") from None
    if token.header.get("typ", "logout+jwt").lower() not in ("logout+jwt", "jwt"):
        raise LoginRefused("wrong_claims", "the token is of another type")
    if claims["iat"] < seconds - OLDEST_SECONDS:
        raise LoginRefused("expired", "the logout token is too old")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict) or "nonce" in claims:
        raise LoginRefused("wrong_claims", "the token is not a logout token")
    subject, sid = claims.get("sub", ""), claims.get("sid", "")
    if not isinstance(subject, str) or not isinstance(sid, str) or not (subject or sid):
        raise LoginRefused("wrong_claims", "the logout token names nobody")
    return LoggedOut(issuer, subject, sid, claims["jti"])
