"""Somebody else answers: a partner's approval, a comment, a question from the case worker. One set of pages for all."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal import audit
from portal.audit import purposes
from portal.cases import requests
from portal.cases.events import Actor
from portal.contacts import contact
from portal.i18n import lazy as _l
from portal.identity.actions import LOGIN
from portal.journey.fields import ChoiceField, FileField, TextAreaField
from portal.journey.forms import StepForm
from portal.journey.service import AnswerPage, IncompleteAnswer
from portal.journey.state import State
from portal.phrases import Phrase
from portal.storage.models import AnswerRequest, Case, CaseEvent
from portal.web import parked
from portal.web.asking import asking_about_me
from portal.web.citizen import files
from portal.web.parts import parts, reading, writing
from portal.web.visitor import person_cpr, person_id

CONSENT = "consent"
blueprint = Blueprint("requests", __name__, url_prefix="/my-page/tasks")
Answer = str | Response | tuple[str, int]
# What somebody looked at so long ago is shown again before it counts.
CARRIED_SECONDS = 60 * 60


@dataclass(frozen=True)
class Carried:
    """What travels from page to page of an answer: what was shown, and what was answered to it so far."""

    shown: Mapping[str, Any]
    given: Sequence[Mapping[str, Any]]


class HearingForm(StepForm):
    """What the person says to the facts."""

    answer = ChoiceField(
        _l("What do you say to this?"),
        thing=_l("what you say to this"),
        choices=[("agreed", _l("It is right. You can decide now")), ("commented", _l("Something is wrong, or I want to add something"))],
    )
    text = TextAreaField(_l("Your comments"), thing=_l("your comments"), hint=_l("Leave this out if everything is right"), optional=True)

    def check_together(self) -> None:
        """Comments are needed when something is wrong."""
        if self.answer.data == "commented" and not self.text.data:
            self.text.errors = [str(self.text.fail("missing"))]


class InformationForm(StepForm):
    """The answer to a case worker's question."""

    text = TextAreaField(_l("Your answer"), thing=_l("your answer"))
    papers = FileField(
        _l("Papers, if you are asked for any"), thing=_l("a file"), hint=_l("PDF, JPG or PNG. You can leave this out"), optional=True
    )


def action(request_id: uuid.UUID) -> str:
    """What the person is about to do here, by what they are asked: only an approval needs a login made for it.

    Somebody who is not logged in is asked for that login at once, so that nobody logs in twice, and so that the way to the
    login does not tell whether there is such a request.
    """
    if "person_id" not in session:
        return CONSENT
    try:
        asked = requests.find(reading(), request_id, person_id())
    except requests.NotYours:
        return LOGIN
    return CONSENT if asked.kind == CONSENT and _is_open(asked) else LOGIN


@blueprint.get("/<uuid:request_id>")
def show(request_id: uuid.UUID) -> Answer:
    """What is asked, by whom, by when, and the form to answer with."""
    asked, case = _find(request_id)
    session["municipality"] = case.municipality
    if not _is_open(asked):
        outcome = asked.outcome or "expired"
        own = case.person_id == person_id()
        return render_template("requests/answered.html", asked=asked, outcome=outcome, case=case, own=own, taken_back=_taken_back(asked))
    typed = parked.parked_fields(request.path)
    page = _page(asked, case)
    carried = (_carried(asked, typed) if typed else None) or _begin(page, case)
    form = _form(asked, page, carried, typed)
    if typed:
        form.validate()
    return _draw(asked, case, page, carried, form, restored=bool(typed))


@blueprint.post("/<uuid:request_id>")
def answer(request_id: uuid.UUID) -> Answer:
    """Take one page of the answer; the last one gives it."""
    asked, case = _find(request_id)
    if not _is_open(asked):
        return redirect(url_for("requests.show", request_id=request_id), 303)
    if request.form.get("refuse") == "1" and asked.kind == CONSENT:
        return _give(asked, "refused", {})
    page = _page(asked, case)
    carried = _carried(asked, request.form) if page else _begin(None, case)
    if carried is None:
        return _look_again(asked, case, page), 422
    form = _form(asked, page, carried, request.form)
    files.take_in(form)
    if not form.validate():
        return _draw(asked, case, page, carried, form), 422
    if page is None:
        sent = files.judge(form)
        if any(field.errors for field in form):
            return _draw(asked, case, page, carried, form), 422
        outcome = form.answers().get("answer", "given")
        return _give(asked, outcome, {"text": form.answers().get("text")}, sent)
    carried = Carried(carried.shown, [*carried.given, form.answers()])
    if page.next_form(carried.shown, carried.given) is not None:
        return _draw(asked, case, page, carried, _form(asked, page, carried, None))
    if page.overtaken(carried.shown, _begin(page, case).shown, carried.given):
        return _look_again(asked, case, page), 409
    try:
        return _give(asked, "given", page.answer(carried.shown, carried.given))
    except IncompleteAnswer:
        abort(400)


@blueprint.post("/<uuid:request_id>/withdraw")
def withdraw(request_id: uuid.UUID) -> Response:
    """Take an approval back."""
    now = parts().clock.now()
    try:
        with writing() as work:
            case = requests.withdraw(work, request_id, person_id(), now, Actor("citizen", str(person_id())))
            _audit(work, "withdraw_consent", request_id, case)
    except (requests.NotYours, requests.ChangedSince):
        abort(404)
    return redirect(url_for("requests.show", request_id=request_id), 303)


def _give(asked: AnswerRequest, outcome: str, given: Mapping[str, Any], sent: Sequence[files.Sent] = ()) -> Answer:
    now = parts().clock.now()
    login = {"loa": session.get("loa"), "fresh_at": session.get("fresh_at")}
    try:
        with writing() as work:
            case = requests.answer(
                work,
                asked.id,
                person_id(),
                outcome,
                {**given, "login": login},
                now,
                Actor("citizen", str(person_id())),
                seen_version=_seen_version(),
            )
            files.add_to_case(work, case.id, sent, now)
            _audit(work, "answer_request", asked.id, case)
    except requests.ChangedSince:
        return redirect(url_for("requests.show", request_id=asked.id), 303)
    parked.forget_parked(request.path)
    return redirect(url_for("requests.show", request_id=asked.id), 303)


def _is_open(asked: AnswerRequest) -> bool:
    return asked.answered is None and not requests.has_ended(asked, parts().clock.now())


def _taken_back(asked: AnswerRequest) -> datetime | None:
    """When an approval was taken back, as the case's events have it."""
    if asked.outcome != "withdrawn":
        return None
    taken_back = select(CaseEvent).where(CaseEvent.case_id == asked.case_id, CaseEvent.kind == "consent_withdrawn")
    return next((event.at for event in reading().scalars(taken_back) if event.data.get("request") == str(asked.id)), None)


def _audit(work: Any, verb: str, request_id: uuid.UUID, case: Case) -> None:
    me = person_id()
    audit.record(
        work,
        parts().clock.now(),
        role="citizen",
        actor=str(me),
        verb=verb,
        subject=f"request:{request_id}",
        person_id=case.person_id,
        case_id=case.id,
        municipality=case.municipality,
    )


def _find(request_id: uuid.UUID) -> tuple[AnswerRequest, Case]:
    try:
        asked = requests.find(reading(), request_id, person_id())
    except requests.NotYours:
        abort(404)
    return asked, reading().get_one(Case, asked.case_id)


def _page(asked: AnswerRequest, case: Case) -> AnswerPage | None:
    return parts().services[case.service].answer_pages.get(asked.kind)


def _begin(page: AnswerPage | None, case: Case) -> Carried:
    """Nothing answered, and what the registers say now of the one who answers."""
    if page is None:
        return Carried({}, [])
    service = parts().services[case.service]
    with asking_about_me(purposes.APPROVING, case) as ask:
        facts = service.gather(ask, person_cpr(), parts().clock.today())
    return Carried(page.look(facts), [])


def _form(asked: AnswerRequest, page: AnswerPage | None, carried: Carried, typed: Any) -> StepForm:
    form_class = page.next_form(carried.shown, carried.given) if page else _simple(asked)
    if form_class is None:  # what is carried was signed before the last form
        raise LookupError("there is no form after the last one")
    return form_class(typed, state=State({}, {}, parts().clock.today()))


def _look_again(asked: AnswerRequest, case: Case, page: AnswerPage | None) -> str:
    carried = _begin(page, case)
    return _draw(asked, case, page, carried, _form(asked, page, carried, None), renewed=True)


def _draw(
    asked: AnswerRequest,
    case: Case,
    page: AnswerPage | None,
    carried: Carried,
    form: StepForm,
    *,
    restored: bool = False,
    renewed: bool = False,
) -> str:
    service = parts().services[case.service]
    question = {**asked.question, "facts": [Phrase.from_json(fact) for fact in asked.question.get("facts", [])]}
    return render_template(
        page.template if page else f"requests/{asked.kind}.html",
        asked=asked,
        case=case,
        question=question,
        service=service,
        service_name=str(service.name),
        sender_name=contact(case.municipality).name,
        form=form,
        form_number=len(carried.given),
        restored=restored,
        renewed=renewed,
        errors=bool(form.errors),
        carried=_serializer(asked).dumps({"shown": carried.shown, "given": carried.given}) if page else "",
        **(page.view(carried.shown) if page else {}),
    )


def _carried(asked: AnswerRequest, posted: Mapping[str, str]) -> Carried | None:
    # Earlier pages of an answer travel with the page, signed for this request and this person; nothing is stored before the end.
    try:
        found = _serializer(asked).loads(posted.get("carried", ""), max_age=CARRIED_SECONDS)
    except BadData:
        return None
    return Carried(found["shown"], found["given"])


def _serializer(asked: AnswerRequest) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(parts().settings.signing_keys, salt=f"answer:{asked.id}:{person_id()}:{asked.version}")


def _simple(asked: AnswerRequest) -> type[StepForm]:
    return {"hearing": HearingForm, "information": InformationForm}[asked.kind]


def _seen_version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
