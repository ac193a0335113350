"""Min Side: cases, what to do, payments and post."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from flask import Blueprint, Response, abort, get_template_attribute, redirect, render_template, request, session, url_for
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import load_only, undefer
from werkzeug.wrappers import Response as Redirect

from portal.cases import requests, withdrawing
from portal.cases.events import Actor
from portal.cases.states import OPEN
from portal.cases.words import TONE, case_title, delivery_text, standing, state_text, task_text, task_title, timeline, what_next
from portal.i18n import gettext as _
from portal.i18n import use_locale
from portal.identity.actions import ACTIONS, LOGIN
from portal.journey.drafts import Drafts
from portal.post.content import LetterContent
from portal.storage.models import AnswerRequest, Application, Case, CaseEvent, Decision, Document, Letter
from portal.web import step_up
from portal.web.citizen import looked
from portal.web.citizen.payment_tables import tables_of
from portal.web.citizen.payment_words import said_of
from portal.web.citizen.payments import Expected, expected
from portal.web.citizen.results import Result, result_of
from portal.web.parts import parts, reading, writing
from portal.web.visitor import person_id

blueprint = Blueprint("mine", __name__, url_prefix="/my-page")
MOST_SHOWN = 100
# What became of tasks that the person did not do.
UNANSWERED = frozenset({"cancelled", "expired"})
CASES_A_PAGE = 25
# Asked each time Min Side is shown, so they are put together once; a list of cases does not open why a case worker looks at them.
CASES = (
    select(Case)
    .where(Case.person_id == bindparam("person_id"))
    .options(load_only(Case.service, Case.state, Case.due, Case.created))
    .order_by(Case.created.desc(), Case.id)
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
NUMBER_OF_CASES = select(func.count()).select_from(Case).where(Case.person_id == bindparam("person_id"))
LETTERS = select(Letter).where(Letter.person_id == bindparam("person_id")).order_by(Letter.created.desc()).limit(bindparam("most"))
UNREAD = select(func.count()).select_from(Letter).where(Letter.person_id == bindparam("person_id"), Letter.read.is_(None))
ASKED_IN = select(AnswerRequest).where(AnswerRequest.case_id.in_(bindparam("cases", expanding=True)))
DELIVERED = (
    select(Letter.delivered)
    .where(Letter.case_id == Decision.case_id, Letter.person_id == bindparam("person_id"), Letter.kind == "decision")
    .order_by(Letter.created.desc())
    .limit(1)
    .scalar_subquery()
)
DECISIONS_IN = select(Decision, DELIVERED).where(Decision.case_id.in_(bindparam("cases", expanding=True))).order_by(Decision.sequence)
INFECTED = select(Document.name).where(
    Document.case_id == bindparam("case_id"), Document.person_id == bindparam("person_id"), Document.scan == "infected"
)
DECIDED = frozenset({"decided", "executed", "closed"})


@blueprint.get("")
def overview() -> str:
    """What needs me, where my cases are, what I pay next, new post."""
    me = person_id()
    cases, plan = _cases(5), expected()
    return render_template(
        "mine/overview.html",
        drafts=Drafts(reading(), me).open_ones(),
        services=parts().services,
        tasks=_tasks(requests.open_for(reading(), me)),
        cases=_rows(cases, plan),
        plan=plan,
        said=said_of(plan),
        letters=_letters(3),
        unread=reading().scalar(UNREAD, {"person_id": me}),
    )


@blueprint.get("/cases")
def cases() -> str:
    """All my cases, newest first, some at a time: there are people with hundreds."""
    pages = max(1, ceil((reading().scalar(NUMBER_OF_CASES, {"person_id": person_id()}) or 0) / CASES_A_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "mine/cases.html",
        cases=_rows(_cases(CASES_A_PAGE, (number - 1) * CASES_A_PAGE)),
        number=number,
        pages=pages,
        previous_url=url_for("mine.cases", page=number - 1) if number > 1 else None,
        next_url=url_for("mine.cases", page=number + 1) if number < pages else None,
    )


@blueprint.get("/cases/<uuid:case_id>")
def case(case_id: uuid.UUID) -> str:
    """One case: where it stands, what has happened, what happens next."""
    found = reading().scalar(select(Case).where(Case.id == case_id, Case.person_id == person_id()))
    if found is None:
        abort(404)
    events = reading().scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence)).all()
    waiting = reading().scalars(select(AnswerRequest).where(AnswerRequest.case_id == case_id).order_by(AnswerRequest.created)).all()
    letters = (
        reading().scalars(select(Letter).where(Letter.case_id == case_id, Letter.person_id == person_id()).order_by(Letter.created)).all()
    )
    decision = reading().scalar(select(Decision).where(Decision.case_id == case_id).order_by(Decision.sequence.desc()).limit(1))
    session["municipality"] = found.municipality
    result = None
    if decision is not None and found.state in DECIDED:
        delivered = next((each.delivered for each in reversed(letters) if each.kind == "decision"), None)
        result = result_of(decision, delivered, parts().clock.today(), expected())
    return render_template(
        "mine/case.html",
        title=case_title(found, str(parts().services[found.service].name)),
        case=found,
        service=parts().services[found.service],
        application=reading().get_one(Application, found.application_id),
        lines=timeline(found, events, waiting, parts().services[found.service].tell_citizen),
        **_status(found, waiting, result),
        result=result,
        mine=_tasks(each for each in waiting if each.person_id == person_id() and each.answered is None),
        letters=_told(letters),
        decision=decision,
        may_withdraw=withdrawing.may_withdraw(reading(), found),
        infected=reading().scalars(INFECTED, {"case_id": case_id, "person_id": person_id()}).all(),
    )


@blueprint.post("/cases/<uuid:case_id>/withdraw")
def withdraw(case_id: uuid.UUID) -> Redirect:
    """Take back an application that is not decided."""
    now = parts().clock.now()
    with writing() as work:
        found = work.scalar(select(Case).where(Case.id == case_id, Case.person_id == person_id()).with_for_update())
        if found is None:
            abort(404)
        withdrawing.withdraw(work, found, now, Actor("citizen", str(person_id())))
    return redirect(url_for("mine.case", case_id=case_id), 303)


@blueprint.get("/tasks")
def tasks() -> str:
    """What I am asked to do."""
    over = reading().scalars(
        select(AnswerRequest)
        .where(AnswerRequest.person_id == person_id(), AnswerRequest.answered.is_not(None))
        .order_by(AnswerRequest.answered.desc())
        .limit(20)
    )
    rows = over.all()
    return render_template(
        "mine/tasks.html",
        tasks=_tasks(requests.open_for(reading(), person_id())),
        done=_tasks(each for each in rows if each.outcome not in UNANSWERED),
        ended=_tasks(each for each in rows if each.outcome in UNANSWERED),
    )


@blueprint.get("/payments")
def payments() -> str:
    """The next twelve months, child by child."""
    plan = expected()
    return render_template("mine/payments.html", plan=plan, said=said_of(plan), tables=tables_of(plan))


@blueprint.get("/post")
def post() -> str:
    """My letters, newest first."""
    return render_template("mine/post.html", letters=_letters(MOST_SHOWN))


@blueprint.get("/post/<uuid:letter_id>")
def letter(letter_id: uuid.UUID) -> str:
    """One letter as a page, with what happened to it."""
    # The size is that of what is opened, so the letter is unsealed; what lies sealed is longer.
    found = _letter(letter_id, with_pdf=True)
    content = LetterContent.from_json(found.content)
    size = len(found.pdf or b"")
    if found.read is None:
        with writing() as work:
            work.get_one(Letter, letter_id).read = parts().clock.now()
    # A letter keeps its own language, whatever language the page around it is in.
    with use_locale(content.language):
        words = get_template_attribute("letters/parts.html", "words")(content)
    return render_template(
        "mine/letter.html",
        letter=content,
        row=found,
        words=words,
        delivery=delivery_text(found),
        pdf_size=-(-size // 1024) if size else None,
        **_about(found),
    )


@blueprint.get("/post/<uuid:letter_id>/pdf")
def letter_pdf(letter_id: uuid.UUID) -> Response:
    """The letter as it was sent."""
    found = _letter(letter_id, with_pdf=True)
    if found.pdf is None:
        abort(404)
    response = Response(found.pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="letter.pdf"'
    return response


@blueprint.get("/who-has-looked")
def who_has_looked() -> str:
    """Every look at my data by staff and by the portal, newest first, some at a time."""
    me = person_id()
    pages = max(1, ceil(looked.number_of_looks(reading(), me) / looked.LOOKS_A_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "mine/who_has_looked.html",
        looks=looked.looks(reading(), me, looked.LOOKS_A_PAGE, (number - 1) * looked.LOOKS_A_PAGE),
        number=number,
        pages=pages,
        previous_url=url_for("mine.who_has_looked", page=number - 1) if number > 1 else None,
        next_url=url_for("mine.who_has_looked", page=number + 1) if number < pages else None,
    )


def _cases(most: int, after: int = 0) -> list[Case]:
    return list(reading().scalars(CASES, {"person_id": person_id(), "most": most, "after": after}))


def _rows(found: list[Case], plan: Expected | None = None) -> list[dict[str, Any]]:
    ids = [each.id for each in found]
    waiting: dict[uuid.UUID, list[AnswerRequest]] = {}
    if any(each.state in OPEN for each in found):
        for asked in reading().scalars(ASKED_IN, {"cases": ids}):
            waiting.setdefault(asked.case_id, []).append(asked)
    results = _results([each for each in found if each.state in DECIDED], plan)
    return [
        {
            "title": case_title(each, str(parts().services[each.service].name)),
            "url": url_for("mine.case", case_id=each.id),
            **_row(each, waiting.get(each.id, []), results.get(each.id)),
        }
        for each in found
    ]


def _row(case: Case, waiting: Sequence[AnswerRequest], result: Result | None) -> dict[str, str]:
    if result is not None:
        return {"text": result.row, "tag": result.tag, "tone": result.tone}
    return {"text": standing(case, what_next(case, waiting)), "tag": state_text(case), "tone": TONE.get(case.state, "info")}


def _results(decided: Sequence[Case], plan: Expected | None) -> dict[uuid.UUID, Result]:
    """The newest decision of each case."""
    if not decided:
        return {}
    ids = [each.id for each in decided]
    found = reading().execute(DECISIONS_IN, {"cases": ids, "person_id": person_id()})
    newest = {decision.case_id: (decision, delivered) for decision, delivered in found}
    today = parts().clock.today()
    return {case_id: result_of(decision, delivered, today, plan) for case_id, (decision, delivered) in newest.items()}


def _status(case: Case, waiting: Sequence[AnswerRequest], result: Result | None) -> dict[str, str]:
    """The panel at the top of a case: the result when there is one, else who has the ball and by when."""
    if result is not None:
        return {"heading": result.heading, "standing": result.headline, "tone": result.tone}
    return {"heading": state_text(case), "standing": standing(case, what_next(case, waiting)), "tone": TONE.get(case.state, "info")}


def _tasks(found: Iterable[AnswerRequest]) -> list[dict[str, Any]]:
    return [
        {
            "title": task_title(each),
            "text": _task_words(each),
            "url": url_for("requests.show", request_id=each.id),
            "tag": "",
            "tone": "info",
        }
        for each in found
    ]


def _task_words(request: AnswerRequest) -> str:
    """What is said of a task; of an approval too that MitID asks for it once more, so that nobody is taken aback on the way."""
    if request.answered is not None or step_up.is_met(request.kind if request.kind in ACTIONS else LOGIN):
        return task_text(request)
    return f"{task_text(request)} {_('You will be asked to log in with MitID once more.')}"


def _letters(limit: int) -> list[dict[str, Any]]:
    return _told(reading().scalars(LETTERS, {"person_id": person_id(), "most": limit}))


def _told(letters: Iterable[Letter]) -> list[dict[str, Any]]:
    return [{"row": row, "content": LetterContent.from_json(row.content), "delivery": delivery_text(row)} for row in letters]


def _about(letter: Letter) -> dict[str, Any]:
    """Where the letter's matter stands: the person's own case, or what they were asked in another's."""
    if letter.case_id is None:
        return {"case_url": None, "task_url": None}
    if reading().scalar(select(Case.person_id).where(Case.id == letter.case_id)) == person_id():
        return {"case_url": url_for("mine.case", case_id=letter.case_id), "task_url": None}
    asked = reading().scalar(
        select(AnswerRequest.id)
        .where(AnswerRequest.case_id == letter.case_id, AnswerRequest.person_id == person_id())
        .order_by(AnswerRequest.created.desc())
        .limit(1)
    )
    return {"case_url": None, "task_url": url_for("requests.show", request_id=asked) if asked else None}


def _letter(letter_id: uuid.UUID, *, with_pdf: bool = False) -> Letter:
    query = select(Letter).where(Letter.id == letter_id, Letter.person_id == person_id())
    found = reading().scalar(query.options(undefer(Letter.pdf)) if with_pdf else query)
    if found is None:
        abort(404)
    return found
