"""The states of a case, folded from its events. The table stands in docs/architecture.md."""

from __future__ import annotations

from collections.abc import Iterable

# What a case is after an event of this kind; events not named here change nothing.
AFTER = {
    "submitted": "submitted",
    "consent_asked": "awaiting_consent",
    "consent_given": "submitted",
    "consent_refused": "informed",
    "consent_withdrawn": "informed",
    "consent_expired": "informed",
    "hearing_asked": "hearing",
    "hearing_agreed": "submitted",
    "hearing_commented": "informed",
    "hearing_expired": "submitted",
    "information_asked": "awaiting_citizen",
    "information_given": "informed",
    "information_expired": "informed",
    "needs_person": "informed",
    "decided": "decided",
    "carried_out": "executed",
    "withdrawn": "withdrawn",
    "closed": "closed",
}

OPEN = frozenset({"submitted", "awaiting_consent", "awaiting_citizen", "awaiting_host", "hearing", "informed"})
WITH_CASE_WORKER = frozenset({"informed"})
WAITING_FOR_SOMEBODY = frozenset({"awaiting_consent", "awaiting_citizen", "awaiting_host", "hearing"})


def fold(kinds: Iterable[str]) -> str:
    """The state after these events, oldest first."""
    state = "draft"
    for kind in kinds:
        state = AFTER.get(kind, state)
    return state
