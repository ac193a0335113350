"""The way through the back office's forms, as a browser goes it."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.cases import deciding
from portal.outbox.worker import Worker
from portal.storage.database import Database
from portal.storage.models import AuditEntry, Case, CaseEvent
from portal.web.parts import Parts
from tests.portal.fixtures import SELF_EMPLOYED, Browser

LAW = "Day-care Regulation (dagtilbudsbekendtgørelsen) § 28: which income counts"


@dataclass
class Office:
    """One case worker at work on one case."""

    staff: Browser
    case_id: uuid.UUID
    database: Database

    def url(self, page: str = "") -> str:
        return f"/back-office/cases/{self.case_id}{page}"

    def take(self) -> TestResponse:
        return self.staff.post(self.url("/take"))

    def see(self) -> str:
        """The case page."""
        return text_of(self.staff.get(self.url()))

    def write(self, **changes: Any) -> dict[str, Any]:
        """What the form holds when only `changes` were typed into it."""
        body = self.staff.get(self.url("/decide")).get_data(as_text=True)
        reasons = html.unescape(re.search(r'<textarea[^>]*name="reasons"[^>]*>\n(.*?)</textarea>', body, re.DOTALL)[1])
        chosen = re.search(r'name="outcome" value="(\w+)" checked', body)
        month = re.search(r'<option value="([^"]+)" selected', body)[1]
        law = [html.unescape(found) for found in re.findall(r'name="law" value="([^"]+)" checked', body)]
        form = {
            "version": hidden(body, "version"),
            "outcome": chosen[1] if chosen else "",
            "per": "month",
            "month": month,
            "law": law,
            "reasons": reasons,
        }
        return {**form, **changes}

    def preview(self, form: dict[str, Any]) -> TestResponse:
        return self.staff.post(self.url("/decide"), form)

    def send(self, shown: TestResponse, then: str = "send") -> TestResponse:
        """Press a button on the page with the letter."""
        assert shown.status_code == 200, text_of(shown)
        return self.staff.post(self.url("/decide"), {**hidden_fields(shown), "then": then})

    def kinds(self) -> list[str]:
        """What has happened to the case."""
        with self.database.session() as session:
            return list(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == self.case_id).order_by(CaseEvent.sequence)))

    def state(self) -> str:
        with self.database.session() as session:
            return session.get_one(Case, self.case_id).state

    def audited(self, verb: str) -> list[AuditEntry]:
        with self.database.session() as session:
            return list(session.scalars(select(AuditEntry).where(AuditEntry.case_id == self.case_id, AuditEntry.verb == verb)))


@pytest.fixture
def office(
    portal_parts: Parts, send_application: Callable[..., uuid.UUID], staff_login: Callable[..., Browser], worker: Worker
) -> Callable[..., Office]:
    """A case of a self-employed parent, or another, that waits for a person; taken by Karen unless told otherwise."""

    def make(key: str = "soeren", answers: Any = None, *, staff: str = "karen", take: bool = True, language: str = "da") -> Office:
        case_id = send_application(key, answers or SELF_EMPLOYED, language)
        # A silent register is asked several times before a person is troubled; here the first silence is the last.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deciding, "TRIES", 0)
            worker.drain()
        made = Office(staff_login(staff), case_id, portal_parts.database)
        assert made.state() == "informed"
        if take:
            made.take()
        return made

    return make


def text_of(response: TestResponse) -> str:
    """What a person reads on a page, without its frame."""
    body = response.get_data(as_text=True)
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).replace("\N{NO-BREAK SPACE}", " ").split())


def hidden(body: str, name: str) -> str:
    """The value of a hidden field."""
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', body)[1])


def hidden_fields(response: TestResponse) -> dict[str, list[str]]:
    """All hidden fields of the form on the page."""
    body = response.get_data(as_text=True)
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body[body.index("<main") :]):
        if name != "csrf_token":
            fields.setdefault(name, []).append(html.unescape(value))
    return fields
