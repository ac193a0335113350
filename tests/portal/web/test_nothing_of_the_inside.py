"""A failure shows a page and a number to ask for it by, and nothing of what failed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from portal.registers.demo import demo_persons
from portal.web.parts import reading
from tests.portal.walking import START

SECRETS = (
    "7203914002",
    "Maria Fantasi",
    "postgresql://user:password",
    "Traceback",
    "RuntimeError",
    "OperationalError",
    "SELECT",
    ".py",
    "no_such_table",
)


@pytest.fixture
def portal_settings(sqlite_settings):
    """The page is drawn without asking the database, whichever it is."""
    return sqlite_settings


def fail_in_code(*_args, **_values):
    raise RuntimeError("7203914002 Maria Fantasi postgresql://user:password")


def fail_in_database(*_args, **_values):
    reading().execute(text("SELECT 'Maria Fantasi', '7203914002' FROM no_such_table WHERE x = :x"), {"x": "7203914002"})


@pytest.mark.parametrize("fail", [fail_in_code, fail_in_database])
@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("pages.was", "/was"),
        ("mine.overview", "/my-page"),
        ("pages.schema", "/schema/free-place/1.json"),
        ("health.ready", "/health/ready"),
    ],
)
def test_a_failure_shows_nothing(portal_app, login, monkeypatch, capsys, fail, endpoint, path):
    monkeypatch.setitem(portal_app.view_functions, endpoint, fail)
    answer = login("sofie").get(path)
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"]
    assert "Something went wrong on our side" in answer.text
    said = answer.text + str(answer.headers)
    assert [secret for secret in SECRETS if secret in said] == []
    written = capsys.readouterr()
    assert "request_failed" in written.out + written.err
    assert [secret for secret in SECRETS[:3] if secret in written.out + written.err] == []


def test_a_failing_field_check_shows_nothing_either(portal_app, login, monkeypatch):
    monkeypatch.setitem(portal_app.view_functions, "pages.check_field", fail_in_code)
    sofie = login("sofie")
    answer = sofie.client.post("/check-field", json={"kind": "cpr", "value": "x"}, headers={"X-CSRFToken": sofie.csrf})
    assert answer.status_code == 500
    assert [secret for secret in SECRETS if secret in answer.text] == []


def test_a_register_that_breaks_shows_nothing(portal_app, login, portal_parts, monkeypatch):
    portal_app.extensions["portal"] = replace(portal_parts, ask=fail_in_code)
    answer = login("sofie").post(START)
    assert answer.status_code == 500
    assert [secret for secret in SECRETS if secret in answer.text] == []
    assert demo_persons()["sofie"].cpr not in answer.text


def test_nothing_is_in_debug(portal_app):
    assert portal_app.debug is False
    assert portal_app.config["TRAP_HTTP_EXCEPTIONS"] is False
    assert portal_app.config["EXPLAIN_TEMPLATE_LOADING"] is False
