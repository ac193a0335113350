"""Staff who log in, and staff who are refused, are in the log."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.identity.people import StaffIdentity
from portal.identity.refusals import LoginRefused
from portal.settings import Settings
from portal.storage.models import AuditEntry
from portal.web.parts import Parts


@pytest.fixture
def portal_settings(sqlite_settings: Settings) -> Settings:
    """A login is the same on both engines."""
    return sqlite_settings


def logins(parts: Parts) -> list[tuple[Any, ...]]:
    with parts.database.session(reads_only=True) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))
        return [(row.actor_role, row.actor, row.verb, row.subject, row.municipality) for row in rows]


def comes_back(app: Flask, monkeypatch: pytest.MonkeyPatch, answer: Any, next_path: str = "/back-office") -> Any:
    def finish(_client: Any, _attempt: Any, _params: Any) -> Any:
        if isinstance(answer, LoginRefused):
            raise answer
        return answer

    monkeypatch.setattr("portal.identity.oidc.EidClient.finish", finish)
    monkeypatch.setattr("portal.web.session_routes._take", lambda: SimpleNamespace(next_path=next_path))
    return app.test_client().get("/login/staff/callback?state=x")


def member(*roles: str, municipalities: tuple[str, ...] = ("0461",)) -> StaffIdentity:
    return StaffIdentity(
        issuer="https://staff.example",
        subject="17",
        loa="substantial",
        auth_time=None,
        sid="",
        id_token_for_logout="",
        display_name="Somebody's Name",
        roles=frozenset(roles),
        municipalities=frozenset(municipalities),
    )


def test_a_login_of_staff_is_written_down(portal_app: Flask, portal_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    comes_back(portal_app, monkeypatch, member("case_worker"))
    comes_back(portal_app, monkeypatch, member("auditor", "decider", municipalities=("all",)))
    comes_back(portal_app, monkeypatch, member("auditor", municipalities=("0461", "0101")))
    assert logins(portal_parts) == [
        ("case_worker", "https://staff.example#17", "log_in", "session", "0461"),
        ("decider", "https://staff.example#17", "log_in", "session", None),
        ("auditor", "https://staff.example#17", "log_in", "session", None),
    ]


def test_a_refused_login_of_staff_is_written_down(portal_app: Flask, portal_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = LoginRefused("no_role", "the staff login has no role")
    refused.account = "https://staff.example#17"
    answer = comes_back(portal_app, monkeypatch, refused)
    assert (answer.status_code, answer.location) == (303, "/login/refused/no_role?staff=1")
    assert 'href="/login/staff"' in portal_app.test_client().get(answer.location).text
    assert logins(portal_parts) == [("staff", "https://staff.example#17", "log_in_refused", "login:no_role", None)]


def test_an_answer_that_proves_nobody_writes_nothing(portal_app: Flask, portal_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    comes_back(portal_app, monkeypatch, LoginRefused("wrong_signature", "the signature is wrong"))
    assert logins(portal_parts) == []


def test_everybody_begins_where_they_may_be(portal_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert comes_back(portal_app, monkeypatch, member("case_worker", "auditor")).location == "/back-office"
    assert comes_back(portal_app, monkeypatch, member("auditor")).location == "/audit"
    assert comes_back(portal_app, monkeypatch, member("auditor"), "/privacy").location == "/privacy"
