"""Drafts: found again, saved at every page, never overwritten in silence."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.storage.models import Draft, Person

MOST_OPEN = 5
"""Drafts a person can have open of one application."""

# Asked at every page, so it is put together once.
OWN_DRAFT = select(Draft).where(
    Draft.id == bindparam("draft_id"), Draft.person_id == bindparam("person_id"), Draft.service == bindparam("service")
)
OWN_DRAFT_LOCKED = OWN_DRAFT.with_for_update()
OPEN_DRAFTS = select(Draft).where(Draft.person_id == bindparam("person_id"), Draft.ended.is_(None)).order_by(Draft.updated.desc())


class DraftGone(LookupError):
    """No such open draft of this person."""


class ChangedElsewhere(Exception):
    """The page was saved from somewhere else after it was shown here."""


class TooManyDrafts(Exception):
    """The person has begun so many applications of the kind that one of them must be sent or thrown away first."""


class Drafts:
    """The drafts of one person."""

    def __init__(self, session: Session, person_id: uuid.UUID) -> None:
        self._session = session
        self._person_id = person_id

    def open_ones(self, service: str | None = None) -> list[Draft]:
        """Drafts not yet sent, newest first."""
        query = OPEN_DRAFTS.where(Draft.service == service) if service else OPEN_DRAFTS
        return list(self._session.scalars(query, {"person_id": self._person_id}))

    def begin(self, service: str, facts: Mapping[str, Any], now: datetime) -> Draft:
        """A new, empty draft with what the registers said. Raises TooManyDrafts."""
        # Held, so that drafts begun at once are counted one after the other.
        self._session.execute(select(Person.id).where(Person.id == self._person_id).with_for_update())
        if len(self.open_ones(service)) >= MOST_OPEN:
            raise TooManyDrafts
        draft = Draft(
            service=service, person_id=self._person_id, answers={"pages": {}, "saved": {}}, facts=dict(facts), created=now, updated=now
        )
        self._session.add(draft)
        self._session.flush()
        return draft

    def get(self, draft_id: uuid.UUID, service: str) -> Draft:
        """The person's own draft, sent or not. Raises DraftGone."""
        return self._one(OWN_DRAFT, draft_id, service)

    def lock(self, draft_id: uuid.UUID, service: str) -> Draft:
        """As `get`, held against other writers until the transaction ends."""
        return self._one(OWN_DRAFT_LOCKED, draft_id, service)

    def save(self, draft: Draft, page: str, answer: Mapping[str, Any], seen_version: int, now: datetime) -> None:
        """Store one page. Raises ChangedElsewhere when the page was saved since version `seen_version`."""
        if draft.ended is not None:
            raise DraftGone
        if draft.answers["saved"].get(page, 0) > seen_version and draft.answers["pages"].get(page) != dict(answer):
            raise ChangedElsewhere
        draft.version += 1
        draft.answers = {
            "pages": {**draft.answers["pages"], page: dict(answer)},
            "saved": {**draft.answers["saved"], page: draft.version},
        }
        draft.updated = now

    def note_files(self, draft: Draft, now: datetime) -> None:
        """The draft's files have changed, so what was shown for checking no longer holds. Raises DraftGone."""
        if draft.ended is not None:
            raise DraftGone
        draft.version += 1
        draft.updated = now

    def throw_away(self, draft: Draft, now: datetime) -> None:
        """End the draft unsent and forget what it held."""
        draft.ended = now
        draft.answers = {"pages": {}, "saved": {}}
        draft.facts = {}

    def _one(self, query: Select[tuple[Draft]], draft_id: uuid.UUID, service: str) -> Draft:
        draft = self._session.scalar(query, {"draft_id": draft_id, "person_id": self._person_id, "service": service})
        if draft is None:
            raise DraftGone
        return draft
