"""Every request passes here: language, access, and what became of a post whose session had ended."""

from __future__ import annotations

from flask import Flask, abort, redirect, request, session
from werkzeug.wrappers import Response

from portal.i18n import set_locale
from portal.web import parked, step_up
from portal.web.access import WHO_MAY, may, roles_of
from portal.web.parts import parts

KB, MB = 1024, 1024 * 1024
# Far more than any form's fields take when they are filled to their limits; five files of ten megabytes; one field.
MOST_TEXT, MOST_FILES, MOST_FIELD = 128 * KB, 60 * MB, 8 * KB


def watch(app: Flask) -> None:
    """Install the guard; before CSRF protection, so that a post from an ended session is kept and not refused."""
    app.before_request(limit_size)
    app.before_request(choose_language)
    app.before_request(check_access)


def watch_logins(app: Flask) -> None:
    """Install what asks for a new login; after CSRF protection, so that nothing forged is kept for somebody who is logged in."""
    app.before_request(check_login)


def limit_size() -> None:
    """Refuse a flood before anything reads it. Without this word the application's own limit holds, a page's worth of text."""
    if request.endpoint == "pages.check_field":
        request.max_content_length = MOST_FIELD
    elif request.mimetype == "multipart/form-data" and "person_id" in session and _takes_files():
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
    return _to_log_in(step_up.action_here())


def check_login() -> Response | None:
    """Ask a citizen for a new or a more secure login where what they are about to do needs one, and keep what they sent."""
    if "person_id" not in session:
        return None
    action = step_up.action_here()
    return None if step_up.is_met(action) else _to_log_in(action)


def _to_log_in(action: str) -> Response:
    if request.method == "POST":
        return parked.park_and_log_in(action)
    return redirect(parked.login_address(request.full_path.rstrip("?"), action))
