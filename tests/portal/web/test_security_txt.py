"""Whoever finds a hole can see whom to tell, when the portal has been told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from portal.readiness import what_stops, what_to_mend
from portal.settings import Settings
from portal.web.application import make_application

CONTACTS = ("https://selvbetjening.example/report", "mailto:security@selvbetjening.example")


@pytest.fixture
def portal_settings(sqlite_settings: Settings) -> Settings:
    """On SQLite alone: no database is asked."""
    return sqlite_settings


def test_it_names_the_contacts_and_a_day_that_is_not_far(portal_parts: Any) -> None:
    parts = replace(portal_parts, settings=replace(portal_parts.settings, security_contacts=CONTACTS))
    answer = make_application(parts).test_client().get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    told = [line.partition(": ") for line in answer.text.splitlines()]
    assert [value for name, _colon, value in told if name == "Contact"] == list(CONTACTS)
    fields = {name: value for name, _colon, value in told}
    until = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < until - datetime.now(timezone.utc) < timedelta(days=366)
    assert fields["Canonical"] == f"{parts.settings.base_url}/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "da, en"


def test_without_a_contact_there_is_no_such_page(portal_app: Any) -> None:
    assert portal_app.test_client().get("/.well-known/security.txt").status_code == 404


def test_a_contact_that_is_no_address_stops_the_portal_and_none_is_told(portal_settings: Settings) -> None:
    def stops(*contacts: str) -> bool:
        return any("PORTAL_SECURITY_CONTACT" in line for line in what_stops(replace(portal_settings, security_contacts=contacts)))

    assert not stops(*CONTACTS)
    assert stops("http://selvbetjening.example")
    assert stops(CONTACTS[0], "somebody@selvbetjening.example")
    assert any("PORTAL_SECURITY_CONTACT" in line for line in what_to_mend(portal_settings))
    assert not any("PORTAL_SECURITY_CONTACT" in line for line in what_to_mend(replace(portal_settings, security_contacts=CONTACTS)))
