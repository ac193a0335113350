"""Who is visiting."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import session


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


def staff_id() -> str:
    """The stable name of a member of staff for records: issuer and subject, never a person's name."""
    return str(session["staff"]["id"])
