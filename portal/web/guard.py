"""Every request passes here: language, access, and what became of a post whose session had ended."""

from __future__ import annotations

import uuid
from typing import NoReturn

from flask import Flask, abort, redirect, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from portal import audit
from portal.access import NOBODY, Who, may
from portal.i18n import set_locale
from portal.storage.switches import UPLOADS
from portal.web import limits, parked, step_up
from portal.web.access import NAMED, ROUTES, may_open, who_has
from portal.web.objects import standing_of
from portal.web.origin import from_elsewhere
from portal.web.parts import parts, reading, writing
from portal.web.visitor import only_municipality

KB, MB = 1024, 1024 * 1024
# Far more than any form's fields take when they are filled to their limits; five files of ten megabytes; one field.
MOST_TEXT, MOST_FILES, MOST_FIELD = 128 * KB, 60 * MB, 8 * KB


def watch(app: Flask) -> None:
    """Install the guard; before CSRF protection, so that a post from an ended session is kept and not refused."""
    app.before_request(limit_size)
    app.before_request(choose_language)
    app.before_request(check_access)
    app.before_request(refuse_foreign_posts)


def watch_logins(app: Flask) -> None:
    """Install what asks for a new login; after CSRF protection, so that nothing forged is kept for somebody who is logged in."""
    app.before_request(check_login)


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
    if endpoint not in ROUTES:
        abort(404)
    who = who_has(session)
    if may_open(endpoint, who):
        _check_things(*ROUTES[endpoint], who)
        return None
    if NOBODY not in who.roles:
        _deny(who, *ROUTES[endpoint])
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


def refuse_foreign_posts() -> None:
    """A form that the browser says another site has sent is refused, whatever token it brings; a program that is no browser says nothing."""
    if request.method == "POST" and from_elsewhere(request, parts().settings.base_url):
        raise CSRFError("another site")


def _check_things(verb: str, thing: str, who: Who) -> None:
    """Each thing that the address names must be bound to the one who asks. What is not there and what is not theirs look alike."""
    for name, value in (request.view_args or {}).items():
        if name not in NAMED:
            continue
        standing = standing_of(reading(), NAMED[name], value)
        if standing is None:
            abort(404)
        if not may(who, verb, thing, standing):
            _deny(who, verb, NAMED[name], value, standing.owner or standing.asked, standing.municipality)


def _deny(
    who: Who, verb: str, thing: str, thing_id: uuid.UUID | None = None, about: uuid.UUID | None = None, municipality: str | None = None
) -> NoReturn:
    """Write down who tried, and answer as if there were nothing. Of somebody who tries very many, one row says so for an hour."""
    staff = session.get("staff")
    actor = staff["id"] if staff else session.get("person_id")
    counted = limits.count_denial(str(actor))
    if not counted:
        abort(404)
    many = counted > 1
    with writing() as work:
        audit.record(
            work,
            parts().clock.now(),
            role="+".join(sorted(who.roles))[:20] or "no role",
            actor=actor,
            verb="denied",
            subject="many" if many else f"{verb} {thing}:{thing_id}" if thing_id else f"{verb} {thing}",
            person_id=None if many else about,
            municipality=municipality if thing_id and not many else only_municipality(),
            results=counted if many else None,
        )
    abort(404)
