"""Who may do what: role, thing and verb. The one place that says it.

A rule is a verb on a thing, and for each role that may do it the tie that must bind them to it. What no rule names,
nobody may do. The web asks here before any page is drawn (portal/web/guard.py), and the queries ask again; the matrix
of all roles, things and verbs is made from this table and tried out on every route (tests/portal/web/test_matrix.py).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

EVERY_MUNICIPALITY = "all"


class Tie(Enum):
    """What binds somebody to a thing."""

    ANY = "anything of the kind, or nobody's"
    OWN = "it is about them, or made by them"
    ASKED = "they are the one who is asked, by the CPR number the register gave"
    OURS = "it belongs to a municipality they work for"


NOBODY, CITIZEN, FRONT_DESK, CASE_WORKER, DECIDER = "nobody", "citizen", "front_desk", "case_worker", "decider"
MUNICIPALITY_ADMIN, AUDITOR, SYSTEM = "municipality_admin", "auditor", "system"

STAFF = frozenset({FRONT_DESK, CASE_WORKER, DECIDER, MUNICIPALITY_ADMIN, AUDITOR})
"""Roles that a staff login can give."""
ROLES = frozenset({NOBODY, CITIZEN, SYSTEM}) | STAFF
"""Everybody. `nobody` has not logged in; `system` is the portal's own worker."""
VERBS = ("list", "read", "create", "change", "remove", "download")

_EVERYBODY = dict.fromkeys((NOBODY, CITIZEN, *sorted(STAFF)), Tie.ANY)
_OWNER = {CITIZEN: Tie.OWN}
_ASKED = {CITIZEN: Tie.ASKED}
_OFFICE = {CASE_WORKER: Tie.OURS, DECIDER: Tie.OURS}
_WORKER = {SYSTEM: Tie.ANY}

RULES: Mapping[str, Mapping[str, Mapping[str, Tie]]] = {
    # What the portal offers, what a place costs, whether it is up; nothing of anybody.
    "public page": {"read": _EVERYBODY},
    # The one that carries the request: a session is found by a secret that only its own browser has. Nobody reaches another.
    "session": {"create": _EVERYBODY, "read": _EVERYBODY, "change": _EVERYBODY, "remove": _EVERYBODY},
    "draft": {"read": _OWNER, "create": _OWNER, "change": _OWNER, "remove": _OWNER},
    "application": {"read": _OWNER, "create": _OWNER},
    # Custody alone opens nothing: a parent who lives elsewhere sees neither case nor income of the household that applies.
    "case": {"list": _OWNER | _OFFICE, "read": _OWNER | _OFFICE, "change": _OFFICE, "remove": _OWNER},
    "decision": {"create": _OFFICE | _WORKER},
    "document": {"remove": _OWNER, "download": _OFFICE, "change": _WORKER},
    # The name and the address of somebody who is protected. A reason is asked for, and the look is written down.
    "protected name": {"read": _OFFICE},
    # A partner who is asked sees what they are asked, never the case or the applicant's income.
    "request": {"list": _ASKED, "read": _ASKED, "change": _ASKED | _WORKER, "remove": _ASKED},
    "letter": {"list": _OWNER, "read": _OWNER, "download": _OWNER, "change": _WORKER},
    "payment": {"list": _OWNER},
    # Who has seen one's data, without the names of staff; and the audit log itself.
    "look-up": {"list": _OWNER},
    "audit entry": {"list": {AUDITOR: Tie.OURS}, "download": {AUDITOR: Tie.OURS}},
}
"""Thing, verb, role, and the tie there must be."""

WORK: Mapping[str, tuple[str, str]] = {
    "decide": ("create", "decision"),
    "letter": ("change", "letter"),
    "remind": ("change", "request"),
    "expire": ("change", "request"),
    "scan": ("change", "document"),
}
"""What the portal's worker does by itself: a kind of outbox row, and the verb and the thing. It does nothing else."""


@dataclass(frozen=True)
class Who:
    """Somebody who wants something: their roles, who they are, and the municipalities they work for."""

    roles: frozenset[str]
    person_id: uuid.UUID | None = None
    municipalities: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Standing:
    """What a thing is bound to: the person it is about, the person who is asked, and the municipality it belongs to.

    ``owner`` and ``asked`` None: nobody. ``municipality`` None: it is no municipality's yet, as a draft is.
    """

    owner: uuid.UUID | None = None
    asked: uuid.UUID | None = None
    municipality: str | None = None


def may_ever(who: Who, verb: str, thing: str) -> bool:
    """Whether somebody with these roles may do this to anything of the kind.

    >>> may_ever(Who(frozenset({"case_worker"})), "read", "case"), may_ever(Who(frozenset({"front_desk"})), "read", "case")
    (True, False)
    """
    return bool(_rule(verb, thing).keys() & who.roles)


def may(who: Who, verb: str, thing: str, standing: Standing) -> bool:
    """Whether they may do it to this very thing."""
    return any(_is_tied(who, tie, standing) for role, tie in _rule(verb, thing).items() if role in who.roles)


def works_for(municipalities: Collection[str], municipality: str | None) -> bool:
    """Whether somebody who works for these municipalities works for that one. What is nobody's is for those of all."""
    return EVERY_MUNICIPALITY in municipalities or municipality in municipalities


def _rule(verb: str, thing: str) -> Mapping[str, Tie]:
    return RULES.get(thing, {}).get(verb, {})


def _is_tied(who: Who, tie: Tie, standing: Standing) -> bool:
    if tie is Tie.OURS:
        return works_for(who.municipalities, standing.municipality)
    if tie is Tie.OWN:
        return who.person_id is not None and who.person_id == standing.owner
    if tie is Tie.ASKED:
        return who.person_id is not None and who.person_id == standing.asked
    return True
