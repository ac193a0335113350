"""Searching the log: only what the auditor's municipalities had to do with.

An entry that belongs to no municipality (a login, a look-up that no register answered) is for auditors of all of them; so is
a search by an auditor of several. Whom other searches were about is for them too: it would tell whether the portal knows a
number of somebody whom the auditor's municipalities had nothing to do with.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.cases.staff import visible
from portal.clock import COPENHAGEN
from portal.i18n import format_datetime
from portal.i18n import gettext as _
from portal.municipalities import ALL
from portal.storage.models import AuditEntry, Case
from portal.storage.people import find_person
from portal.web.audit.form import SearchForm
from portal.web.audit.words import ROLES, VERBS, subject_words
from portal.web.citizen.looked import why_words

SHORT = 8
NOBODY = uuid.UUID(int=0)
SEARCHES = ("search_audit", "export_audit")


@dataclass(frozen=True)
class Found:
    """How many entries fit, some of them as rows of texts, and whom the search was about; None for a number that nobody has."""

    count: int
    rows: Sequence[Sequence[str | int | None]]
    about: Sequence[uuid.UUID | None]


def heads() -> list[str]:
    """The names of the columns."""
    return [
        _("When"),
        _("Role"),
        _("Who, by id"),
        _("What was done"),
        _("With what"),
        _("About whom"),
        _("Case number"),
        _("Municipality"),
        _("Why"),
        _("Note"),
        _("Results"),
        _("Entry"),
    ]


def find(
    session: Session, form: SearchForm, scope: Collection[str] | None, most: int, after: int, shown_as: str | None, *, ids: bool
) -> Found:
    """Search. A CPR number that nobody has is searched for just as any other. `shown_as` stands for the person who was named.

    With `ids` what was looked at stands as in the log, with its id, and else as a word.
    """
    person = find_person(session, form.person.data) if form.person.data else None
    case = session.scalar(visible(scope).where(Case.number == form.case.data.upper())) if form.case.data else None
    fits = _conditions(form, scope, person.id if person else NOBODY, case.id if case else NOBODY)
    count = session.scalar(select(func.count()).select_from(AuditEntry).where(*fits)) or 0
    newest = (AuditEntry.at.desc(), AuditEntry.chain.desc(), AuditEntry.sequence.desc())
    query = select(AuditEntry, Case.number).outerjoin(Case, Case.id == AuditEntry.case_id).where(*fits).order_by(*newest)
    everybody = scope is None
    entries = session.execute(query.limit(most).offset(after))
    rows = [_row(entry, number, shown_as, everybody=everybody, ids=ids) for entry, number in entries]
    # As many for a number that nobody has: how many there are is seen by whoever looks for searches.
    about = [person.id if person else None] if form.person.data else []
    about += [case.person_id] if case and case.person_id not in about else []
    return Found(count, rows, about or [None])


def _conditions(form: SearchForm, scope: Collection[str] | None, person: uuid.UUID, case: uuid.UUID) -> list[ColumnElement[bool]]:
    wanted: list[tuple[Any, ColumnElement[bool]]] = [
        (form.person.data, AuditEntry.person_id == person),
        (form.employee.data, AuditEntry.actor == form.employee.data),
        (form.case.data, AuditEntry.case_id == case),
        (form.verb.data, AuditEntry.verb == form.verb.data),
        (form.since.data, AuditEntry.at >= _midnight(form.since.data)),
        (form.until.data, AuditEntry.at < _midnight(form.until.data, days=1)),
    ]
    within = [] if scope is None else [AuditEntry.municipality.in_(scope)]
    if scope is not None and form.person.data:
        within.append(AuditEntry.verb.not_in(SEARCHES))
    return [*within, *(condition for asked, condition in wanted if asked)]


def _midnight(day: str | None, days: int = 0) -> datetime:
    return datetime.combine((date.fromisoformat(day) if day else date.min) + timedelta(days=days), time(), COPENHAGEN)


def _row(entry: AuditEntry, number: str | None, shown_as: str | None, *, everybody: bool, ids: bool) -> list[str | int | None]:
    told = entry.person_id if everybody or entry.verb not in SEARCHES else None
    about = shown_as or (told.hex[:SHORT] if told else "")
    citizens = entry.actor_role in ("citizen", "system")
    return [
        format_datetime(entry.at),
        str(ROLES.get(entry.actor_role, entry.actor_role)),
        (entry.actor or "").replace("-", "")[:SHORT] if citizens else entry.actor or "",
        str(VERBS.get(entry.verb, entry.verb)),
        entry.subject if ids else subject_words(entry.subject),
        about,
        number or "",
        ALL[entry.municipality].name if entry.municipality in ALL else "",
        why_words(entry.purpose) if entry.purpose else "",
        entry.reason or "",
        entry.results,
        f"{entry.chain}/{entry.sequence}",
    ]
