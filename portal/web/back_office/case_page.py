"""The page of one case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import render_template, request
from sqlalchemy import select

from portal.cases import staff
from portal.cases.decision import Proposal
from portal.cases.states import WITH_CASE_WORKER
from portal.i18n import format_date, format_datetime, format_number
from portal.i18n import gettext as _
from portal.municipalities import ALL
from portal.post.content import LetterContent
from portal.registers.cpr import mask
from portal.storage.models import AnswerRequest, CaseEvent, Decision, Document, Letter
from portal.web.back_office import reveals, words
from portal.web.back_office.desk import Desk, look_at, others_of
from portal.web.back_office.listing import arrivals
from portal.web.back_office.protection import RevealForm
from portal.web.parts import parts, reading

KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}


def show(case_id: uuid.UUID) -> str:
    """Draw the page; looking at it has been written down."""
    desk = look_at(case_id)
    return desk.protected.hide(_draw(desk, RevealForm() if desk.protected else None))


def reveal(case_id: uuid.UUID) -> str | tuple[str, int]:
    """Show protected names and addresses once, on the answer to this very request, and write down why."""
    desk, form = look_at(case_id), RevealForm(request.form)
    if not desk.protected:
        return _draw(desk, None)
    if not form.validate():
        return desk.protected.hide(_draw(desk, form)), 422
    reveals.write_down(desk.case, desk.protected, form.reason.data)
    return _draw(desk, None, revealed=True)


def _draw(desk: Desk, form: RevealForm | None, *, revealed: bool = False) -> str:
    case, case_id, now = desk.case, desk.case.id, parts().clock.now()
    events = reading().scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence)).all()
    asked = reading().scalars(select(AnswerRequest).where(AnswerRequest.case_id == case_id).order_by(AnswerRequest.created)).all()
    letters = reading().scalars(select(Letter).where(Letter.case_id == case_id).order_by(Letter.created)).all()
    files = reading().scalars(select(Document).where(Document.case_id == case_id).order_by(Document.created)).all()
    decision = reading().scalar(select(Decision).where(Decision.case_id == case_id).order_by(Decision.sequence.desc()).limit(1))
    in_queue = case.state in WITH_CASE_WORKER
    arrived = arrivals(reading(), [case_id]).get(case_id)
    return render_template(
        "office/case.html",
        case=case,
        about=_about(desk),
        protected=desk.protected,
        form=form,
        errors=bool(form and form.errors),
        revealed=revealed,
        state=words.state_words(case),
        in_queue=in_queue,
        why=words.why_words(case, arrived[0] if arrived else None) if in_queue else [],
        until=format_datetime(case.taken_until) if case.taken_until else "",
        mine=desk.mine and not _overdue(desk),
        free=in_queue and (_overdue(desk) or not (desk.mine or staff.held_elsewhere(case, desk.who, now))),
        tables=desk.service.compare(desk.file.application, desk.file.answers, desk.facts),
        asked_now=bool(desk.facts),
        computed=desk.computed,
        then=_worked_out_before(desk, events),
        stops=[*desk.silent, *desk.missing_figures()] if desk.facts else [],
        decision=(decision, Proposal.from_json(decision.content)) if decision else None,
        requests=[words.request_words(row, _name(desk, row.person_id)) for row in asked],
        letters=[(LetterContent.from_json(row.content), _name(desk, row.person_id), words.delivery(row)) for row in letters],
        documents=[(file, _called(file, number, hidden=bool(form))) for number, file in enumerate(files, 1)],
        opens=bool(files) and (not form or reveals.noted(case, desk.protected)),
        history=words.history(events),
        others=[(other, words.state_words(other)) for other in others_of(case)],
    )


def _about(desk: Desk) -> list[tuple[str, str]]:
    case, applicant = desk.case, desk.file.application["applicant"]
    language = {"da": _("Danish"), "en": _("English")}
    return [
        (_("Applicant"), f"{applicant['name'] or _('Name not known')}, {mask(applicant['cpr'])}"),
        (_("About"), f"{desk.service.name}, KLE {case.kle}"),
        (_("Municipality"), ALL[case.municipality].name if case.municipality in ALL else case.municipality),
        (_("Received"), format_datetime(case.created)),
        (_("Deadline"), format_date(case.due) if case.due else "–"),
        (_("Language of the letters"), language.get(case.language, case.language)),
    ]


def _called(file: Document, number: int, *, hidden: bool) -> str:
    """A document as the page names it: what somebody called a file may well be who it is about."""
    if not hidden:
        return file.name
    kind, size = KINDS.get(file.media_type, _("file")), format_number(-(-file.size // 1024))
    return _("Document %(number)s (%(kind)s, %(size)s KB)", number=number, kind=kind, size=size)


def _worked_out_before(desk: Desk, events: Sequence[CaseEvent]) -> tuple[Proposal, datetime] | None:
    """What the rules worked out when the case came to the queue, and when that was, if it was something else than now."""
    kept = next((event for event in reversed(events) if event.kind == "needs_person" and "proposal" in event.data), None)
    if kept is None or (desk.computed is not None and desk.computed.to_json() == kept.data["proposal"]):
        return None
    return Proposal.from_json(kept.data["proposal"]), kept.at


def _overdue(desk: Desk) -> bool:
    until = desk.case.taken_until
    return desk.mine and (until is None or until < parts().clock.now())


def _name(desk: Desk, person_id: uuid.UUID) -> str:
    """Somebody in the case as the page names them."""
    application = desk.file.application
    if person_id == desk.case.person_id:
        return application["applicant"]["name"] or _("The applicant")
    partner = application["household"]["partner"] or {}
    return partner.get("name") or _("The partner")
