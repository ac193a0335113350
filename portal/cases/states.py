"""The states of a case, folded from its events. The table stands in docs/architecture.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

EXPECTED_DAYS = 28
"""Days within which a case, or a new look at one, is expected to be done."""

# Nobody has decided yet: the person can still withdraw.
OPEN = frozenset({"submitted", "awaiting_consent", "awaiting_citizen", "awaiting_host", "hearing", "informed"})
# A decision was made, and what it rests on has changed: it stands until a case worker has looked again.
RECONSIDERING = "reconsidering"
WITH_CASE_WORKER = frozenset({"informed", RECONSIDERING})
FINAL = frozenset({"withdrawn", "closed"})
# Nobody is waited for: what is answered now is noted on the request alone.
OVER = FINAL | {"decided", "executed"}
LOOKED_AT = frozenset({"submitted"}) | WITH_CASE_WORKER


def _all(states: Iterable[str], to: str) -> dict[str, str]:
    return dict.fromkeys(states, to)


# Event -> the states it changes, and what each becomes. In any other state the event is kept and changes nothing;
# so do events not named here.
CHANGES: Mapping[str, Mapping[str, str]] = {
    "submitted": {"draft": "submitted"},
    "consent_asked": _all({*LOOKED_AT, "awaiting_consent"}, "awaiting_consent"),
    "consent_given": {"awaiting_consent": "submitted"},
    "consent_refused": {"awaiting_consent": "informed"},
    "consent_expired": {"awaiting_consent": "informed"},
    "consent_withdrawn": _all(OPEN, "informed") | _all({"decided", "executed"}, RECONSIDERING),
    "hearing_asked": _all(LOOKED_AT, "hearing"),
    "hearing_agreed": {"hearing": "submitted"},
    "hearing_commented": {"hearing": "informed"},
    "hearing_expired": {"hearing": "submitted"},
    "information_asked": _all(LOOKED_AT, "awaiting_citizen"),
    "information_given": {"awaiting_citizen": "informed"},
    "information_expired": {"awaiting_citizen": "informed"},
    "needs_person": {"submitted": "informed"},
    "decided": _all(LOOKED_AT, "decided"),
    "carried_out": {"decided": "executed"},
    "withdrawn": _all(OPEN, "withdrawn"),
    "closed": _all({"informed", RECONSIDERING, "decided", "executed"}, "closed"),
}


def after(state: str, kind: str) -> str:
    """The state a case in `state` has after an event of this kind."""
    return CHANGES.get(kind, {}).get(state, state)


def fold(kinds: Iterable[str]) -> str:
    """The state after these events, oldest first."""
    state = "draft"
    for kind in kinds:
        state = after(state, kind)
    return state
