"""Asking the citizen for something."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.cases import staff
from portal.cases.states import WITH_CASE_WORKER
from portal.journey.state import State
from portal.web import parked
from portal.web.back_office.acts import ANSWER_DAYS, AskForm
from portal.web.back_office.decide_page import seen_version
from portal.web.back_office.desk import Desk, look_at, me, scope
from portal.web.parts import parts, writing

Answer = str | Response | tuple[str, int]


def show(case_id: uuid.UUID) -> Answer:
    """The form, for the one who has the case."""
    desk = look_at(case_id)
    if not desk.mine:
        return redirect(url_for("office.case", case_id=case_id))
    typed = parked.parked_fields(request.path)
    deadline = (desk.today + timedelta(days=ANSWER_DAYS)).isoformat()
    form = AskForm(typed, saved={"deadline": deadline}, state=State({}, {}, desk.today))
    if typed is not None:
        form.validate()
    return _page(desk, form, notice="restored" if typed is not None else "")


def answer(case_id: uuid.UUID) -> Answer:
    """Ask, once."""
    desk = look_at(case_id)
    if desk.case.state not in WITH_CASE_WORKER:
        return redirect(url_for("office.case", case_id=case_id), 303)
    form = AskForm(request.form, state=State({}, {}, desk.today))
    if not desk.mine:
        return _page(desk, form, notice="lost"), 409
    if not form.validate():
        return _page(desk, form), 422
    now = parts().clock.now()
    try:
        with writing() as work:
            case = staff.hold(work, case_id, desk.who, scope(), seen_version(), now)
            staff.ask_citizen(work, desk.service, case, form.text.data, date.fromisoformat(form.deadline.data), now, me())
    except staff.ChangedSince:
        return _page(look_at(case_id), form, notice="changed"), 409
    except staff.NotHeld:
        return redirect(url_for("office.case", case_id=case_id), 303)
    parked.forget_parked(request.path)
    return redirect(url_for("office.case", case_id=case_id), 303)


def _page(desk: Desk, form: AskForm, *, notice: str = "") -> str:
    return render_template("office/ask.html", case=desk.case, version=desk.file.version, form=form, errors=bool(form.errors), notice=notice)
