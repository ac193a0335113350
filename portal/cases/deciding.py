"""The worker's part in a case: ask the registers again, let the rules speak, and carry out what they say in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.audit import lookups, purposes
from portal.cases import letters, requests
from portal.cases.decision import AnswerGiven, Decide, HearFirst, NeedsPerson, Proposal, RequestSpec, Verdict
from portal.cases.events import SYSTEM, Actor, add_event
from portal.clock import Clock
from portal.journey.service import Service
from portal.journey.sources import Ask
from portal.outbox.worker import Job, TryLater
from portal.payments import bills
from portal.phrases import N_, Phrase
from portal.storage.models import AnswerRequest, Application, Case, Decision, Grant, PaymentHold, Person

# A register that was silent is asked again, over about ten minutes, before a person is troubled.
TRIES = 8
NOT_WORKED_OUT = N_("The case could not be worked out by the rules")
Facts = Mapping[str, Mapping[str, Any]]

log = structlog.get_logger("deciding")


class Decider:
    """Handles outbox rows of the kind "decide". Running one twice decides once: the state of the case is looked at under its lock."""

    def __init__(self, services: Mapping[str, Service], ask: Ask, clock: Clock) -> None:
        self._services = services
        self._ask = ask
        self._clock = clock

    def __call__(self, job: Job) -> None:
        try:
            self._decide(job)
        except TryLater:
            raise
        except Exception as error:
            if not job.is_last_try:
                raise
            # A case that no rule can work out must not stay outside every queue.
            log.error("case_not_worked_out", row=str(job.id), attempts=job.attempts, error=type(error).__name__)
            self._give_to_person(job)

    def _give_to_person(self, job: Job) -> None:
        with job.database.transaction() as session:
            case = session.scalars(select(Case).where(Case.id == job.subject).with_for_update()).one()
            if case.state == "submitted":
                need_person(session, case, NeedsPerson([Phrase(NOT_WORKED_OUT)]), self._clock.now())

    def _decide(self, job: Job) -> None:
        with job.database.session(reads_only=True) as session:
            case = session.get(Case, job.subject)
            if case is None or case.state != "submitted":
                return
            application = session.get_one(Application, case.application_id)
            people = _people(session, case)
        service = self._services[case.service]
        # Registers are asked outside the transaction: they may be slow, and a writer must not wait for them.
        with lookups.noted(
            self._ask,
            job.database.transaction,
            self._clock,
            role=SYSTEM.role,
            actor=SYSTEM.id,
            purpose=purposes.DECIDING,
            people={person.cpr: person.id for person in people.values()},
            case_id=case.id,
            municipality=case.municipality,
        ) as ask:
            facts: Facts = {who: service.gather(ask, person.cpr, self._clock.today()) for who, person in people.items()}
        with job.database.transaction() as session:
            case = session.scalars(select(Case).where(Case.id == job.subject).with_for_update()).one()
            if case.state != "submitted":
                return
            verdict = service.decide(application.data, answers_given(session, case), facts, self._clock.today())
            if isinstance(verdict, NeedsPerson) and verdict.only_register and job.attempts < TRIES:
                raise TryLater("register_silent")
            apply(session, service, case, verdict, facts, self._clock.now())


def apply(session: Session, service: Service, case: Case, verdict: Verdict, facts: Facts, now: datetime) -> None:
    """Carry out what the rules said."""
    if isinstance(verdict, Decide):
        decide(session, service, case, verdict.proposal, facts["applicant"], now, SYSTEM)
    elif isinstance(verdict, HearFirst):
        hear(session, service, case, verdict, now)
    else:
        need_person(session, case, verdict, now)


def decide(
    session: Session, service: Service, case: Case, proposal: Proposal, facts: Mapping[str, Any], now: datetime, actor: Actor
) -> Decision:
    """Decide the case: decision, grants, bills, letter and events in the caller's transaction.

    `facts` are the registers' of the applicant; the bills are computed from the places among them.
    """
    earlier = session.scalars(select(Decision.id).where(Decision.case_id == case.id)).all()
    decision = Decision(
        case_id=case.id,
        sequence=len(earlier) + 1,
        outcome=proposal.outcome,
        automatic=actor.role == "system",
        made=now,
        made_by=actor.id,
        content=proposal.to_json(),
    )
    session.add(decision)
    session.flush()
    add_event(session, case, "decided", actor, now, {"outcome": proposal.outcome, "decision": str(decision.id)})
    for spec in proposal.grants:
        session.add(
            Grant(
                decision_id=decision.id,
                person_id=case.person_id,
                municipality=case.municipality,
                from_month=str(spec.from_month),
                until_month=str(spec.until_month) if spec.until_month else None,
                content=dict(spec.content),
                made=now,
            )
        )
    session.flush()
    requests.cancel_open(session, case, now)
    corrected = correct_bills(session, service, case, facts, decision, now)
    release(session, case, now)
    if proposal.grants:
        add_event(
            session,
            case,
            "carried_out",
            SYSTEM,
            now,
            {"month": str(min(spec.from_month for spec in proposal.grants)), "corrected": corrected},
        )
    letters.write(session, service, case, "decision", now, decision=decision)
    case.why, case.taken_by, case.taken_until = [], None, None
    audit.record(
        session,
        now,
        role=actor.role,
        actor=actor.id,
        verb="decide",
        subject=f"decision:{decision.id}",
        person_id=case.person_id,
        case_id=case.id,
        municipality=case.municipality,
    )
    return decision


def correct_bills(session: Session, service: Service, case: Case, facts: Mapping[str, Any], decision: Decision, now: datetime) -> list[str]:
    """Put the bills that were already sent right at once, with a new revision of each that changes."""
    sent = bills.newest(session, case.person_id)
    if service.expected_plan is None or not sent:
        return []
    first, last = min(sent), max(sent)
    today = bills.today_of(now)
    plan = service.expected_plan(facts, bills.grants_of(session, case.person_id), first, today, None, last - first + 1)
    return bills.correct(session, case.person_id, plan, now, decision.id)


def hear(session: Session, service: Service, case: Case, verdict: HearFirst, now: datetime) -> None:
    """Show the person the facts that speak against them, and wait for their word until the deadline."""
    cpr = session.get_one(Person, case.person_id).cpr
    question = {"facts": [phrase.to_json() for phrase in verdict.facts], "proposal": verdict.proposal.to_json()}
    request = requests.ask(session, case, RequestSpec(cpr, "hearing", question, verdict.deadline), now)
    letters.write(session, service, case, "hearing", now, request=request)


def need_person(session: Session, case: Case, verdict: NeedsPerson, now: datetime) -> None:
    """Put the case in the back office's queue, with the reasons why and what the rules would say."""
    case.why = [phrase.to_json() for phrase in verdict.why]
    data: dict[str, Any] = {"why": case.why}
    if verdict.proposal is not None:
        data["proposal"] = verdict.proposal.to_json()
    add_event(session, case, "needs_person", SYSTEM, now, data)


def release(session: Session, case: Case, now: datetime) -> None:
    """Bills that waited for this case wait no more."""
    hold = session.scalar(select(PaymentHold).where(PaymentHold.case_id == case.id, PaymentHold.released.is_(None)))
    if hold is not None:
        hold.released = now


def _people(session: Session, case: Case) -> dict[str, Person]:
    """Whose facts the decision rests on: the applicant, and the partner once they have consented."""
    people = {"applicant": session.get_one(Person, case.person_id)}
    consent = session.scalar(
        select(AnswerRequest).where(AnswerRequest.case_id == case.id, AnswerRequest.kind == "consent", AnswerRequest.outcome == "given")
    )
    if consent is not None:
        people["partner"] = session.get_one(Person, consent.person_id)
    return people


def answers_given(session: Session, case: Case) -> list[AnswerGiven]:
    """What those who were asked have answered, oldest first. A request that was cancelled is no answer."""
    asked = session.scalars(select(AnswerRequest).where(AnswerRequest.case_id == case.id).order_by(AnswerRequest.answered))
    return [AnswerGiven(row.kind, row.outcome, row.answer or {}) for row in asked if row.outcome not in (None, requests.CANCELLED)]
