"""Sessions by the names the eID has for them, so that it can end them. Only keyed hashes of those names are stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.storage.crypto import keyring
from portal.storage.database import Database
from portal.storage.models import SeenLogoutToken, WebSession

# Longer than any logout token is believed, clocks that differ included.
REMEMBERED = timedelta(minutes=15)


class AlreadySeen(Exception):
    """A logout token that has been used before."""


def lookups(eid: Mapping[str, str] | None) -> dict[str, bytes | None]:
    """The columns a session is found by: of the account (`issuer`, `subject`) and of the eID's own session (`sid`)."""
    issuer, subject, sid = ((eid or {}).get(name, "") for name in ("issuer", "subject", "sid"))
    return {
        "eid_subject": _index("subject", issuer, subject) if subject else None,
        "eid_session": _index("session", issuer, sid) if sid else None,
    }


def end_sessions(work: Session, *, issuer: str, subject: str, sid: str, token_id: str, now: datetime) -> int:
    """End the sessions of the eID's session `sid`, or all of `subject`'s when it is empty, and remember the token that said so.

    Returns how many. They end as if their time had run out: what is being typed in one is kept for its owner. Raises
    AlreadySeen when the token was used before; the transaction is then of no further use.
    """
    work.add(SeenLogoutToken(token_index=_index("token", issuer, token_id), ends=now + REMEMBERED))
    try:
        work.flush()
    except IntegrityError:
        raise AlreadySeen from None
    column = WebSession.eid_session if sid else WebSession.eid_subject
    named = lookups({"issuer": issuer, "subject": subject, "sid": sid})[column.key]
    if named is None:
        return 0
    return work.execute(update(WebSession).where(column == named, WebSession.ends > now).values(ends=now)).rowcount


def sweep(database: Database, now: datetime) -> int:
    """Forget the tokens that nobody would believe any more. Returns how many."""
    with database.transaction() as work:
        return work.execute(delete(SeenLogoutToken).where(SeenLogoutToken.ends <= now)).rowcount


def _index(kind: str, issuer: str, name: str) -> bytes:
    return keyring().index(f"eid.{kind}", f"{issuer}\0{name}")
