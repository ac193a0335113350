"""Pages that need a new or a more secure login: the one place that says which. The guard asks here before each of them."""

from __future__ import annotations

import time
from collections.abc import Callable, MutableMapping

from flask import request, session

from portal.identity.actions import ACTIONS, LOGIN
from portal.web.citizen import answering

ACTION_OF: MutableMapping[str, str | Callable[..., str]] = {
    "requests.show": answering.action,
    "requests.answer": answering.action,
}
"""Endpoint -> the name of what is done there, or a function of the address's parts that gives it. All else is done with any login."""


def action_here() -> str:
    """What this request is about to do."""
    found = ACTION_OF.get(request.endpoint or "", LOGIN)
    return found if isinstance(found, str) else found(**(request.view_args or {}))


def named(name: str | None) -> str:
    """The action with this name; an unknown name is an ordinary login."""
    return name if name in ACTIONS else LOGIN


def is_met(action: str) -> bool:
    """Whether the citizen's login is good enough. An address cannot make it so: `fresh_at` comes from a login begun as a fresh one."""
    return ACTIONS[action].met_by(session.get("loa"), session.get("fresh_at"), time.time())
