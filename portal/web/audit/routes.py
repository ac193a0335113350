"""The audit log: searched by auditors, who are in it themselves."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import audit
from portal.i18n import format_number
from portal.registers.cpr import mask
from portal.web import parked
from portal.web.audit.finding import Found, find, heads
from portal.web.audit.form import SearchForm
from portal.web.csv_files import csv_answer
from portal.web.parts import parts, writing
from portal.web.visitor import only_municipality, staff_id, visitor

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
Answer = str | Response | tuple[str, int]
ENTRIES_A_PAGE = 50
MOST_SAVED = 10_000
MOST_PAGES = 100_000


@blueprint.get("", endpoint="page")
def page() -> str:
    """What to search by."""
    typed = parked.parked_fields(request.path)
    return render_template("audit/search.html", form=SearchForm(typed), errors=False, found=None)


@blueprint.post("")
def search() -> Answer:
    """The entries that fit, some at a time. A CPR number stays in the body of the request and is never in an address."""
    form = SearchForm(request.form)
    if not form.validate():
        return render_template("audit/search.html", form=form, errors=True, found=None), 422
    number = min(max(1, request.form.get("page", 1, type=int)), MOST_PAGES)
    with writing() as work:
        found = _find(work, form, ENTRIES_A_PAGE, (number - 1) * ENTRIES_A_PAGE, ids=False)
        _write_down(work, form, found, "search_audit", found.count)
    parked.forget_parked(request.path)
    return render_template(
        "audit/search.html",
        form=form,
        errors=False,
        found=found,
        heads=heads(),
        about=_shown(form),
        number=number,
        pages=max(1, ceil(found.count / ENTRIES_A_PAGE)),
        typed=form.typed,
        most_saved=format_number(MOST_SAVED),
    )


@blueprint.post("/export")
def export() -> Answer:
    """The entries that fit as a file; saving them is written down too."""
    form = SearchForm(request.form)
    if not form.validate():
        return render_template("audit/search.html", form=form, errors=True, found=None), 422
    with writing() as work:
        found = _find(work, form, MOST_SAVED, 0, ids=True)
        _write_down(work, form, found, "export_audit", len(found.rows))
    return csv_answer("audit-log", heads(), found.rows)


def _find(work: Session, form: SearchForm, most: int, after: int, *, ids: bool) -> Found:
    user = visitor()
    return find(work, form, user.municipalities if user else frozenset(), most, after, _shown(form), ids=ids)


def _shown(form: SearchForm) -> str | None:
    """The person who was named, as the page names them: whether anybody has the number or not."""
    return mask(form.person.data) if form.person.data else None


def _write_down(work: Session, form: SearchForm, found: Found, verb: str, results: int) -> None:
    for person in found.about:
        audit.record(
            work,
            parts().clock.now(),
            role="auditor",
            actor=staff_id(),
            verb=verb,
            subject=f"audit:{','.join(form.kinds)}",
            person_id=person,
            municipality=only_municipality(),
            purpose=form.purpose.data,
            reason=form.reason.data,
            results=results,
        )
