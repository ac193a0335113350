"""Nothing typed is lost when a session has ended: the post is kept, sealed, for an hour and shown again after login."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import current_app, redirect, request, session, url_for
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.clock import SystemClock
from portal.storage.models import ParkedPost
from portal.web.parts import reading, writing

KEPT = timedelta(hours=1)
MOST_CHARACTERS = 50_000
# Pages that show again what was kept.
SHOWN_AGAIN = frozenset({"apply.save", "requests.answer"})


def park_and_log_in(*, fresh: bool = False) -> Response:
    """Keep what was posted and send the visitor to log in; they come back to the same page."""
    _park()
    return redirect(url_for(login_endpoint(request.endpoint), next=_page_of(request.path), **({"fresh": 1} if fresh else {})), 303)


def login_endpoint(endpoint: str | None) -> str:
    """Where the people of a page log in: staff at their own issuer, everybody else with eID."""
    return "session.staff_login" if (endpoint or "").startswith("office.") else "session.login"


def show_again() -> Response | None:
    """Keep what was posted with a token that has grown old, and show it for the citizen to send again; None when there is no such page."""
    if request.endpoint not in SHOWN_AGAIN or "person_id" not in session:
        return None
    _park()
    return redirect(request.path, 303)


def _park() -> None:
    fields = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    if fields and sum(len(name) + len(value) for name, value in fields) <= MOST_CHARACTERS:
        token = secrets.token_urlsafe(24)
        now = SystemClock().now()
        with writing() as work:
            work.execute(delete(ParkedPost).where(ParkedPost.ends <= now))
            work.add(ParkedPost(token_hash=_hash(token), path=request.path, fields=fields, ends=now + KEPT))
        session["parked"] = {"token": token, "path": request.path}


def _page_of(path: str) -> str:
    """The nearest page: a form may be sent to an address that cannot be fetched."""
    routes = current_app.create_url_adapter(request)
    while routes is not None and path and not routes.test(path, "GET"):
        path = path.rsplit("/", 1)[0]
    return path or "/"


def parked_fields(path: str) -> MultiDict[str, str] | None:
    """What was typed on this page before the login, if anything was."""
    ticket: dict[str, Any] | None = session.get("parked")
    if not ticket or ticket["path"] != path:
        return None
    row = reading().scalar(select(ParkedPost).where(ParkedPost.token_hash == _hash(ticket["token"]), ParkedPost.ends > SystemClock().now()))
    return MultiDict([(name, value) for name, value in row.fields]) if row and row.path == path else None


def forget_parked(path: str) -> None:
    """The page has been saved; what was kept of it is thrown away."""
    ticket = session.get("parked")
    if ticket and ticket["path"] == path:
        session.pop("parked")
        with writing() as work:
            work.execute(delete(ParkedPost).where(ParkedPost.token_hash == _hash(ticket["token"])))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
