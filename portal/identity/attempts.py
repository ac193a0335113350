"""Logins that have begun and not yet ended. They live in the server-side session, never in a cookie."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

MOST_OPEN = 10
LIFETIME_SECONDS = 20 * 60


@dataclass(frozen=True)
class LoginAttempt:
    """One login under way; `begun` and `expires` are seconds since 1970. All but `url` is kept until the person is back."""

    url: str = field(repr=False)
    issuer: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    fresh: bool
    min_loa: str
    purpose: str
    next_path: str
    begun: float
    expires: float

    def to_dict(self) -> dict[str, Any]:
        """As JSON for the session; the address is left out, it has been used."""
        return {**asdict(self), "url": ""}

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> LoginAttempt:
        """Back from the session. Raises KeyError for what was not made by `to_dict`."""
        return cls(**{each.name: kept[each.name] for each in fields(cls)})


class OpenAttempts:
    """A session's logins under way: at most ten, the oldest makes room; each can be taken once.

    Kept as plain JSON: ``OpenAttempts(session.get("logins"))`` and, after a change, ``session["logins"] = attempts.kept``.
    """

    def __init__(self, kept: list[dict[str, Any]] | None = None) -> None:
        self.kept: list[dict[str, Any]] = list(kept or [])

    def add(self, attempt: LoginAttempt) -> None:
        """Keep an attempt, and forget those that ended by themselves and the oldest beyond ten."""
        living = [each for each in self.kept if each["expires"] > attempt.begun]
        self.kept = [*living, attempt.to_dict()][-MOST_OPEN:]

    def take(self, state: str) -> LoginAttempt | None:
        """Remove and return the attempt with this state; None when this session has none, or has used it."""
        found = [each for each in self.kept if each["state"] == state]
        self.kept = [each for each in self.kept if each["state"] != state]
        return LoginAttempt.from_dict(found[0]) if found else None


def expiry(now: datetime) -> float:
    """When an attempt begun `now` is too old."""
    return now.timestamp() + LIFETIME_SECONDS
