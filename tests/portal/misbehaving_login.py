"""Logging in through the web at an issuer that does whatever the test wants; on SQLite alone, as the engine does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.settings import EidSettings, Settings
from tests.servers import misbehaving_eid
from tests.servers.misbehaving_eid import CLIENT_ID, Issuer


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer for citizens, right in all it says until it is changed."""
    with misbehaving_eid.serving() as running:
        yield running


@pytest.fixture
def portal_settings(sqlite_settings: Settings, issuer: Issuer) -> Settings:
    """The usual settings, with that issuer."""
    return replace(sqlite_settings, citizen_eid=EidSettings(issuer.url, CLIENT_ID, "secret"))


def come_back(client: FlaskClient, issuer: Issuer, begin: str = "/login") -> TestResponse:
    """From `begin` to the issuer and back with its answer; what the portal says to that."""
    return client.get("/login/callback", query_string=issuer.answer_to(client.get(begin).location))


def is_logged_in(client: FlaskClient) -> bool:
    """Whether somebody is: who asks to log in is then sent to their own page and not to the issuer."""
    answer = client.get("/login")
    assert answer.status_code == 302
    return answer.location == "/my-page"
