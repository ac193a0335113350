"""Drawing the pages of an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask import render_template, request, url_for

from portal.contacts import contact
from portal.journey.forms import StepForm
from portal.journey.path import path
from portal.journey.service import Service, Step
from portal.journey.state import State
from portal.journey.stop import Stop
from portal.storage.models import Document, Draft
from portal.web.parts import parts


def state_of(service: Service, draft: Draft) -> State:
    """The draft as the pure parts see it."""
    today = parts().clock.today()
    return State(draft.answers["pages"], draft.facts, today, service.context(draft.facts, today))


def step_page(
    service: Service,
    draft: Draft,
    state: State,
    way: Sequence[Step],
    index: int,
    form: StepForm,
    *,
    stored: Sequence[Document] = (),
    restored: Mapping[str, str] | None = None,
) -> str:
    """One page of the way. `restored` is what was typed before a login, with the version of the draft it was typed on."""
    step = way[index]
    back = url_for("apply.start", slug=service.slug)
    if index:
        back = url_for("apply.step", slug=service.slug, draft_id=draft.id, page=way[index - 1].name)
    to_check = request.form.get("then") == "check" or request.args.get("change") == "1"
    if to_check:
        back = url_for("apply.check", slug=service.slug, draft_id=draft.id)
    return render_template(
        step.template,
        **_frame(service, state),
        step=step,
        page_title=step.title if isinstance(step.title, str) else str(step.title),
        step_number=index + 1,
        step_count=len(way) + 1,
        form=form,
        errors=bool(form.errors),
        draft=draft,
        back=back,
        to_check=to_check,
        stored=stored,
        restored=restored is not None,
        version=(restored or {}).get("version") or draft.version,
        renewed=request.args.get("renewed") == "1",
        action=url_for("apply.save", slug=service.slug, draft_id=draft.id, page=step.name),
        **step.view(state),
    )


def answers_page(service: Service, draft: Draft, state: State, documents: Sequence[Document], *, changed: bool = False) -> str:
    """Check your answers."""
    way = path(service, state)
    rows = [row for step in way for row in _rows(service, draft, step, state)]
    return render_template(
        "journey/check.html",
        **_frame(service, state),
        rows=rows,
        step_number=len(way) + 1,
        step_count=len(way) + 1,
        draft=draft,
        documents=documents,
        asks_files=any(step.uploads for step in way),
        changed=changed,
        back=url_for("apply.step", slug=service.slug, draft_id=draft.id, page=way[-1].name),
    )


def conflict_page(service: Service, draft: Draft, state: State, step: Step, form: StepForm) -> str:
    """The same page was saved elsewhere: two versions, and a choice."""
    saved = step.form(None, saved=draft.answers["pages"].get(step.name), state=state)
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "version")]
    return render_template(
        "journey/conflict.html",
        **_frame(service, state),
        step=step,
        draft=draft,
        typed=typed,
        pairs=[(field.label.text, _shown(saved[field.name]), _shown(field)) for field in form if field.kind != "file"],
    )


def stop_page(service: Service, stop: Stop, *, back: str | None = None) -> str:
    """The application ends here; what the person can do instead."""
    return render_template("journey/stop.html", service=service, service_name=str(service.name), stop=stop, back=back)


def _frame(service: Service, state: State) -> dict[str, Any]:
    code = state.facts.get("municipality")
    return {
        "service": service,
        "service_name": str(service.name),
        "sender_name": contact(code).name if code else None,
        "contact_code": code,
    }


def _rows(service: Service, draft: Draft, step: Step, state: State) -> list[dict[str, Any]]:
    # A page without fields was only shown: there is nothing on it to change.
    change = url_for("apply.step", slug=service.slug, draft_id=draft.id, page=step.name, change=1) if _asks(step.form) else None
    return [{"label": answer.label, "value": answer.text, "source": answer.source, "change_url": change} for answer in step.summary(state)]


@cache
def _asks(form: type[StepForm]) -> bool:
    return any(True for _field in form())


def _shown(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        return ", ".join(str(label) for _value, label, chosen, _extra in field.iter_choices() if chosen) or "–"
    if field.kind == "date":
        return " ".join(part for part in field.parts().values() if part) or "–"
    return field._value() or "–"
