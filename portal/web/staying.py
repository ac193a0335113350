"""How long somebody is still logged in, said on every page, and the button that makes it longer.

Asking is no sign of anybody being there: only the button, and all other pages, make a session last. Both answer a script
with JSON and a person with a small page, which is opened beside the one they are typing on.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.i18n import format_time
from portal.i18n import gettext as _
from portal.web.sessions import SessionEnd
from portal.web.visitor import visitor

blueprint = Blueprint("staying", __name__)
WARN_SECONDS = 5 * 60


def my_end() -> SessionEnd | None:
    """When whoever is logged in will be logged out; None for nobody."""
    return current_app.session_interface.end_of(session) if visitor() else None  # type: ignore[attr-defined]


def for_layout() -> dict[str, Any] | None:
    """What every page of somebody logged in says of it."""
    end = my_end()
    return end and {"left": end.left, "warn": WARN_SECONDS, "can_extend": end.can_extend, "words": _calm(end), "again": log_in_again()}


def log_in_again() -> str:
    """Where to log in once more in a tab of its own, which then shows until when."""
    then = url_for("staying.status")
    return url_for("session.staff_login", next=then) if "staff" in session else url_for("session.login", next=then, fresh=1)


@blueprint.get("/session/status")
def status() -> Response | str:
    """Until when one is logged in. Does not make it longer."""
    session.rests = True  # type: ignore[attr-defined]
    end = my_end()
    if request.accept_mimetypes.best != "application/json":
        return render_template("pages/session.html", words=_calm(end) if end else None)
    if end is None:
        return jsonify(left=0, can_extend=False, words=_over())
    return jsonify(left=end.left, can_extend=end.can_extend, words=_warning(end) if end.left <= WARN_SECONDS else _calm(end))


@blueprint.post("/session/extend")
def extend() -> Response:
    """Be active, and see until when one is logged in now."""
    if visitor():
        session.modified = True
    return redirect(url_for("staying.status"), 303)


def _calm(end: SessionEnd) -> str:
    if end.can_extend:
        return _("You are logged in until %(time)s.", time=format_time(end.at))
    return _("You are logged in until %(time)s. Then you must log in again.", time=format_time(end.at))


def _warning(end: SessionEnd) -> str:
    if end.can_extend:
        return _(
            'You will be logged out at %(time)s. To go on, press the button "Stay logged in" at the bottom of the page.',
            time=format_time(end.at),
        )
    if "staff" in session:
        return _(
            "You will be logged out at %(time)s. You cannot get more time. Save what you are writing before then.", time=format_time(end.at)
        )
    return _(
        "You will be logged out at %(time)s. You cannot get more time. Go on to the next page before then, or log in again in a new tab. "
        "What you have typed in an application or an answer is kept.",
        time=format_time(end.at),
    )


def _over() -> str:
    return _("You have been logged out. Log in again, and go on from here. What you have typed in an application or an answer is kept.")
