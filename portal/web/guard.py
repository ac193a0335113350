"""Every request passes here: language, access, and what became of a post whose session had ended."""

from __future__ import annotations

from flask import Flask, abort, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from portal.i18n import set_locale
from portal.storage.switches import UPLOADS
from portal.web import parked
from portal.web.access import WHO_MAY, may, roles_of
from portal.web.origin import from_elsewhere
from portal.web.parts import parts

KB, MB = 1024, 1024 * 1024
# Far more than any form's fields take when they are filled to their limits; five files of ten megabytes; one field.
MOST_TEXT, MOST_FILES, MOST_FIELD = 128 * KB, 60 * MB, 8 * KB


def watch(app: Flask) -> None:
    """Install the guard; before CSRF protection, so that a post from an ended session is kept and not refused."""
    app.before_request(limit_size)
    app.before_request(choose_language)
    app.before_request(check_access)
    app.before_request(refuse_foreign_posts)


def limit_size() -> None:
    """Refuse a flood before anything reads it. Without this word the application's own limit holds, a page's worth of text."""
    if request.endpoint == "pages.check_field":
        request.max_content_length = MOST_FIELD
    elif request.mimetype == "multipart/form-data" and "person_id" in session and _takes_files() and not parts().switches.off(UPLOADS):
        request.max_content_length = MOST_FILES


def _takes_files() -> bool:
    if request.endpoint == "requests.answer":
        return True
    asked = request.view_args or {}
    service = parts().services.get(asked.get("slug", "")) if request.endpoint == "apply.save" else None
    steps = service.steps if service is not None else ()
    return any(step.uploads and step.name == asked.get("page") for step in steps)


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


def refuse_foreign_posts() -> None:
    """A form that the browser says another site has sent is refused, whatever token it brings; a program that is no browser says nothing."""
    if request.method == "POST" and from_elsewhere(request, parts().settings.base_url):
        raise CSRFError("another site")
