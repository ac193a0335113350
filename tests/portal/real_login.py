"""Logging in for real, through the eID stand-in, with a test client instead of a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from portal.registers.demo import demo_persons
from portal.settings import EidSettings, Settings
from stand_ins.eid.accounts import demo_citizens, demo_staff
from stand_ins.eid.app import create_app
from stand_ins.eid.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, demo_client
from stand_ins.eid.serving import running

PORTAL = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def stand_in() -> Iterator[str]:
    """The address of a running eID stand-in that knows the portal of the tests."""
    with running(lambda base: create_app(base, citizens=demo_citizens(), staff=demo_staff(), clients=[demo_client(PORTAL)])) as url:
        yield url


@pytest.fixture
def portal_settings(portal_settings: Settings, stand_in: str) -> Settings:
    """The usual settings, with an eID that answers."""
    return with_stand_in(portal_settings, stand_in)


def with_stand_in(settings: Settings, url: str) -> Settings:
    """These settings, with the stand-in at `url` for both issuers."""
    citizen, staff = (EidSettings(f"{url}/{realm}", DEMO_CLIENT_ID, DEMO_CLIENT_SECRET) for realm in ("citizen", "staff"))
    return replace(settings, citizen_eid=citizen, staff_eid=staff)


def log_in(client: FlaskClient, key: str, begin: str = "/login") -> Any:
    """From `begin` through the stand-in and back; gives the answer that follows the login."""
    away = client.get(begin)
    assert away.status_code == 302, away.text
    name = demo_persons()[key].name
    page = requests.get(away.location, timeout=5)
    buttons = re.findall(r'value="(substantial [^"]+)">\s*<span class="name">([^<]+)<', page.text)
    person = next(unescape(value) for value, label in buttons if unescape(label) == name)
    answer = requests.post(away.location, data={"person": person}, allow_redirects=False, timeout=5)
    assert answer.headers["Location"].startswith(PORTAL), answer.text
    return client.get(answer.headers["Location"].removeprefix(PORTAL), follow_redirects=True)
