"""Every route that sets a cookie sets it as it must be: outside the demo and in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.identity.oidc import citizen_client, staff_client
from portal.settings import load_settings
from portal.storage.base import Base
from portal.storage.crypto import new_key
from portal.web.application import make_application
from portal.wiring import DEMO_CONTACTS, make_parts
from tests.meta.test_access import _walk
from tests.portal.fixtures import keep_session

SITE = "https://selvbetjening.example"
EID = {"issuer": "https://broker.example/op"}
METADATA = {
    **EID,
    "authorization_endpoint": "https://broker.example/op/authorize",
    "token_endpoint": "https://broker.example/op/token",
    "jwks_uri": "https://broker.example/op/jwks",
}


@pytest.fixture
def portal_settings(sqlite_settings):
    """The cookie is the same on both engines."""
    return sqlite_settings


@pytest.fixture
def production(tmp_path, monkeypatch):
    """The portal as it runs outside the demo, with a broker that is only known by name."""
    settings = load_settings(
        {
            "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'production.sqlite3'}",
            "PORTAL_SECRET_KEY": new_key(),
            "PORTAL_ENCRYPTION_KEYS": f"k1:{new_key()}",
            "PORTAL_INDEX_KEY": new_key(),
            "PORTAL_BASE_URL": SITE,
            "PORTAL_EID_ISSUER": EID["issuer"],
            "PORTAL_EID_CLIENT_ID": "portal",
            "PORTAL_EID_CLIENT_SECRET": "s" * 40,
            "PORTAL_STAFF_ISSUER": EID["issuer"],
            "PORTAL_STAFF_CLIENT_ID": "portal",
            "PORTAL_STAFF_CLIENT_SECRET": "s" * 40,
            "PORTAL_REGISTERS_URL": "https://integration.example",
            "PORTAL_REGISTERS_TOKEN": "t" * 40,
            "PORTAL_MUNICIPALITIES_FILE": str(DEMO_CONTACTS),
            "PORTAL_VAR": str(tmp_path / "var"),
        }
    )
    monkeypatch.setattr("portal.identity.provider.Provider.metadata", lambda _self: METADATA)
    parts = make_parts(settings)
    parts = replace(parts, citizen_eid=citizen_client(settings.citizen_eid), staff_eid=staff_client(settings.staff_eid))
    Base.metadata.create_all(parts.database.engine)
    yield make_application(parts)
    parts.database.close()


def cookies_of_every_route(app, name, base_url, values):
    """(endpoint, Set-Cookie) of every answer that has one: to a visitor with each of these cookies, and with none."""
    seen = []
    for endpoint, method, address in _walk(app):
        for value in (None, *values):
            client = app.test_client()
            host = base_url.split("//")[1].split(":")[0]
            if value:
                client.set_cookie(name, value, domain=host, secure=base_url.startswith("https"))
            headers = {"Sec-Fetch-Site": "same-origin"}
            answer = client.open(address, method=method, base_url=base_url, headers=headers)
            seen += [(endpoint, line) for line in answer.headers.getlist("Set-Cookie")]
            answer.close()
    return seen


def logged_in(app):
    """A cookie's value of somebody logged in, for each try a new one would be needed only after logging out."""
    staff = {"id": "x", "name": "x", "roles": ["case_worker"], "municipalities": ["0461"]}
    token = keep_session(app.extensions["portal"].database, {"staff": staff})
    return f"s.{token}"


def test_outside_the_demo_every_cookie_is_tied_to_the_host_and_to_https(production):
    seen = cookies_of_every_route(production, "__Host-portal", SITE, [logged_in(production), "s.ended"])
    assert {"pages.language", "quote.page", "session.login", "session.staff_login", "session.logout"} <= {
        endpoint for endpoint, _line in seen
    }
    for endpoint, line in seen:
        value, *flags = line.split("; ")
        assert value.startswith("__Host-portal="), endpoint
        assert set(flags) == {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}, endpoint


def test_in_the_demo_a_cookie_has_no_prefix_because_there_is_no_https(portal_app):
    seen = cookies_of_every_route(portal_app, "portal", "http://127.0.0.1:8000", ["s.ended"])
    assert len({endpoint for endpoint, _line in seen}) > 3
    for endpoint, line in seen:
        value, *flags = line.split("; ")
        assert value.startswith("portal="), endpoint
        assert set(flags) == {"HttpOnly", "SameSite=Lax", "Path=/"}, endpoint
