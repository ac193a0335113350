"""Who is visiting."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from flask import session

STAFF_ROLES = ("decider", "case_worker", "municipality_admin", "front_desk", "auditor")


@dataclass(frozen=True)
class Visitor:
    """A logged-in person, as pages need them. A citizen's CPR number is only for asking registers."""

    display_name: str
    roles: frozenset[str]
    municipalities: frozenset[str] | None = None


def visitor() -> Visitor | None:
    """Whoever is logged in, citizen or staff."""
    if "staff" in session:
        staff = session["staff"]
        everywhere = "all" in staff["municipalities"]
        return Visitor(staff["name"], frozenset(staff["roles"]), None if everywhere else frozenset(staff["municipalities"]))
    if "person_id" in session:
        return Visitor(session["name"], frozenset({"citizen"}))
    return None


def person_id() -> uuid.UUID:
    """The portal's id of the citizen who is logged in."""
    return uuid.UUID(session["person_id"])


def person_cpr() -> str:
    """The citizen's CPR number, from their login."""
    return str(session["cpr"])


def only_municipality() -> str | None:
    """The municipality a member of staff works for, when there is just one."""
    user = visitor()
    codes = user.municipalities if user else None
    return next(iter(codes)) if codes and len(codes) == 1 else None


def staff_role(roles: Collection[str]) -> str:
    """The one of somebody's roles that records name: the one that may most."""
    return next((role for role in STAFF_ROLES if role in roles), "staff")


def staff_id() -> str:
    """The stable name of a member of staff for records: issuer and subject, never a person's name."""
    return str(session["staff"]["id"])
