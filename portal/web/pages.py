"""Pages for anybody: the front page, language, privacy, and the small answers given while somebody types."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.i18n import LOCALES
from portal.identity.next_path import local_path
from portal.journey.checking import problem_with
from portal.journey.drafts import Drafts
from portal.web.parts import parts, reading
from portal.web.visitor import person_id

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def front() -> str:
    """What the portal offers; one's own drafts first."""
    drafts = Drafts(reading(), person_id()).open_ones() if "person_id" in session else []
    return render_template("pages/front.html", services=parts().services.values(), drafts=drafts, all_services=parts().services)


@blueprint.get("/language/<code>")
def language(code: str) -> Response:
    """Choose the language and go back to where one was."""
    if code not in LOCALES:
        abort(404)
    session["language"] = code
    return redirect(local_path(request.args.get("next"), url_for("pages.front")))


@blueprint.get("/was")
def was() -> Response | str:
    """The accessibility statement lies where the authority has made it."""
    statement = parts().settings.accessibility_statement
    return redirect(statement) if statement else render_template("pages/was.html")


@blueprint.get("/privacy")
def privacy() -> str:
    """How personal data is used."""
    return render_template("pages/privacy.html")


@blueprint.post("/check-field")
def check_field() -> Response | tuple[Response, int]:
    """Check one field that can be checked alone, while the person goes. Says nothing of anybody: only of the text."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        abort(400)
    if not isinstance(body, dict) or not isinstance(body.get("kind"), str) or not isinstance(body.get("value"), str):
        return jsonify(message=""), 400
    return jsonify(message=problem_with(body["kind"], body["value"][:200], fictional=parts().settings.demo))


@blueprint.get("/schema/<slug>/<int:version>.json")
def schema(slug: str, version: int) -> Response:
    """The published JSON Schema of an application's structured data."""
    service = parts().services.get(slug)
    if service is None or version != service.schema_version:
        abort(404)
    return jsonify(service.schema)
