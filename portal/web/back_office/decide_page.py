"""Deciding: the form, the letter as the citizen will get it, and the decision itself, once."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.cases import deciding, letters, staff
from portal.cases.decision import Proposal
from portal.cases.states import WITH_CASE_WORKER
from portal.i18n import use_locale
from portal.storage.models import Decision
from portal.web import parked
from portal.web.back_office.acts import ANSWER_DAYS, DecideForm, decide_form
from portal.web.back_office.desk import Desk, look_at, me, scope
from portal.web.back_office.drafting import digest, draft, must_be_heard, written
from portal.web.parts import parts, reading, writing

Answer = str | Response | tuple[str, int]
# What the page with the letter adds to the form by itself.
NOT_TYPED = frozenset({"csrf_token", "version", "then", "seen", "reasons"})


def show(case_id: uuid.UUID) -> Answer:
    """The form, for the one who has the case."""
    desk = look_at(case_id)
    if not desk.mine:
        return redirect(_case(case_id))
    typed = parked.parked_fields(request.path)
    form = decide_form(desk, typed)
    if typed is not None:
        form.validate()
    return _form_page(desk, form, notice="restored" if typed is not None else "")


def answer(case_id: uuid.UUID) -> Answer:
    """Check what was written and show its letter; when that has been seen, send it."""
    desk = look_at(case_id)
    if desk.case.state not in WITH_CASE_WORKER:
        return redirect(_case(case_id), 303)
    form = decide_form(desk, request.form)
    if not desk.mine:
        return _form_page(desk, form, notice="lost"), 409
    then = request.form.get("then")
    if then == "edit":
        return _form_page(desk, form)
    proposal = draft(desk, form) if form.validate() else None
    if proposal is None:
        return _form_page(desk, form), 422
    if seen_version() != desk.file.version:
        return _form_page(desk, form, notice="changed"), 409
    unheard = must_be_heard(desk, form, proposal)
    asked_to_act = then == "hear" or (then == "send" and not unheard)
    if asked_to_act and request.form.get("seen") == digest(proposal):
        return _carry_out(desk, form, proposal, hear=then == "hear")
    return _letter_page(desk, form, proposal, changed=asked_to_act, must_hear=unheard)


def seen_version() -> int:
    """The number of the newest event when the page was drawn."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _carry_out(desk: Desk, form: DecideForm, proposal: Proposal, *, hear: bool) -> Answer:
    now, case_id = parts().clock.now(), desk.case.id
    try:
        with writing() as work:
            case = staff.hold(work, case_id, desk.who, scope(), seen_version(), now)
            if hear:
                staff.hear(work, desk.service, case, proposal, desk.today + timedelta(days=ANSWER_DAYS), now, me())
            else:
                deciding.decide(work, desk.service, case, proposal, desk.facts["applicant"], now, me())
    except staff.ChangedSince:
        return _form_page(look_at(case_id), form, notice="changed"), 409
    except staff.NotHeld:
        # Most often the second of two clicks: the first one has decided.
        return redirect(_case(case_id), 303)
    parked.forget_parked(request.path)
    return redirect(_case(case_id), 303)


def _form_page(desk: Desk, form: DecideForm, *, notice: str = "") -> str:
    page = render_template(
        "office/decide.html",
        case=desk.case,
        version=desk.file.version,
        form=form,
        errors=bool(form.errors),
        notice=notice,
        computed=desk.computed,
        stops=[*desk.silent, *desk.missing_figures()],
        heard=desk.heard,
    )
    return desk.protected.hide(page)


def _letter_page(desk: Desk, form: DecideForm, proposal: Proposal, *, changed: bool, must_hear: bool) -> str:
    case = desk.case
    decision = Decision(case_id=case.id, content=proposal.to_json())
    letter = letters.compose(
        reading(), desk.service, case, "decision", parts().clock.now(), case.person_id, case.language, decision=decision
    )
    with use_locale(case.language):
        drawn = Markup(render_template("office/letter.html", letter=letter))  # noqa: S704 - our own template, which escapes
    reasons = written(desk, proposal, form)
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED]
    page = render_template(
        "office/preview.html",
        case=case,
        letter=letter,
        drawn=drawn,
        typed=[*typed, ("reasons", reasons)],
        version=desk.file.version,
        seen=digest(proposal),
        changed=changed,
        refused=proposal.outcome == "refused",
        heard=desk.heard,
        must_hear=must_hear,
        hearing_days=ANSWER_DAYS,
    )
    return desk.protected.hide(page)


def _case(case_id: uuid.UUID) -> str:
    return url_for("office.case", case_id=case_id)
