"""An OpenAPI 3.1 description of every route, from the application's own url map, for tools that try an interface from outside.

`python tools/openapi.py >/tmp/portal.json` writes it. Words such as `slug=free-place page=household case_id=…` say what a part of an
address may be beside anything of its kind: tools do not guess ids. Nothing is asked and nothing stored.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402 - a tool is started as a file, and finds the portal by its folder
from werkzeug.routing import Rule  # noqa: E402

from forms.free_place.calculator import CalculatorForm  # noqa: E402
from portal.cli.demo_settings import demo_environment  # noqa: E402
from portal.journey.forms import StepForm  # noqa: E402
from portal.settings import load_settings  # noqa: E402
from portal.web.application import make_application  # noqa: E402
from portal.web.audit.form import SearchForm  # noqa: E402
from portal.web.back_office.acts import AskForm, DecideForm  # noqa: E402
from portal.web.back_office.protection import RevealForm  # noqa: E402
from portal.web.citizen.answering import HearingForm, InformationForm  # noqa: E402
from portal.web.parts import Parts  # noqa: E402
from portal.wiring import make_parts  # noqa: E402

STATUSES = (200, 302, 303, 400, 403, 404, 405, 409, 413, 422, 429, 503)
PAGE, JSON, TEXT = "text/html", "application/json", "text/plain"
# What else than a page a route may answer with.
ANSWERS = {
    "pages.check_field": (JSON,),
    "pages.schema": (JSON,),
    "health.live": (JSON,),
    "health.ready": (JSON,),
    "health.metrics": (TEXT,),
    "staying.status": (JSON,),
    "backchannel.logout": (JSON,),
    "security_txt.show": (TEXT,),
    "mine.letter_pdf": ("application/pdf",),
    "audit.export": ("text/csv",),
    "office.document": ("application/pdf", "image/jpeg", "image/png"),
}
# What every answer says to the browser; None: anything.
HEADERS: Mapping[str, str | None] = {
    "Content-Security-Policy": None,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": None,
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "X-Request-Id": None,
}
KINDS = {
    "UUIDConverter": {"type": "string", "format": "uuid"},
    "IntegerConverter": {"type": "integer", "minimum": 0},
    "UnicodeConverter": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
}
QUERIES = {
    "pages.language": ("next",),
    "session.login": ("next", "for", "fresh"),
    "session.staff_login": ("next",),
    "session.callback": ("state", "code", "iss", "error"),
    "session.staff_callback": ("state", "code", "iss", "error"),
    "session.refused": ("next", "for", "staff"),
    "apply.step": ("change", "renewed"),
    "mine.cases": ("page",),
    "mine.who_has_looked": ("page",),
    "office.queue": ("none",),
}
FORMS: Mapping[str, tuple[type[StepForm], ...]] = {
    "quote.page": (CalculatorForm,),
    "requests.answer": (HearingForm, InformationForm),
    "office.decide": (DecideForm,),
    "office.ask": (AskForm,),
    "office.reveal": (RevealForm,),
    "audit.search": (SearchForm,),
    "audit.export": (SearchForm,),
}
# Fields that stand in a page beside its form's own.
BESIDE = {
    "apply.save": ("version", "then"),
    "apply.send": ("version",),
    "requests.answer": ("version", "carried", "refuse"),
    "office.decide": ("version", "then", "seen", "author"),
    "office.ask": ("version", "then"),
    "audit.search": ("page",),
    "backchannel.logout": ("logout_token",),
}


def application(folder: Path) -> Flask:
    """The application with settings and keys of its own in `folder`, asked nothing."""
    environ = demo_environment({}, folder, 8000, 8001) | {"PORTAL_DATABASE_URL": "sqlite://"}
    return make_application(make_parts(load_settings(environ)))


def description(app: Flask, known: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """The description. `known` says what a part of an address may be beside anything of its kind."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        paths.setdefault(path_of(rule), {}).update(_operations(app, rule, known or {}))
    return {"openapi": "3.1.0", "info": {"title": "The portal's routes", "version": "1"}, "paths": paths}


def path_of(rule: Rule) -> str:
    """A route's address as OpenAPI writes it.

    >>> path_of(Rule("/apply/<slug>/<uuid:draft_id>/check"))
    '/apply/{slug}/{draft_id}/check'
    """
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def _operations(app: Flask, rule: Rule, known: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    types = (*ANSWERS.get(rule.endpoint, ()), PAGE, TEXT)
    content = {each: {} for each in types}
    headers = {name: {"required": True, "schema": {"type": "string"} | ({"const": only} if only else {})} for name, only in HEADERS.items()}
    answers = {str(status): {"description": str(status), "headers": headers, "content": content} for status in STATUSES}
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        told: dict[str, Any] = {
            "operationId": f"{rule.endpoint}.{method.lower()}",
            "parameters": [*_parts_of_address(rule, known), *_query(rule.endpoint)],
            "responses": answers,
        }
        if method == "POST":
            told["requestBody"] = {"required": True, "content": _body(app, rule.endpoint)}
        yield method.lower(), told


def _parts_of_address(rule: Rule, known: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    for name in sorted(rule.arguments):
        kind: dict[str, Any] = KINDS[type(rule._converters[name]).__name__]
        schema = {"anyOf": [{"type": kind["type"], "enum": list(known[name])}, kind]} if name in known else kind
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(endpoint: str) -> Iterator[dict[str, Any]]:
    for name in QUERIES.get(endpoint, ()):
        yield {"name": name, "in": "query", "schema": {"type": "string"}}


def _body(app: Flask, endpoint: str) -> dict[str, Any]:
    text = {"type": "string"}
    if endpoint == "pages.check_field":
        kinds = {"anyOf": [{"type": "string", "enum": ["amount", "cpr", "date", "month"]}, text]}
        return {JSON: {"schema": {"type": "object", "properties": {"kind": kinds, "value": text}, "required": ["kind", "value"]}}}
    forms = FORMS.get(endpoint, ())
    if endpoint == "apply.save":
        made_of: Parts = app.extensions["portal"]
        forms = tuple(step.form for service in made_of.services.values() for step in service.steps)
    names = sorted({name for form in forms for name in _fields(form)} | set(BESIDE.get(endpoint, ())))
    return {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": dict.fromkeys(names, text)}}}


def _fields(form: type[StepForm]) -> list[str]:
    return [name for name in dir(form) if hasattr(getattr(form, name), "_formfield")]


def main(argv: Sequence[str]) -> int:
    """Write the description to standard output."""
    known: dict[str, list[str]] = {}
    for word in argv:
        name, equals, value = word.partition("=")
        if not equals:
            print(f"usage: python tools/openapi.py [name=value …], not {word!r}", file=sys.stderr)
            return 2
        known.setdefault(name, []).append(value)
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        print(json.dumps(description(app, known), indent=1))
        app.extensions["portal"].database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
