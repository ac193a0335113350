"""Sessions. A logged-in one lives in the database and ends there; an anonymous one is a small signed cookie.

The anonymous cookie holds the language and the key against forged posts, so that a visitor who only reads leaves no
row behind. Anything personal makes a row, sealed, found by the hash of the cookie's value.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from itsdangerous import BadSignature
from sqlalchemy import and_, bindparam, delete, or_, select, update

from portal.clock import Clock, SystemClock
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.eid_sessions import lookups
from portal.storage.models import WebSession
from portal.web.bound import bound, opened
from portal.web.origin import from_elsewhere
from portal.web.parts import reading

# `was` names the row of a session that has ended, so that what its person had typed can be kept for them.
ANONYMOUS_KEYS = frozenset({"csrf_token", "language", "was"})
TOUCH = timedelta(minutes=1)
LOGIN_MINUTES = timedelta(hours=1)
# Who was logged in is known for so long after the end.
REMEMBERED = timedelta(hours=12)
# Asked at every request, so it is put together once, and on the table: a mapped object would cost as much again.
TABLE = WebSession.__table__
BY_TOKEN = select(TABLE.c.data, TABLE.c.last_seen, TABLE.c.ends).where(TABLE.c.token_hash == bindparam("token_hash"))


@dataclass(frozen=True)
class SessionEnd:
    """When a session ends, in how many seconds, and whether staying active would move it: the hard limit cannot be moved."""

    at: datetime
    left: int
    can_extend: bool


class PortalSession(dict[str, Any], SessionMixin):
    """A session that knows whether it was changed. `ended`: the cookie named a session that is no more, or never was."""

    def __init__(self, values: dict[str, Any] | None = None, token: str | None = None, *, ended: bool = False) -> None:
        super().__init__(values or {})
        self.token = token
        self.ended = ended
        self.renew = False
        self.before = _digest(self)
        self.last_seen: datetime | None = None
        self.ends: datetime | None = None
        self.row_age = timedelta(0)
        # Set by an answer that is no sign of anybody being there: it does not make the session last longer.
        self.rests = False

    @property
    def anonymous(self) -> bool:
        return set(self) <= ANONYMOUS_KEYS

    @property
    def modified(self) -> bool:  # type: ignore[override]
        return self.renew or _digest(self) != self.before

    @modified.setter
    def modified(self, value: bool) -> None:
        if value:
            self.before = b""


class DatabaseSessions(SessionInterface):
    """Loads and stores sessions. Uses the machine's clock: a session's life has nothing to do with the demo's date."""

    def __init__(self, database: Database, settings: Settings, clock: Clock | None = None) -> None:
        self._database = database
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._hard = timedelta(hours=settings.session_hard_hours)
        self._clock = clock or SystemClock()
        self._signer = SecureCookieSessionInterface()
        self._cookie = "__Host-portal" if settings.secure_cookies else "portal"
        self._secure = settings.secure_cookies
        self._base_url = settings.base_url

    def open_session(self, app: Flask, request: Request) -> PortalSession:
        value = request.cookies.get(self._cookie, "")
        if value.startswith("s."):
            return self._load(value[2:])
        if value.startswith("a."):
            signer = self._signer.get_signing_serializer(app)
            try:
                return PortalSession(signer.loads(value[2:]) if signer else {})
            except BadSignature:
                return PortalSession()
        return PortalSession()

    def _load(self, token: str) -> PortalSession:
        row = reading().connection().execute(BY_TOKEN, {"token_hash": _hash(token)}).one_or_none()
        now = self._clock.now()
        data = opened(_hash(token), row.data) if row is not None else None
        if row is None or data is None or row.ends <= now or row.last_seen + self._idle <= now:
            return PortalSession(_after_the_end(token, data or {}), ended=True)
        loaded = PortalSession(data, token)
        loaded.row_age, loaded.last_seen, loaded.ends = now - row.last_seen, row.last_seen, row.ends
        return loaded

    def end_of(self, session: PortalSession) -> SessionEnd | None:
        """When this session ends if this request is the last; None for one that is not kept here, or not yet."""
        if session.last_seen is None or session.ends is None:
            return None
        now = self._clock.now()
        idle = (now if self._touches(session) else session.last_seen) + self._idle
        return SessionEnd(min(idle, session.ends), max(0, int((min(idle, session.ends) - now).total_seconds())), idle < session.ends)

    def what_ended(self, session: PortalSession) -> Mapping[str, Any]:
        """What the session before this one held, when somebody was logged in and it ended by itself; else nothing."""
        if "was" not in session:
            return {}
        token_hash = bytes.fromhex(session["was"])
        row = reading().connection().execute(BY_TOKEN, {"token_hash": token_hash}).one_or_none()
        data = opened(token_hash, row.data) if row is not None else None
        return data if data is not None and owner_of(data) is not None else {}

    def save_session(self, app: Flask, session: PortalSession, response: Response) -> None:  # type: ignore[override]
        # Another site's post comes without the visitor's cookie; one given back would take the place of theirs.
        if request.method == "POST" and session.token is None and from_elsewhere(request, self._base_url):
            return
        if session.anonymous:
            self._save_anonymous(app, session, response)
        elif session.token is None or session.renew:
            self._save_new(session, response)
        elif session.modified or self._touches(session):
            self._touch(session)

    def _save_anonymous(self, app: Flask, session: PortalSession, response: Response) -> None:
        if session.token is not None:
            self.end(session.token)
        if not session.modified and session.token is None and not session.ended:
            return
        signer = self._signer.get_signing_serializer(app)
        if signer is not None:
            self._set_cookie(response, "a." + str(signer.dumps(dict(session))))

    def _save_new(self, session: PortalSession, response: Response) -> None:
        now, old = self._clock.now(), session.token
        token = secrets.token_urlsafe(32)
        known = "person_id" in session or "staff" in session
        with self._database.transaction() as work:
            if old is not None:
                work.execute(delete(WebSession).where(WebSession.token_hash == _hash(old)))
            work.add(
                WebSession(
                    token_hash=_hash(token),
                    person_id=uuid.UUID(session["person_id"]) if "person_id" in session else None,
                    staff_id=session["staff"]["id"] if "staff" in session else None,
                    **lookups(session.get("eid")),
                    data=bound(_hash(token), session),
                    created=now,
                    last_seen=now,
                    ends=now + (self._hard if known else LOGIN_MINUTES),
                )
            )
        session.token = token
        self._set_cookie(response, "s." + token)

    def _touches(self, session: PortalSession) -> bool:
        return not session.rests and (session.modified or session.row_age >= TOUCH)

    def _touch(self, session: PortalSession) -> None:
        changed: dict[str, Any] = {"last_seen": self._clock.now()} if not session.rests else {}
        token_hash = _hash(session.token or "")
        changed |= {"data": bound(token_hash, session)} if session.modified else {}
        with self._database.transaction() as work:
            work.execute(update(WebSession).where(WebSession.token_hash == token_hash).values(changed))

    def end(self, token: str) -> None:
        """End a session for good: its cookie is worth nothing from now on."""
        with self._database.transaction() as work:
            work.execute(delete(WebSession).where(WebSession.token_hash == _hash(token)))

    def sweep(self) -> int:
        """Remove sessions that have ended; those of somebody who was logged in some hours later. Returns how many."""
        now = self._clock.now()
        nobody = and_(WebSession.person_id.is_(None), WebSession.staff_id.is_(None))
        over = or_(WebSession.ends <= now - REMEMBERED, and_(WebSession.ends <= now, nobody))
        with self._database.transaction() as work:
            return work.execute(delete(WebSession).where(over)).rowcount

    def _set_cookie(self, response: Response, value: str) -> None:
        response.set_cookie(self._cookie, value, secure=self._secure, httponly=True, samesite="Lax", path="/")


def owner_of(data: Mapping[str, Any]) -> str | None:
    """Who is logged in, as records name them: a person's id or a member of staff's."""
    return str(data["staff"]["id"]) if "staff" in data else data.get("person_id")


def _after_the_end(token: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of a session that has ended: the language, and where to find who it was."""
    left = {key: data[key] for key in ("language", "was") if key in data}
    return {**left, "was": _hash(token).hex()} if owner_of(data) is not None else left


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _digest(values: dict[str, Any]) -> bytes:
    return hashlib.sha256(repr(sorted(values.items(), key=lambda item: item[0])).encode()).digest()
