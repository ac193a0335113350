"""Every request passes here: language, access, and what became of a post whose session had ended."""

from __future__ import annotations

from flask import Flask, abort, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.i18n import set_locale
from portal.web import parked
from portal.web.access import WHO_MAY, may, roles_of


def watch(app: Flask) -> None:
    """Install the guard; before CSRF protection, so that a post from an ended session is kept and not refused."""
    app.before_request(limit_text)
    app.before_request(choose_language)
    app.before_request(check_access)


def limit_text() -> None:
    """Refuse a flood of text before anything reads it: the parser's own limit holds only for forms that carry files."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def choose_language() -> None:
    """Danish unless the visitor chose English."""
    set_locale(session.get("language", "da"))


def check_access() -> Response | None:
    """Let through, send to login, or answer as if the page were not there."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    if endpoint not in WHO_MAY:
        abort(404)
    if may(endpoint, roles_of(session)):
        return None
    if "staff" in session or "person_id" in session:
        abort(404)
    # An approval needs a login made for it: asked for at once, so that nobody logs in twice.
    fresh = endpoint.startswith("requests.")
    if request.method == "POST":
        return parked.park_and_log_in(fresh=fresh)
    extra = {"fresh": 1} if fresh else {}
    return redirect(url_for(parked.login_endpoint(endpoint), next=request.full_path.rstrip("?"), **extra))
