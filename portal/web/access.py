"""Who may open which page: the one place that says it. A route without a row here fails the build and answers nobody.

`ANYBODY` includes people who have not logged in. Whether an object is one's own is asked where it is fetched: every
query for a draft, a case, a letter or a request names its owner, so that another's looks like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ANYBODY = frozenset({"anybody", "citizen", "case_worker", "decider", "front_desk", "municipality_admin", "auditor"})
CITIZEN = frozenset({"citizen"})
OFFICE = frozenset({"case_worker", "decider"})
AUDITOR = frozenset({"auditor"})
STAFF = frozenset({"case_worker", "decider", "front_desk", "municipality_admin", "auditor"})

WHO_MAY: Mapping[str, frozenset[str]] = {
    "pages.front": ANYBODY,
    "pages.language": ANYBODY,
    "pages.was": ANYBODY,
    "pages.privacy": ANYBODY,
    "pages.check_field": ANYBODY,
    "pages.schema": ANYBODY,
    "quote.page": ANYBODY,
    "health.live": ANYBODY,
    "health.ready": ANYBODY,
    "health.metrics": ANYBODY,
    "session.login": ANYBODY,
    "session.callback": ANYBODY,
    "session.staff_login": ANYBODY,
    "session.staff_callback": ANYBODY,
    "session.logout": ANYBODY,
    "session.logged_out": ANYBODY,
    "apply.start": ANYBODY,
    "apply.begin": CITIZEN,
    "apply.step": CITIZEN,
    "apply.save": CITIZEN,
    "apply.check": CITIZEN,
    "apply.send": CITIZEN,
    "apply.receipt": CITIZEN,
    "apply.discard": CITIZEN,
    "apply.remove_file": CITIZEN,
    "mine.overview": CITIZEN,
    "mine.cases": CITIZEN,
    "mine.case": CITIZEN,
    "mine.withdraw": CITIZEN,
    "mine.tasks": CITIZEN,
    "mine.payments": CITIZEN,
    "mine.post": CITIZEN,
    "mine.letter": CITIZEN,
    "mine.letter_pdf": CITIZEN,
    "mine.who_has_looked": CITIZEN,
    "requests.show": CITIZEN,
    "requests.answer": CITIZEN,
    "requests.withdraw": CITIZEN,
    "office.queue": OFFICE,
    "office.take_next": OFFICE,
    "office.take": OFFICE,
    "office.give_back": OFFICE,
    "office.case": OFFICE,
    "office.document": OFFICE,
    "office.decide": OFFICE,
    "office.ask": OFFICE,
    "audit.page": AUDITOR,
    "audit.search": AUDITOR,
    "audit.export": AUDITOR,
}


def roles_of(session: Mapping[str, Any]) -> frozenset[str]:
    """The roles of whoever has this session."""
    if "staff" in session:
        return frozenset(session["staff"]["roles"]) & STAFF
    return CITIZEN if "person_id" in session else frozenset({"anybody"})


def may(endpoint: str | None, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may open the page."""
    return bool(WHO_MAY.get(endpoint or "", frozenset()) & roles)
