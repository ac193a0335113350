"""Who has seen my data: every look at this person's data by staff or by the portal, in plain words and without names.

A person has a right to the time and the purpose of each look, and not to who among the staff it was (Datatilsynet,
j. 2024-32-0283, 6 June 2024). What the person did themselves, or others did as citizens, is no look.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from portal.audit.purposes import WORDS as PURPOSES
from portal.contacts import contact
from portal.i18n import format_list
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.municipalities import ALL
from portal.storage.models import AuditEntry, Case

LOOKS_A_PAGE = 25
LOOKS = ("view", "look_up", "reveal_protected", "search_audit", "export_audit")
_MINE = (
    AuditEntry.person_id == bindparam("person_id"),
    AuditEntry.actor_role != "citizen",
    AuditEntry.verb.in_(LOOKS),
)
FOUND = (
    select(
        AuditEntry.at,
        AuditEntry.actor_role,
        AuditEntry.verb,
        AuditEntry.subject,
        AuditEntry.purpose,
        AuditEntry.municipality,
        AuditEntry.results,
        AuditEntry.case_id,
        Case.number,
        Case.person_id,
    )
    .outerjoin(Case, Case.id == AuditEntry.case_id)
    .where(*_MINE)
    .order_by(AuditEntry.at.desc(), AuditEntry.chain.desc(), AuditEntry.sequence.desc())
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
NUMBER = select(func.count()).select_from(AuditEntry).where(*_MINE)
REGISTERS = {
    "people": _l("the people register (CPR)"),
    "income": _l("the income register"),
    "places": _l("the municipality's list of day-care places"),
}
IN_A_MUNICIPALITY = {
    "case_worker": _l("A case worker in %(municipality)s"),
    "decider": _l("A case worker in %(municipality)s"),
    "front_desk": _l("An employee at the front desk (borgerservice) in %(municipality)s"),
    "municipality_admin": _l("An administrator in %(municipality)s"),
    "auditor": _l("An employee in %(municipality)s who checks who has looked"),
}
ANYWHERE = {
    "system": _l("The portal, automatically"),
    "case_worker": _l("A case worker"),
    "decider": _l("A case worker"),
    "front_desk": _l("An employee at the front desk (borgerservice)"),
    "municipality_admin": _l("An administrator"),
    "auditor": _l("An employee who checks who has looked"),
}


@dataclass(frozen=True)
class Look:
    """One look: when, who, at what and why, in words."""

    at: datetime
    who: str
    what: str
    why: str


def number_of_looks(session: Session, person: uuid.UUID) -> int:
    """How many looks there are."""
    return session.scalar(NUMBER, {"person_id": person}) or 0


def looks(session: Session, person: uuid.UUID, most: int, after: int) -> list[Look]:
    """Some of the looks at a person's data, newest first."""
    rows = session.execute(FOUND, {"person_id": person, "most": most, "after": after})
    return [Look(row.at, who_words(row.actor_role, row.municipality), _what(row, person), why_words(row.purpose)) for row in rows]


def who_words(role: str, municipality: str | None) -> str:
    """Who looked, never by name."""
    if municipality in ALL and role in IN_A_MUNICIPALITY:
        return str(IN_A_MUNICIPALITY[role]) % {"municipality": contact(municipality).name}
    return str(ANYWHERE.get(role, _("An employee")))


def why_words(purpose: str | None) -> str:
    """The purpose in words; a word that is not known any more is not shown."""
    return _(PURPOSES[purpose]) if purpose in PURPOSES else _("Not noted")


def register_words(subject: str, results: int | None) -> str:
    """Which registers were asked, and that none answered when none did."""
    named = [str(REGISTERS.get(name, name)) for name in subject.partition(":")[2].split(",")]
    words = _("Looked you up in %(registers)s", registers=format_list(named))
    return _("%(looked)s, but got no answer", looked=words) if results == 0 else words


def _what(row: Any, person: uuid.UUID) -> str:
    if row.verb == "look_up":
        return register_words(row.subject, row.results)
    if row.verb == "reveal_protected":
        return _("Saw your protected name and address, and wrote why")
    if row.verb == "search_audit":
        return _("Searched for who has seen your data")
    if row.verb == "export_audit":
        return _("Saved a list of who has seen your data")
    if row.subject.startswith("document:"):
        return _("Opened a file you have sent")
    # Somebody who was asked in another's case knows that case by what they were asked, not by its number.
    if row.person_id == person:
        return _("Saw your case %(number)s", number=row.number)
    return _("Saw your information in a case where you have been asked")
