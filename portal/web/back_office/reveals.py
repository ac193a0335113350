"""That somebody saw protected names and addresses, and why: written down for each person who was seen."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal import audit
from portal.cases import staff
from portal.storage.models import AuditEntry, Case
from portal.storage.people import ensure_person, find_person
from portal.web.back_office.desk import me
from portal.web.back_office.protection import Protected
from portal.web.parts import parts, reading, writing

# How long one reason does for the documents of a case: they are opened one by one.
HOLDS = timedelta(minutes=30)


def write_down(case: Case, protected: Protected, reason: str) -> None:
    """One entry for every person whose name is shown, also for those the portal had not met."""
    now, actor = parts().clock.now(), me()
    with writing() as work:
        for cpr in sorted(protected.people):
            audit.record(
                work,
                now,
                role=actor.role,
                actor=actor.id,
                verb="reveal_protected",
                subject=f"case:{case.id}",
                person_id=ensure_person(work, cpr, now).id,
                case_id=case.id,
                municipality=case.municipality,
                purpose=staff.PURPOSE,
                reason=reason,
            )


def noted(case: Case, protected: Protected) -> bool:
    """Whether the one who is logged in has just given a reason to see everybody who is protected in the case."""
    since = parts().clock.now() - HOLDS
    query = select(AuditEntry.person_id).where(AuditEntry.case_id == case.id, AuditEntry.at >= since)
    seen = set(reading().scalars(query.where(AuditEntry.verb == "reveal_protected", AuditEntry.actor == me().id)))
    people = [find_person(reading(), cpr) for cpr in protected.people] if seen else []
    return bool(seen) and all(person is not None and person.id in seen for person in people)
