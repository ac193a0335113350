"""Nothing typed is lost when a session has ended: the post is kept, sealed, for an hour and shown again after login.

Only for somebody who was logged in, only from a page of ours, and only to that person: a post from anybody else writes
nothing at all. Nor does a post to a page that would not show it again, or to a thing that is not theirs.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, redirect, request, session, url_for
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from portal.access import may
from portal.clock import SystemClock
from portal.identity.actions import LOGIN
from portal.storage.database import Database
from portal.storage.models import ParkedPost
from portal.web.access import NAMED, ROUTES, may_open, who_has
from portal.web.addresses import page_of
from portal.web.bound import bound, opened
from portal.web.objects import standing_of
from portal.web.origin import from_our_page
from portal.web.parts import parts, reading, writing
from portal.web.sessions import owner_of

KEPT = timedelta(hours=1)
MOST_CHARACTERS = 50_000
# Kept of one person; then the oldest goes.
MOST_KEPT = 20
# Pages that show again what was kept: without a login between, and after one.
SHOWN_AGAIN = frozenset({"apply.save", "requests.answer"})
SHOWN_AFTER_LOGIN = SHOWN_AGAIN | {"office.ask", "office.decide", "audit.search"}


def park_and_log_in(action: str = LOGIN) -> Response:
    """Send the visitor to log in, and back to the same page; what a session that has ended had typed is kept."""
    _park(session if owner_of(session) else _what_ended())
    return redirect(login_address(page_of(request.path), action), 303)


def login_address(then: str, action: str = LOGIN) -> str:
    """Where to log in for the page of this request, and what for."""
    return url_for(login_endpoint(request.endpoint), next=then, **({} if action == LOGIN else {"for": action}))


def login_endpoint(endpoint: str | None) -> str:
    """Where the people of a page log in: staff at their own issuer, everybody else with eID."""
    return "session.staff_login" if (endpoint or "").startswith(("office.", "audit.")) else "session.login"


def show_again() -> Response | None:
    """Keep what was posted with a token that has grown old, and show it for the citizen to send again; None when there is no such page."""
    if request.endpoint not in SHOWN_AGAIN or owner_of(session) is None or not _is_ours():
        return None
    _park(session)
    return redirect(request.path, 303)


def keep(lasting: timedelta) -> bool:
    """Put aside what was typed on a page that shows it again, because the page is closed now. Whether there was something to keep."""
    if request.method != "POST" or request.endpoint not in SHOWN_AGAIN or owner_of(session) is None or not _is_ours():
        return False
    return _park(session, lasting)


def sweep(database: Database, now: datetime) -> int:
    """Remove what was kept long enough. Returns how many."""
    with database.transaction() as work:
        return work.execute(delete(ParkedPost).where(ParkedPost.ends <= now)).rowcount


def _is_ours() -> bool:
    return from_our_page(request, parts().settings.base_url)


def _what_ended() -> Mapping[str, Any]:
    return current_app.session_interface.what_ended(session) if _is_ours() else {}  # type: ignore[attr-defined]


def _would_show(data: Mapping[str, Any]) -> bool:
    """Whether there is a page for whoever has this session that shows what was sent: theirs to change, and a page of its service."""
    endpoint, who = request.endpoint or "", who_has(data)
    if endpoint not in SHOWN_AFTER_LOGIN or not may_open(endpoint, who):
        return False
    named = request.view_args or {}
    if "slug" in named:
        service = parts().services.get(named["slug"])
        if service is None or named["page"] not in {step.name for step in service.steps}:
            return False
    things = [standing_of(reading(), NAMED[name], value) for name, value in named.items() if name in NAMED]
    return all(standing is not None and may(who, *ROUTES[endpoint], standing) for standing in things)


def _park(data: Mapping[str, Any], lasting: timedelta = KEPT) -> bool:
    owner = owner_of(data)
    if owner is None or not _would_show(data):
        return False
    try:
        fields = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    except RequestEntityTooLarge:
        # Files are not kept, and are not read from somebody who is not logged in.
        return False
    if not fields or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return False
    token = secrets.token_urlsafe(24)
    with writing() as work:
        work.execute(delete(ParkedPost).where(ParkedPost.owner == owner, ParkedPost.path == request.path))
        kept = bound(_hash(token), {"fields": fields})
        work.add(ParkedPost(token_hash=_hash(token), path=request.path, owner=owner, fields=kept, ends=SystemClock().now() + lasting))
        work.flush()
        newest = select(ParkedPost.id).where(ParkedPost.owner == owner).order_by(ParkedPost.ends.desc()).limit(MOST_KEPT)
        work.execute(delete(ParkedPost).where(ParkedPost.owner == owner, ParkedPost.id.not_in(newest)))
    session["parked"] = {"token": token, "path": request.path}
    return True


def parked_fields(path: str) -> MultiDict[str, str] | None:
    """What was typed on this page before the login, if anything was."""
    ticket: dict[str, Any] | None = session.get("parked")
    if not ticket or ticket["path"] != path:
        return None
    name = _hash(ticket["token"])
    row = reading().scalar(select(ParkedPost).where(ParkedPost.token_hash == name, ParkedPost.ends > SystemClock().now()))
    kept = opened(name, row.fields) if row and (row.path, row.owner) == (path, owner_of(session)) else None
    return MultiDict([(field, value) for field, value in kept["fields"]]) if kept else None


def forget_parked(path: str) -> None:
    """The page has been saved; what was kept of it is thrown away."""
    ticket = session.get("parked")
    if ticket and ticket["path"] == path:
        session.pop("parked")
        with writing() as work:
            work.execute(delete(ParkedPost).where(ParkedPost.token_hash == _hash(ticket["token"])))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
