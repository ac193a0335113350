"""Taking back an application: only while nothing has ever been decided on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.cases import requests
from portal.cases.deciding import release
from portal.cases.events import Actor, add_event
from portal.cases.states import OPEN
from portal.storage.models import Case, Decision


def may_withdraw(session: Session, case: Case) -> bool:
    """Whether the person can take the application back. A case with a decision has a grant that would live on."""
    return case.state in OPEN and session.scalar(select(Decision.id).where(Decision.case_id == case.id).limit(1)) is None


def withdraw(session: Session, case: Case, now: datetime, actor: Actor) -> bool:
    """Take the application back, if that can be done. The caller holds the case's row in its transaction."""
    if not may_withdraw(session, case):
        return False
    add_event(session, case, "withdrawn", actor, now)
    release(session, case, now)
    requests.cancel_open(session, case, now)
    audit.record(
        session,
        now,
        role=actor.role,
        actor=actor.id,
        verb="withdraw",
        subject=f"case:{case.id}",
        person_id=case.person_id,
        case_id=case.id,
        municipality=case.municipality,
    )
    return True
