"""Demo persons who are logged in, and their drafts."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from itsdangerous import URLSafeTimedSerializer

from portal.clock import SystemClock
from portal.journey.drafts import Drafts
from portal.journey.path import path
from portal.journey.service import Service
from portal.journey.state import State
from portal.registers.demo import demo_persons
from portal.storage.models import WebSession
from portal.storage.people import ensure_person
from portal.web.bound import bound
from portal.web.parts import Parts

HOURS = timedelta(hours=8)
# A login's token is about this long; it lies in the session and is opened with it.
TOKEN_CHARACTERS = 900


@dataclass(frozen=True)
class Somebody:
    """A person who is logged in: the cookie to send, and the token against forged posts."""

    person_id: uuid.UUID
    cpr: str
    cookie: str
    csrf: str


def service_of(parts: Parts) -> Service:
    """The application that is measured."""
    return parts.services["free-place"]


def log_in(parts: Parts, key: str) -> Somebody:
    """A session as a login with the eID makes it."""
    row = demo_persons()[key]
    now, token, forgery = SystemClock().now(), secrets.token_urlsafe(32), secrets.token_hex(20)
    with parts.database.transaction() as work:
        person_id = ensure_person(work, row.cpr, parts.clock.now()).id
        data = {
            "person_id": str(person_id),
            "cpr": row.cpr,
            "name": row.name,
            "loa": "substantial",
            "sid": secrets.token_hex(16),
            "id_token": "0" * TOKEN_CHARACTERS,
            "fresh_at": now.timestamp(),
            "csrf_token": forgery,
        }
        name = hashlib.sha256(token.encode()).digest()
        work.add(
            WebSession(
                token_hash=name,
                person_id=person_id,
                data=bound(name, data),
                created=now,
                last_seen=now,
                ends=now + HOURS,
            )
        )
    signed = URLSafeTimedSerializer(parts.settings.secret_key, salt="wtf-csrf-token").dumps(forgery)
    return Somebody(person_id, row.cpr, f"portal=s.{token}", str(signed))


def facts_of(parts: Parts, cpr: str) -> dict[str, Any]:
    """What the registers say of a person."""
    return service_of(parts).gather(parts.ask, cpr, parts.clock.today())


def draft_up_to(parts: Parts, who: Somebody, answers: Mapping[str, Mapping[str, Any]], last: str) -> uuid.UUID:
    """A draft in which every page before `last`, and that one when it has an answer, is answered."""
    service, facts, today = service_of(parts), facts_of(parts, who.cpr), parts.clock.today()
    with parts.database.transaction() as work:
        drafts = Drafts(work, who.person_id)
        draft = drafts.begin(service.slug, facts, parts.clock.now())
        state = State({}, facts, today, service.context(facts, today))
        while (step := next((each for each in path(service, state) if each.name not in state.answers), None)) is not None:
            if step.name == last and last not in answers:
                break
            answer = dict(answers.get(step.name, {}))
            answer |= step.remember(state.with_answer(step.name, answer))
            drafts.save(draft, step.name, answer, draft.version, parts.clock.now())
            state = state.with_answer(step.name, answer)
            if step.name == last:
                break
        return draft.id
