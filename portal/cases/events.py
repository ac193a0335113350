"""Adding an event to a case: the only way a case changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.states import after
from portal.storage.models import Case, CaseEvent


@dataclass(frozen=True)
class Actor:
    """Who does something: a role, and for people the portal's own id of them (never a name or a CPR number)."""

    role: str
    id: str | None = None


SYSTEM = Actor("system")


def add_event(session: Session, case: Case, kind: str, actor: Actor, now: datetime, data: dict[str, Any] | None = None) -> CaseEvent:
    """Append an event and set the state it leads to, if it leads anywhere from where the case is.

    The caller holds the case's row in its transaction.
    """
    last = session.scalar(select(func.max(CaseEvent.sequence)).where(CaseEvent.case_id == case.id)) or 0
    event = CaseEvent(case_id=case.id, sequence=last + 1, kind=kind, at=now, actor_role=actor.role, actor=actor.id, data=data or {})
    session.add(event)
    case.state = after(case.state, kind)
    session.flush()
    return event
