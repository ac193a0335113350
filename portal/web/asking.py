"""Asking registers from a page: what is asked is written down for the person it is about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager

from portal.audit import purposes
from portal.audit.lookups import NotedAsk, noted
from portal.cases.events import SYSTEM, Actor
from portal.storage.models import Case
from portal.web.parts import parts, writing
from portal.web.visitor import person_cpr, person_id


def asking_about_me(purpose: str, case: Case | None = None) -> AbstractContextManager[NotedAsk]:
    """The portal asks by itself about the citizen who is logged in."""
    return asking(purpose, {person_cpr(): person_id()}, Actor("system", str(person_id())), case)


def asking_at_login() -> AbstractContextManager[NotedAsk]:
    """The portal asks about somebody who wants to log in. Whoever it knows when the block ends is told; it makes nobody known."""
    return asking(purposes.LOGGING_IN, {}, SYSTEM)


def asking(purpose: str, people: Mapping[str, uuid.UUID], actor: Actor, case: Case | None = None) -> AbstractContextManager[NotedAsk]:
    """Somebody asks about people; their ids by CPR number."""
    return noted(
        parts().ask,
        writing,
        parts().clock,
        role=actor.role,
        actor=actor.id,
        purpose=purpose,
        people=people,
        case_id=case.id if case else None,
        municipality=case.municipality if case else None,
    )
