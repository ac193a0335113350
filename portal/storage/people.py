"""Finding the row of a person, or making it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.storage.crypto import keyring
from portal.storage.models import Person


def find_person(session: Session, cpr: str) -> Person | None:
    """The person with this CPR number, if the portal has met them."""
    return session.scalar(select(Person).where(Person.cpr_index == keyring().index("cpr", cpr)))


def ensure_person(session: Session, cpr: str, now: datetime, language: str = "da") -> Person:
    """The person with this CPR number, made when new. Runs inside the caller's transaction."""
    person = find_person(session, cpr)
    if person is None:
        person = Person(cpr_index=keyring().index("cpr", cpr), cpr=cpr, language=language, created=now)
        session.add(person)
        session.flush()
    return person
