"""Logins under way: ten at most, each good once, kept as plain JSON."""

import json

from portal.identity.attempts import LIFETIME_SECONDS, LoginAttempt, OpenAttempts


def attempt(number: int, begun: float = 0.0) -> LoginAttempt:
    return LoginAttempt(
        url="https://broker.example/authorize?secret",
        issuer="https://broker.example",
        state=f"state-{number}",
        nonce=f"nonce-{number}",
        code_verifier=f"verifier-{number}",
        redirect_uri="https://portal.example/login/callback",
        fresh=False,
        min_loa="substantial",
        purpose="login",
        next_path="/",
        begun=begun,
        expires=begun + LIFETIME_SECONDS,
    )


def test_thirty_abandoned_logins_leave_the_next_one_working():
    kept = []
    for number in range(31):
        attempts = OpenAttempts(json.loads(json.dumps(kept)))
        attempts.add(attempt(number))
        kept = attempts.kept
    assert len(kept) == 10
    assert OpenAttempts(kept).take("state-30") == LoginAttempt.from_dict({**attempt(30).to_dict()})
    assert OpenAttempts(kept).take("state-20") is None


def test_an_attempt_can_be_taken_once():
    attempts = OpenAttempts()
    attempts.add(attempt(1))
    attempts.add(attempt(2))
    assert attempts.take("state-1")
    assert attempts.take("state-1") is None
    assert attempts.take("state-2")


def test_attempts_that_ended_make_room():
    attempts = OpenAttempts()
    attempts.add(attempt(1, begun=0))
    attempts.add(attempt(2, begun=LIFETIME_SECONDS))
    assert [each["state"] for each in attempts.kept] == ["state-2"]


def test_the_address_is_not_kept_and_nothing_secret_is_shown():
    assert attempt(1).to_dict()["url"] == ""
    shown = repr(attempt(1))
    assert not any(secret in shown for secret in ("secret", "state-1", "nonce-1", "verifier-1"))
