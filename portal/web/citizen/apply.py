"""Applying: one engine that turns any Service into pages."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.audit import purposes
from portal.cases.states import OPEN
from portal.cases.submit import SeenOther, Sender, find_sent, submit
from portal.i18n import get_locale
from portal.journey.drafts import MOST_OPEN, ChangedElsewhere, DraftGone, Drafts, TooManyDrafts
from portal.journey.path import NotOnPath, counting, find, first_unanswered, path
from portal.journey.service import Service, Step
from portal.journey.state import State
from portal.storage.models import AnswerRequest, Application, Case, Decision, Document, Draft
from portal.web import limits, parked
from portal.web.asking import asking_about_me
from portal.web.citizen import files
from portal.web.citizen.page import answers_page, conflict_page, state_of, step_page, stop_page
from portal.web.parts import parts, reading, writing
from portal.web.visitor import person_cpr, person_id

blueprint = Blueprint("apply", __name__, url_prefix="/apply")

Answer = str | Response | tuple[str, int]


def service_named(slug: str) -> Service:
    """The service, or a page that is not there."""
    service = parts().services.get(slug)
    if service is None:
        abort(404)
    return service


@blueprint.get("/<slug>")
def start(slug: str) -> str:
    """Before you start: what it is, what is needed, how long it takes, who decides; a draft to go on with comes first."""
    service = service_named(slug)
    drafts: list[Draft] = []
    open_cases: list[Case] = []
    if "person_id" in session:
        drafts = Drafts(reading(), person_id()).open_ones(slug)
        undecided = ~select(Decision.id).where(Decision.case_id == Case.id).exists()
        query = select(Case).where(Case.person_id == person_id(), Case.service == slug, Case.state.in_(OPEN), undecided)
        open_cases = list(reading().scalars(query.order_by(Case.created.desc())))
    return render_template("journey/start.html", service=service, drafts=drafts, most_drafts=MOST_OPEN, open_cases=open_cases)


@blueprint.post("/<slug>")
def begin(slug: str) -> Answer:
    """Make a draft from what the registers know, or say why this person cannot apply here."""
    service = service_named(slug)
    with asking_about_me(purposes.APPLYING) as ask:
        facts = service.gather(ask, person_cpr(), parts().clock.today())
        ask.municipality = facts["municipality"]
    stop = service.needed_facts_problem(facts)
    if stop is not None:
        return stop_page(service, stop)
    session["municipality"] = facts["municipality"]
    try:
        with writing() as work:
            draft_id = Drafts(work, person_id()).begin(slug, facts, parts().clock.now()).id
    except TooManyDrafts:
        # The page says so, and offers the newest.
        return redirect(url_for("apply.start", slug=slug), 303)
    return redirect(url_for("apply.step", slug=slug, draft_id=draft_id, page=service.steps[0].name), 303)


@blueprint.get("/<slug>/<uuid:draft_id>/<page>")
def step(slug: str, draft_id: uuid.UUID, page: str) -> Answer:
    """Show one page."""
    service = service_named(slug)
    draft = _draft(service, draft_id)
    if draft.ended is not None:
        return _to_receipt(draft)
    state = state_of(service, draft)
    try:
        way, index = find(service, state, page)
    except NotOnPath as elsewhere:
        return _to(service, draft_id, elsewhere.instead)
    typed = parked.parked_fields(request.path)
    chosen = way[index]
    form = chosen.form(typed, saved=draft.answers["pages"].get(page), state=state)
    if typed is not None:
        form.validate()
    stored = files.of_draft(draft_id) if chosen.uploads else []
    return step_page(service, draft, state, way, index, form, stored=stored, restored=typed)


@blueprint.post("/<slug>/<uuid:draft_id>/<page>")
def save(slug: str, draft_id: uuid.UUID, page: str) -> Answer:
    """Save one page and go on."""
    service = service_named(slug)
    draft = _draft(service, draft_id)
    if draft.ended is not None:
        return _to_receipt(draft)
    state = state_of(service, draft)
    try:
        way, index = find(service, state, page)
    except NotOnPath as elsewhere:
        return _to(service, draft_id, elsewhere.instead)
    chosen = way[index]
    form = chosen.form(request.form, state=state)
    stored = files.attach(form, draft_id) if chosen.uploads else []
    if not form.validate():
        return step_page(service, draft, state, way, index, form, stored=stored), 422
    limits.count_others(str(person_id()), form)
    sent = files.judge(form)
    answer = form.answers()
    after = state.with_answer(page, answer)
    stop = chosen.stop(after)
    if stop is not None:
        return stop_page(service, stop, back=url_for("apply.step", slug=slug, draft_id=draft_id, page=page))
    answer |= chosen.remember(after)
    try:
        with writing() as work:
            drafts = Drafts(work, person_id())
            held = drafts.lock(draft_id, slug)
            if sent:
                files.keep(work, drafts, held, sent, parts().clock.now())
            if not form.error_list():
                drafts.save(held, page, answer, _seen_version(), parts().clock.now())
    except ChangedElsewhere:
        return conflict_page(service, draft, state, chosen, form), 409
    except DraftGone:
        # Sent or thrown away in another window while this page was on its way.
        return _to_receipt(_draft(service, draft_id))
    if form.error_list():
        return step_page(service, _draft(service, draft_id), state, way, index, form, stored=files.of_draft(draft_id)), 422
    parked.forget_parked(request.path)
    return _after_saving(service, draft_id, state.with_answer(page, answer), chosen)


@blueprint.get("/<slug>/<uuid:draft_id>/check")
def check(slug: str, draft_id: uuid.UUID) -> Answer:
    """All answers, with where each came from and a way to change it."""
    service = service_named(slug)
    draft = _draft(service, draft_id)
    if draft.ended is not None:
        return _to_receipt(draft)
    state = state_of(service, draft)
    stale = _first_stale(service, state)
    if stale is not None:
        return _to(service, draft_id, stale, renewed=stale.name in state.answers)
    return answers_page(service, draft, counting(service, state), _files(service, state, draft_id))


@blueprint.post("/<slug>/<uuid:draft_id>/check")
def send(slug: str, draft_id: uuid.UUID) -> Answer:
    """Send the application, once, however often this is asked."""
    service = service_named(slug)
    draft = _draft(service, draft_id)
    if draft.ended is not None:
        return _to_receipt(draft)
    state = state_of(service, draft)
    stale = _first_stale(service, state)
    if stale is not None:
        return _to(service, draft_id, stale, renewed=stale.name in state.answers)
    sender = Sender(person_id(), get_locale())
    try:
        with writing() as work:
            application = submit(work, service, draft_id, counting(service, state), sender, _seen_version(), parts().clock.now())
            application_id = application.id
    except SeenOther:
        draft = _draft(service, draft_id)
        fresh = counting(service, state_of(service, draft))
        return answers_page(service, draft, fresh, _files(service, fresh, draft_id), changed=True), 409
    except DraftGone:
        abort(404)
    return redirect(url_for("apply.receipt", slug=slug, application_id=application_id), 303)


@blueprint.get("/<slug>/receipt/<uuid:application_id>")
def receipt(slug: str, application_id: uuid.UUID) -> str:
    """What was received, when, and what happens next."""
    service = service_named(slug)
    application = reading().scalar(select(Application).where(Application.id == application_id, Application.person_id == person_id()))
    if application is None or application.service != slug:
        abort(404)
    case = reading().scalars(select(Case).where(Case.application_id == application_id)).one()
    waiting_for = list(reading().scalars(select(AnswerRequest).where(AnswerRequest.case_id == case.id, AnswerRequest.answered.is_(None))))
    return render_template("journey/receipt.html", service=service, application=application, case=case, waiting_for=waiting_for)


@blueprint.post("/<slug>/<uuid:draft_id>/discard")
def discard(slug: str, draft_id: uuid.UUID) -> Response:
    """Throw a draft away."""
    with writing() as work:
        drafts = Drafts(work, person_id())
        try:
            draft = drafts.lock(draft_id, service_named(slug).slug)
        except DraftGone:
            abort(404)
        if draft.ended is None:
            files.forget(work, draft_id)
            drafts.throw_away(draft, parts().clock.now())
    return redirect(url_for("apply.start", slug=slug), 303)


@blueprint.post("/<slug>/<uuid:draft_id>/<page>/files/<uuid:file_id>/remove")
def remove_file(slug: str, draft_id: uuid.UUID, page: str, file_id: uuid.UUID) -> Response:
    """Take a sent file out of the draft again."""
    service = service_named(slug)
    try:
        with writing() as work:
            drafts = Drafts(work, person_id())
            files.remove(work, drafts, drafts.lock(draft_id, slug), file_id, parts().clock.now())
    except DraftGone:
        return _to_receipt(_draft(service, draft_id))
    return redirect(url_for("apply.step", slug=slug, draft_id=draft_id, page=page), 303)


def _draft(service: Service, draft_id: uuid.UUID) -> Draft:
    try:
        return Drafts(reading(), person_id()).get(draft_id, service.slug)
    except DraftGone:
        abort(404)


def _files(service: Service, state: State, draft_id: uuid.UUID) -> list[Document]:
    """The files that count: none when the page that asks for them is no longer on the way."""
    return files.of_draft(draft_id) if any(each.uploads for each in path(service, state)) else []


def _to(service: Service, draft_id: uuid.UUID, target: Step | None, *, renewed: bool = False) -> Response:
    if target is None:
        return redirect(url_for("apply.check", slug=service.slug, draft_id=draft_id), 303)
    extra: dict[str, Any] = {"renewed": 1} if renewed else {}
    return redirect(url_for("apply.step", slug=service.slug, draft_id=draft_id, page=target.name, **extra), 303)


def _to_receipt(draft: Draft) -> Response:
    application = find_sent(reading(), draft)
    if application is None:
        abort(404)
    return redirect(url_for("apply.receipt", slug=draft.service, application_id=application.id), 303)


def _after_saving(service: Service, draft_id: uuid.UUID, state: State, saved: Step) -> Response:
    if request.form.get("then") == "close":
        return redirect(url_for("mine.overview"), 303)
    if request.form.get("then") == "check":
        return _to(service, draft_id, _first_stale(service, state))
    way = path(service, state)
    names = [each.name for each in way]
    following = way[names.index(saved.name) + 1 :] if saved.name in names else way
    return _to(service, draft_id, following[0] if following else None)


def _first_stale(service: Service, state: State) -> Step | None:
    """The first page that is unanswered, or that showed something which no longer holds: a new month, new figures."""
    way = path(service, state)
    gap = first_unanswered(way, state)
    if gap is not None:
        return gap
    counted = counting(service, state)
    for each in way:
        remembered = each.remember(counted)
        if any(counted.answers[each.name].get(key) != value for key, value in remembered.items()):
            return each
    return None


def _seen_version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
