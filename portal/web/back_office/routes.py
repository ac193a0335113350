"""The queue, the case, and what a case worker can do with it."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from portal import audit
from portal.cases import queue, staff
from portal.storage.models import Case
from portal.web.back_office import ask_page, case_page, decide_page, document_page, listing
from portal.web.back_office.desk import me, scope
from portal.web.parts import parts, reading, writing
from portal.web.visitor import only_municipality, staff_id

blueprint = Blueprint("office", __name__, url_prefix="/back-office")
Answer = str | Response | Redirect | tuple[str, int]
MOST_SHOWN = 50


@blueprint.get("", endpoint="queue")
def show_queue() -> str:
    """The cases that need a person, the oldest first."""
    now, actor = parts().clock.now(), me()
    cases = queue.waiting(reading(), scope(), MOST_SHOWN)
    rows, count = listing.rows(reading(), cases, staff_id(), now), queue.count(reading(), scope())
    undelivered = queue.failed_letters(reading(), scope())
    with writing() as work:
        audit.record(
            work,
            now,
            role=actor.role,
            actor=actor.id,
            verb="list",
            subject="queue",
            municipality=only_municipality(),
            purpose=staff.PURPOSE,
            results=len(rows),
        )
    minutes = int(queue.TAKEN_FOR.total_seconds() // 60)
    return render_template(
        "office/queue.html", rows=rows, count=count, undelivered=undelivered, none_free=request.args.get("none") == "1", minutes=minutes
    )


@blueprint.post("/take-next")
def take_next() -> Redirect:
    """Take the oldest case that nobody has."""
    now = parts().clock.now()
    with writing() as work:
        case = queue.take_next(work, staff_id(), scope(), now)
        if case is not None:
            staff.record(work, case, "take", now, me())
    return redirect(url_for("office.case", case_id=case.id) if case else url_for("office.queue", none=1), 303)


@blueprint.post("/cases/<uuid:case_id>/take")
def take(case_id: uuid.UUID) -> Redirect:
    """Take this case. When a colleague was quicker, its page says so."""
    now = parts().clock.now()
    with writing() as work:
        _find(work, case_id)
        try:
            case = queue.take(work, case_id, staff_id(), scope(), now)
        except queue.TakenBySomebodyElse:
            case = None
        if case is not None:
            staff.record(work, case, "take", now, me())
    return redirect(url_for("office.case", case_id=case_id), 303)


@blueprint.post("/cases/<uuid:case_id>/give-back")
def give_back(case_id: uuid.UUID) -> Redirect:
    """Let somebody else have it."""
    with writing() as work:
        case = _find(work, case_id)
        if staff.is_held(case, staff_id()):
            queue.give_back(case, staff_id())
            staff.record(work, case, "give_back", parts().clock.now(), me())
    return redirect(url_for("office.queue"), 303)


@blueprint.get("/cases/<uuid:case_id>")
def case(case_id: uuid.UUID) -> str:
    """All of a case: why it needs a person, what was said, what registers say now, and what has happened."""
    return case_page.show(case_id)


@blueprint.route("/cases/<uuid:case_id>/reveal", methods=["GET", "POST"])
def reveal(case_id: uuid.UUID) -> Answer:
    """Show protected names and addresses, once, with a reason. Its address alone leads to the case."""
    if request.method == "POST":
        return case_page.reveal(case_id)
    return redirect(url_for("office.case", case_id=case_id))


@blueprint.get("/cases/<uuid:case_id>/documents/<uuid:document_id>")
def document(case_id: uuid.UUID, document_id: uuid.UUID) -> Response | Redirect:
    """A file somebody sent in, for the one who has said why where somebody in the case is protected."""
    return document_page.save(case_id, document_id)


@blueprint.route("/cases/<uuid:case_id>/decide", methods=["GET", "POST"])
def decide(case_id: uuid.UUID) -> Answer:
    """Write a decision, see its letter, and send it."""
    return decide_page.answer(case_id) if request.method == "POST" else decide_page.show(case_id)


@blueprint.route("/cases/<uuid:case_id>/ask", methods=["GET", "POST"])
def ask(case_id: uuid.UUID) -> Answer:
    """Ask the citizen for something."""
    return ask_page.answer(case_id) if request.method == "POST" else ask_page.show(case_id)


def _find(work: Session, case_id: uuid.UUID) -> Case:
    found = work.scalar(staff.visible(scope()).where(Case.id == case_id).with_for_update())
    if found is None:
        abort(404)
    return found
