"""What is in the database when measuring begins: drafts, a family with cases and a year of bills, somebody with very many cases."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from benchmarks.people import Somebody, draft_up_to, facts_of, log_in, service_of
from portal.cases import requests
from portal.cases.deciding import Decider, release
from portal.cases.events import Actor, add_event
from portal.cases.submit import Sender, submit
from portal.clock import COPENHAGEN
from portal.journey.path import counting
from portal.journey.state import State
from portal.months import Month
from portal.outbox.worker import Worker
from portal.payments import bills
from portal.storage.models import AnswerRequest, Application, Case, CaseEvent, Draft
from portal.web.parts import Parts

MANY_CASES = 872
MONTHS = 12
PAYSLIP = {"rhythm": "monthly", "gross": "28000.00", "am": "2240.00", "atp": "99.00", "pension": "0.00", "remark": None}
ALONE = {"household": {"living": "single"}, "declaration": {"sworn": True}, "children": {"right": "yes"}, "reason": {"reason": "income"}}
ENDING = {"income": {"use": "yes"}, "payslip": PAYSLIP, "other-income": {"kinds": ["none"]}, "partner-income": {"estimate": None}}
COUPLE = {"household": {"living": "couple:a1"}, "children": {"right": "yes"}, "reason": {"reason": "income"}, **ENDING}


@dataclass(frozen=True)
class Seeded:
    """Who and what is there to be measured."""

    applicant: Somebody
    draft: uuid.UUID
    complete: uuid.UUID
    family: Somebody
    busy: Somebody


def seed(parts: Parts, many: int = MANY_CASES) -> Seeded:
    """Fill an empty database."""
    applicant = log_in(parts, "soeren")
    seeded = Seeded(
        applicant,
        draft=draft_up_to(parts, applicant, ALONE, "payslip"),
        complete=draft_up_to(parts, applicant, {**ALONE, **ENDING}, ""),
        family=log_in(parts, "maria"),
        busy=log_in(parts, "kirsten"),
    )
    _bills(parts, seeded.family)
    _family_cases(parts, seeded.family, log_in(parts, "anders"))
    add_cases(parts, seeded.busy, many)
    return seeded


def _bills(parts: Parts, who: Somebody) -> None:
    """A bill for each of the last twelve months, the newest unpaid."""
    service, today = service_of(parts), parts.clock.today()
    assert service.expected_plan is not None
    plan = service.expected_plan(facts_of(parts, who.cpr), [], Month.of(today).plus(1 - MONTHS), today, None, MONTHS)
    with parts.database.transaction() as work:
        for month in plan.months:
            due = month.due or month.month.last
            issued = datetime.combine(month.month.first - timedelta(days=11), time(8), COPENHAGEN)
            bills.issue(work, who.person_id, month, issued, paid=datetime.combine(due, time(6), COPENHAGEN) if due < today else None)


def _family_cases(parts: Parts, who: Somebody, partner: Somebody) -> None:
    """One case decided with the partner's approval, one withdrawn, one that waits for the partner."""
    decided, withdrawn, _waiting = (_send(parts, who) for _case in range(3))
    service, now = service_of(parts), parts.clock.now()
    with parts.database.transaction() as work:
        asked = work.query(AnswerRequest).filter_by(case_id=decided).one()
        given = service.answer_pages["consent"].answer(facts_of(parts, partner.cpr), [{"use": "yes"}, {"other": "no", "agree": True}])
        actor = Actor("citizen", str(partner.person_id))
        requests.answer(work, asked.id, partner.person_id, "given", given, now, actor, seen_version=asked.version)
        case = work.get_one(Case, withdrawn)
        add_event(work, case, "withdrawn", Actor("citizen", str(who.person_id)), now)
        release(work, case, now)
    quiet_worker(parts).drain()


def quiet_worker(parts: Parts) -> Worker:
    """A worker that decides cases and leaves the letters undrawn."""
    others = dict.fromkeys(("letter", "remind", "expire"), lambda _job: None)
    return Worker(parts.database, parts.clock, {"decide": Decider(parts.services, parts.ask, parts.clock), **others})


def _send(parts: Parts, who: Somebody) -> uuid.UUID:
    draft_id, service = draft_up_to(parts, who, COUPLE, ""), service_of(parts)
    with parts.database.transaction() as work:
        draft = work.get_one(Draft, draft_id)
        today = parts.clock.today()
        state = counting(service, State(draft.answers["pages"], draft.facts, today, service.context(draft.facts, today)))
        application = submit(work, service, draft_id, state, Sender(who.person_id, "da"), draft.version, parts.clock.now())
        return work.query(Case.id).filter_by(application_id=application.id).scalar()


def add_cases(parts: Parts, who: Somebody, many: int) -> None:
    """Rows as they are after a decision, without deciding each."""
    first, service = parts.clock.now(), service_of(parts)
    with parts.database.transaction() as work:
        for number in range(many):
            made = first - timedelta(days=number)
            shared: dict[str, Any] = {"person_id": who.person_id, "service": service.slug, "municipality": "0101"}
            application = Application(
                id=uuid.uuid4(),
                submit_key=uuid.uuid4(),
                schema_version=service.schema_version,
                channel="self_service",
                data={},
                received=made,
                **shared,
            )
            case = Case(
                id=uuid.uuid4(),
                number=f"{made.year}-B{number:05}",
                application_id=application.id,
                kle=service.kle,
                language="da",
                state="executed",
                why=[],
                created=made,
                **shared,
            )
            work.add_all([application, case])
        work.flush()
        cases = work.query(Case.id, Case.created).filter_by(person_id=who.person_id)
        work.add_all(CaseEvent(case_id=case_id, sequence=1, kind="submitted", at=made, actor_role="citizen") for case_id, made in cases)
