"""A session's name is random, long, new each time, and stands nowhere but in its own cookie."""

from __future__ import annotations

import base64

import pytest
from flask import Flask, Response
from sqlalchemy import select

from portal.storage.database import Database
from portal.storage.models import WebSession
from portal.web.sessions import PortalSession


@pytest.fixture
def portal_settings(sqlite_settings):
    """On SQLite alone: which engine it is does not matter here."""
    return sqlite_settings


def new_name(app: Flask) -> str:
    """The name in the cookie of a session that has just begun."""
    with app.test_request_context("/"):
        response = Response()
        app.session_interface.save_session(app, PortalSession({"logins": []}), response)
        return response.headers["Set-Cookie"].partition("=s.")[2].partition(";")[0]


def test_it_is_random_and_long_and_its_hash_alone_is_stored(portal_app: Flask, database: Database) -> None:
    names = [new_name(portal_app) for _number in range(50)]
    content = [base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)) for name in names]
    assert {len(each) for each in content} == {32}
    assert len(set(names)) == 50
    # No place that is the same, or nearly so, in all of them.
    assert all(len({each[place] for each in content}) > 20 for place in range(32))
    with database.session(reads_only=True) as session:
        stored = set(session.scalars(select(WebSession.token_hash)))
    assert len(stored) == 50
    assert not stored & set(content)
