"""What a case worker does to a case: look at it, hold it, ask, hear, decide. Each act once, and only by the one who has it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import purposes
from portal.cases import deciding, letters, requests
from portal.cases.decision import AnswerGiven, HearFirst, NeedsPerson, Proposal, RequestSpec
from portal.cases.events import Actor
from portal.cases.queue import TAKEN_FOR
from portal.cases.states import WITH_CASE_WORKER
from portal.journey.service import Service
from portal.months import Month
from portal.phrases import N_, Phrase
from portal.storage.models import AnswerRequest, Application, Case, CaseEvent, Invoice, Person

PURPOSE = purposes.CASE_HANDLING
# Reasons of the rules that no case worker can set aside: without these figures there is nothing to decide on.
NO_FIGURES = frozenset(
    {
        "There are no income limits for %(month)s",
        "The figures for %(year)s are not out yet",
        "Nobody has confirmed the income limits for %(year)s",
        "There is no confirmed price for a place in %(month)s",
    }
)
SILENT = {
    "people": N_("The people register does not answer right now. Wait a few minutes and try again."),
    "places": N_("The list of day-care places does not answer right now. Wait a few minutes and try again."),
}


class NotHeld(Exception):
    """The case is not, or no longer, in this person's hands."""


class ChangedSince(Exception):
    """Something happened to the case after the page was shown."""


@dataclass(frozen=True)
class File:
    """A case as it lies on the desk: what was applied for, what others answered, and whose facts may be looked up.

    `version` is the number of the newest event: it grows with all that happens. `billed`: bills were sent to the person.
    """

    case: Case
    application: Mapping[str, Any]
    answers: Sequence[AnswerGiven]
    people: Mapping[str, Person]
    version: int
    billed: bool


def visible(municipalities: Collection[str] | None) -> Select[tuple[Case]]:
    """The cases of these municipalities; None means all. Another's case looks like one that does not exist."""
    query = select(Case)
    return query if municipalities is None else query.where(Case.municipality.in_(municipalities))


def open_file(session: Session, case_id: uuid.UUID, municipalities: Collection[str] | None) -> File | None:
    """The case with what is needed to judge it; None when there is none for this person."""
    case = session.scalar(visible(municipalities).where(Case.id == case_id))
    if case is None:
        return None
    asked = session.scalars(select(AnswerRequest).where(AnswerRequest.case_id == case_id).order_by(AnswerRequest.created)).all()
    people = {"applicant": session.get_one(Person, case.person_id)}
    consent = next((row for row in asked if row.kind == "consent" and row.outcome == "given"), None)
    if consent is not None:
        people["partner"] = session.get_one(Person, consent.person_id)
    return File(
        case=case,
        application=session.get_one(Application, case.application_id).data,
        answers=deciding.answers_given(session, case),
        people=people,
        version=_newest(session, case_id),
        billed=session.scalar(select(Invoice.id).where(Invoice.person_id == case.person_id).limit(1)) is not None,
    )


def is_held(case: Case, who: str) -> bool:
    """Whether the case is in this person's hands. An overdue hold lasts until somebody else takes the case."""
    return case.state in WITH_CASE_WORKER and case.taken_by == who


def held_elsewhere(case: Case, who: str, now: datetime) -> bool:
    """Whether a colleague is working on the case right now."""
    return case.taken_by not in (None, who) and case.taken_until is not None and case.taken_until >= now


def hold(session: Session, case_id: uuid.UUID, who: str, municipalities: Collection[str] | None, version: int, now: datetime) -> Case:
    """The case under its lock, for an act of the one who has it. Raises NotHeld or ChangedSince."""
    case = session.scalar(visible(municipalities).where(Case.id == case_id).with_for_update())
    if case is None or not is_held(case, who):
        raise NotHeld
    if _newest(session, case_id) != version:
        raise ChangedSince
    case.taken_until = now + TAKEN_FOR
    return case


def silent_registers(file: File, facts: Mapping[str, Any]) -> list[Phrase]:
    """Registers that do not answer now, and without which a decision would put bills wrong."""
    status = facts["applicant"]["status"]
    return [Phrase(words) for name, words in SILENT.items() if _must_answer(name, file) and status[name] in ("unavailable", "nonsense")]


def missing_figures(service: Service, file: File, facts: Mapping[str, Any], today: date, month: Month) -> list[Phrase]:
    """Why nothing may be worked out for this start month: figures that are not there, not out, or not confirmed."""
    asked = {**file.application, "start": {**file.application["start"], "month": str(month)}}
    verdict = service.decide(asked, file.answers, facts, today)
    return [phrase for phrase in verdict.why if phrase.message in NO_FIGURES] if isinstance(verdict, NeedsPerson) else []


def ask_citizen(session: Session, service: Service, case: Case, text: str, deadline: date, now: datetime, actor: Actor) -> None:
    """Ask the applicant for something: a task, a letter, and the case waits for the answer."""
    cpr = session.get_one(Person, case.person_id).cpr
    request = requests.ask(session, case, RequestSpec(cpr, "information", {"text": text}, deadline), now, actor)
    letters.write(session, service, case, "information", now, request=request)
    _let_go(case)
    record(session, case, "ask", now, actor)


def hear(session: Session, service: Service, case: Case, proposal: Proposal, deadline: date, now: datetime, actor: Actor) -> None:
    """Show the applicant what speaks against them before it is decided."""
    deciding.hear(session, service, case, HearFirst(proposal.reasons, proposal, deadline), now)
    _let_go(case)
    record(session, case, "hear", now, actor)


def record(
    session: Session, case: Case, verb: str, now: datetime, actor: Actor, *, about: uuid.UUID | None = None, subject: str | None = None
) -> None:
    """Write down who looked at or did what in a case; `about` another than the one whose case it is."""
    audit.record(
        session,
        now,
        role=actor.role,
        actor=actor.id,
        verb=verb,
        subject=subject or f"case:{case.id}",
        person_id=about or case.person_id,
        case_id=case.id,
        municipality=case.municipality,
        purpose=PURPOSE,
    )


def _must_answer(name: str, file: File) -> bool:
    # What the register told when the application was sent stands nowhere else; and bills are corrected from the places it names.
    return file.application["registers"].get(name) == "ok" or file.billed


def _let_go(case: Case) -> None:
    case.taken_by, case.taken_until = None, None


def _newest(session: Session, case_id: uuid.UUID) -> int:
    return session.scalar(select(func.max(CaseEvent.sequence)).where(CaseEvent.case_id == case_id)) or 0
