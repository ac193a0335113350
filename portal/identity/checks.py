"""The checks Authlib's client leaves to us, one function each. All raise LoginRefused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any

from portal.identity.attempts import LoginAttempt
from portal.identity.levels import reaches
from portal.identity.refusals import LoginRefused
from portal.identity.tokens import LEEWAY_SECONDS

_STOPPED = frozenset({"access_denied", "mitid_user_aborted", "user_aborted"})


def own_attempt(attempt: LoginAttempt, params: Mapping[str, str], issuer: str, now: datetime) -> None:
    """The answer is to this attempt, the attempt was made at this issuer, and it is not too old."""
    if not compare_digest(attempt.state.encode(), params.get("state", "").encode()):
        raise LoginRefused("wrong_state", "the state belongs to another attempt")
    if attempt.issuer != issuer:
        raise LoginRefused("wrong_state", "the attempt was begun at another issuer")
    if attempt.expires <= now.timestamp():
        raise LoginRefused("attempt_expired", "the attempt is too old")


def right_issuer(params: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
    """The ``iss`` parameter names the issuer we asked, and is there when it was promised (RFC 9207)."""
    promised = bool(metadata.get("authorization_response_iss_parameter_supported"))
    if params.get("iss", None if promised else metadata["issuer"]) != metadata["issuer"]:
        raise LoginRefused("wrong_response_issuer", "the answer names another issuer, or none where one is promised")


def code(params: Mapping[str, str]) -> str:
    """The authorization code of an answer without an error."""
    if params.get("error") in _STOPPED:
        raise LoginRefused("stopped", "the person stopped")
    if "error" in params:
        raise LoginRefused("provider_error", "the issuer answered with an error")
    if not params.get("code"):
        raise LoginRefused("no_code", "the answer has no code")
    return params["code"]


def same_person(userinfo: Mapping[str, Any], subject: str) -> None:
    """Userinfo is about the subject of the ID token."""
    if userinfo.get("sub") != subject:
        raise LoginRefused("foreign_userinfo", "the userinfo is about another person than the ID token")


def fresh_enough(attempt: LoginAttempt, id_claims: Mapping[str, Any]) -> None:
    """Where a fresh login was demanded, the person identified themselves after the attempt began."""
    when = id_claims.get("auth_time")
    if attempt.fresh and (not isinstance(when, int | float) or when < attempt.begun - LEEWAY_SECONDS):
        raise LoginRefused("not_fresh", "the person did not identify themselves after the attempt began")


def secure_enough(attempt: LoginAttempt, level: str | None) -> str:
    """The level, when it is the one the attempt needs or a higher one."""
    if level is None or not reaches(level, attempt.min_loa):
        raise LoginRefused("level_too_low", f"the login does not reach level {attempt.min_loa}")
    return level
