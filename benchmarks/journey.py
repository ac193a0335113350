"""A whole application: begin, every page, check, send, the partner's approval, decision, letter, and a look at Min Side."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from statistics import median
from typing import Any

from sqlalchemy import delete, func, or_, select

from benchmarks.asking import Connection
from benchmarks.people import Somebody, log_in
from benchmarks.processes import CannotMeasure, Running
from portal.storage.models import (
    AnswerRequest,
    Application,
    Case,
    CaseEvent,
    Decision,
    Draft,
    Grant,
    Invoice,
    Letter,
    OutboxRow,
    PaymentHold,
)
from portal.web.parts import Parts

SLUG = "/apply/free-place"
MOST_PAGES = 40
WAIT_SECONDS = 60
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
REQUEST = re.compile(r'href="(/my-page/tasks/[0-9a-f-]{36})"')
ALONE = {
    "household": {"living": "single"},
    "declaration": {"sworn": "yes"},
    "children": {"right": "yes"},
    "reason": {"reason": "income"},
    "income": {"use": "yes"},
    "other-income": {"kinds": "none"},
}
COUPLE = {**ALONE, "household": {"living": "couple:a1"}}
# The partner's pages, in their order.
APPROVAL = ({"use": "yes"}, {"other": "no", "agree": "yes"})


@dataclass(frozen=True)
class Cost:
    """One journey: CPU seconds of the web workers and of the worker, and how many requests it took."""

    web: float
    worker: float
    requests: int

    @property
    def total(self) -> float:
        return self.web + self.worker


class Walker:
    """Somebody who clicks through pages."""

    def __init__(self, connection: Connection, who: Somebody) -> None:
        self._connection = connection
        self._who = who
        self.requests = 0

    def get(self, path: str) -> str:
        """A page that must be there."""
        status, body, _location = self._ask("GET", path)
        if status != 200:
            raise CannotMeasure(f"GET {path}: status {status}")
        return body

    def post(self, path: str, form: Mapping[str, str], wanted: Sequence[int] = (303,)) -> tuple[str, str]:
        """Send a form; the body and the address one is sent on to."""
        status, body, location = self._ask("POST", path, {"csrf_token": self._who.csrf, **form})
        if status not in wanted:
            raise CannotMeasure(f"POST {path}: status {status}")
        return body, location

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        self.requests += 1
        answer, body = self._connection.ask(method, path, {"Cookie": self._who.cookie}, form)
        return answer.status, body.decode(), answer.getheader("Location", "")


def apply(walker: Walker, answers: Mapping[str, Mapping[str, str]]) -> None:
    """From "before you start" to the receipt."""
    walker.get(SLUG)
    _body, at = walker.post(SLUG, {})
    for _page in range(MOST_PAGES):
        hidden = _hidden(walker.get(at))
        name = at.rsplit("/", 1)[-1]
        _body, following = walker.post(at, hidden | answers.get(name, {}))
        if name == "check":
            walker.get(following)
            return
        at = following
    raise CannotMeasure("the application has no end")


def approve(walker: Walker) -> None:
    """The partner finds the task, answers its pages and gives the approval."""
    found = REQUEST.search(walker.get("/my-page/tasks"))
    if found is None:
        raise CannotMeasure("the partner has nothing to approve")
    body = walker.get(found[1])
    for number, answer in enumerate(APPROVAL, 1):
        last = number == len(APPROVAL)
        body, _location = walker.post(found[1], _hidden(body) | answer, (303,) if last else (200,))


def look(walker: Walker) -> None:
    """Min Side, the payments, the post."""
    for path in ("/my-page", "/my-page/payments", "/my-page/post"):
        walker.get(path)


def measure_journey(parts: Parts, web: Running, worker: Running, port: int, keys: Sequence[str], times: int) -> Cost:
    """The median of several journeys by the same persons, who are made new each time. The first one is not counted."""
    costs = []
    for _time in range(times + 1):
        people = [log_in(parts, key) for key in keys]
        forget(parts, people)
        with Connection(port) as connection:
            walkers = [Walker(connection, who) for who in people]
            before = web.workers_cpu(), worker.cpu()
            apply(walkers[0], COUPLE if len(people) > 1 else ALONE)
            for partner in walkers[1:]:
                approve(partner)
            connection.rest()
            _wait(parts, people[0])
            look(walkers[0])
            costs.append(Cost(web.workers_cpu() - before[0], worker.cpu() - before[1], sum(each.requests for each in walkers)))
    counted = costs[1:]
    return Cost(median(cost.web for cost in counted), median(cost.worker for cost in counted), counted[0].requests)


def forget(parts: Parts, people: Sequence[Somebody]) -> None:
    """Take out all these persons ever applied for, and their bills."""
    ids = [who.person_id for who in people]
    with parts.database.transaction() as work:
        cases = list(work.scalars(select(Case.id).where(Case.person_id.in_(ids))))
        decisions = list(work.scalars(select(Decision.id).where(Decision.case_id.in_(cases))))
        work.execute(delete(Grant).where(Grant.decision_id.in_(decisions)))
        work.execute(delete(Invoice).where(Invoice.person_id.in_(ids)))
        for model in (Decision, CaseEvent, AnswerRequest, PaymentHold, Letter):
            work.execute(delete(model).where(model.case_id.in_(cases)))
        work.execute(delete(Case).where(Case.id.in_(cases)))
        work.execute(delete(Application).where(Application.person_id.in_(ids)))
        work.execute(delete(Draft).where(Draft.person_id.in_(ids)))
        work.execute(delete(OutboxRow))


def _finished(parts: Parts, who: Somebody) -> bool:
    with parts.database.session(reads_only=True) as session:
        now = parts.clock.now()
        waiting: Any = select(func.count()).select_from(OutboxRow).where(or_(OutboxRow.state == "failed", OutboxRow.problem.is_not(None)))
        if session.scalar(waiting):
            raise CannotMeasure("the worker could not do its work")
        due = session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "waiting", OutboxRow.due <= now))
        decided = session.scalar(select(func.count()).select_from(Decision).join(Case).where(Case.person_id == who.person_id))
        return due == 0 and bool(decided)


def _wait(parts: Parts, applicant: Somebody) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while not _finished(parts, applicant):
        if time.monotonic() > until:
            raise CannotMeasure("there was no decision in time: is it a case for a case worker?")
        time.sleep(0.05)


def _hidden(body: str) -> dict[str, str]:
    main = body.partition("<main")[2]
    return {name: unescape(value) for name, value in HIDDEN.findall(main) if name != "csrf_token"}
