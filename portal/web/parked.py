"""Nothing typed is lost when a session has ended: the post is kept, sealed, for an hour and shown again after login."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import redirect, request, session, url_for
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.clock import SystemClock
from portal.storage.models import ParkedPost
from portal.web.parts import reading, writing

KEPT = timedelta(hours=1)
NOT_KEPT = frozenset({"csrf_token", "version"})
MOST_CHARACTERS = 50_000


def park_and_log_in() -> Response:
    """Keep what was posted and send the visitor to log in; they come back to the same page."""
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    if fields and sum(len(name) + len(value) for name, value in fields) <= MOST_CHARACTERS:
        token = secrets.token_urlsafe(24)
        now = SystemClock().now()
        with writing() as work:
            work.execute(delete(ParkedPost).where(ParkedPost.ends <= now))
            work.add(ParkedPost(token_hash=_hash(token), path=request.path, fields=fields, ends=now + KEPT))
        session["parked"] = {"token": token, "path": request.path}
    session["login_why"] = "ended"
    return redirect(url_for("session.login", next=request.path), 303)


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
