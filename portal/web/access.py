"""What each route does, in the words of portal/access.py, and whom that lets in. A route without a row answers nobody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from portal.access import CITIZEN, NOBODY, STAFF, Who, may_ever

PUBLIC = ("read", "public page")

ROUTES: Mapping[str, tuple[str, str]] = {
    "pages.front": PUBLIC,
    "pages.language": PUBLIC,
    "pages.was": PUBLIC,
    "pages.privacy": PUBLIC,
    "pages.check_field": PUBLIC,
    "pages.schema": PUBLIC,
    "quote.page": PUBLIC,
    "health.live": PUBLIC,
    "health.ready": PUBLIC,
    "security_txt.show": PUBLIC,
    # Answers to a token of the settings alone.
    "health.metrics": PUBLIC,
    # Says in general words why somebody is not let in, and nothing of whom.
    "session.refused": PUBLIC,
    "session.login": ("create", "session"),
    "session.callback": ("create", "session"),
    "session.staff_login": ("create", "session"),
    "session.staff_callback": ("create", "session"),
    "session.logout": ("remove", "session"),
    "session.logged_out": PUBLIC,
    # The eID's own server comes here, with a signed token in place of a login.
    "backchannel.logout": ("remove", "session"),
    "staying.status": ("read", "session"),
    "staying.extend": ("change", "session"),
    "apply.start": PUBLIC,
    "apply.begin": ("create", "draft"),
    "apply.step": ("read", "draft"),
    "apply.save": ("change", "draft"),
    "apply.check": ("read", "draft"),
    "apply.send": ("create", "application"),
    "apply.receipt": ("read", "application"),
    "apply.discard": ("remove", "draft"),
    "apply.remove_file": ("remove", "document"),
    # One's own page: the drafts, the tasks and the payments on it are one's own by the query.
    "mine.overview": ("list", "case"),
    "mine.cases": ("list", "case"),
    "mine.case": ("read", "case"),
    "mine.withdraw": ("remove", "case"),
    "mine.tasks": ("list", "request"),
    "mine.payments": ("list", "payment"),
    "mine.post": ("list", "letter"),
    "mine.letter": ("read", "letter"),
    "mine.letter_pdf": ("download", "letter"),
    "mine.who_has_looked": ("list", "look-up"),
    "requests.show": ("read", "request"),
    "requests.answer": ("change", "request"),
    "requests.withdraw": ("remove", "request"),
    "office.queue": ("list", "case"),
    "office.take_next": ("change", "case"),
    "office.take": ("change", "case"),
    "office.give_back": ("change", "case"),
    "office.case": ("read", "case"),
    "office.document": ("download", "document"),
    "office.decide": ("create", "decision"),
    "office.ask": ("change", "case"),
    "office.reveal": ("read", "protected name"),
    "audit.page": ("list", "audit entry"),
    "audit.search": ("list", "audit entry"),
    "audit.export": ("download", "audit entry"),
}

ROOMS: Mapping[str, frozenset[str]] = {"mine": frozenset({CITIZEN}), "office": STAFF}
"""Rooms that are for some roles alone, whatever their rows allow: both show cases, each to its own people."""

# Names of ids in addresses, and the thing each one names.
NAMED = {
    "draft_id": "draft",
    "application_id": "application",
    "case_id": "case",
    "request_id": "request",
    "letter_id": "letter",
    "document_id": "document",
    "file_id": "document",
}


def who_has(session: Mapping[str, Any]) -> Who:
    """Whoever has this session."""
    if "staff" in session:
        staff = session["staff"]
        return Who(frozenset(staff["roles"]) & STAFF, municipalities=frozenset(staff["municipalities"]))
    if "person_id" in session:
        return Who(frozenset({CITIZEN}), uuid.UUID(session["person_id"]))
    return Who(frozenset({NOBODY}))


def may_open(endpoint: str, who: Who) -> bool:
    """Whether somebody with these roles may ever open this route."""
    if endpoint not in ROUTES:
        return False
    room = ROOMS.get(endpoint.partition(".")[0])
    return (room is None or bool(room & who.roles)) and may_ever(who, *ROUTES[endpoint])
