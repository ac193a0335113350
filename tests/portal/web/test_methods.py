"""A route answers the methods it is made for, and no others."""

from __future__ import annotations

import pytest

PATHS = ("/", "/my-page", "/back-office", "/login", "/logout", "/health/live", "/static/js/app.js")


@pytest.fixture
def portal_settings(sqlite_settings):
    """On SQLite alone: no database is asked."""
    return sqlite_settings


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "DEBUG"])
def test_other_methods_are_refused_and_nothing_is_sent_back(portal_app, method):
    for path in PATHS:
        answer = portal_app.test_client().open(path, method=method, headers={"X-Secret": "what was sent"})
        assert answer.status_code in (303, 400, 404, 405, 501), path
        assert b"what was sent" not in answer.data


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/", {"GET", "HEAD", "OPTIONS"}), ("/logout", {"POST", "OPTIONS"}), ("/what-will-i-pay", {"GET", "HEAD", "OPTIONS", "POST"})],
)
def test_a_refused_method_is_told_which_there_are(portal_app, path, allowed):
    answer = portal_app.test_client().put(path)
    assert answer.status_code == 405
    assert {method.strip() for method in answer.headers["Allow"].split(",")} == allowed
