"""What is refused at the door is a line of the log that says which page and why, and nothing of whoever tried or what they sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from portal.web import limits

SENT = "7203914002 Maria Fantasi"


@pytest.fixture
def portal_settings(sqlite_settings):
    """A refusal asks no database."""
    return sqlite_settings


@pytest.mark.parametrize(
    ("said", "token", "why"),
    [
        ({}, "forged", "The CSRF token is invalid."),
        ({}, "", "The CSRF token is missing."),
        ({"Sec-Fetch-Site": "cross-site"}, None, "another site"),
    ],
)
def test_a_forged_post_is_written_down(login, said, token, why):
    sofie = login("sofie")
    with capture_logs() as lines:
        form = {"csrf_token": sofie.csrf if token is None else token, "income": SENT}
        assert sofie.client.post("/what-will-i-pay", data=form, headers=said).status_code == 400
    assert [line for line in lines if line["event"] == "post_refused"] == [
        {"event": "post_refused", "log_level": "warning", "endpoint": "quote.page", "why": why}
    ]
    assert SENT not in str(lines)


def test_whom_a_limit_stops_is_written_down(login, monkeypatch):
    monkeypatch.setattr(limits, "LIMITED", {"quote.page": replace(limits.LIMITED["quote.page"], person="1 per hour")})
    sofie = login("sofie")
    assert sofie.post("/what-will-i-pay", {"income": SENT}).status_code == 422
    with capture_logs() as lines:
        assert sofie.post("/what-will-i-pay", {"income": SENT}).status_code == 429
    stopped = [line for line in lines if line["event"] == "too_often"]
    assert [(line["log_level"], line["endpoint"], line["words"]) for line in stopped] == [("warning", "quote.page", "often")]
    assert 0 < stopped[0]["again_in"] <= 3600
    assert SENT not in str(lines)
    assert str(sofie.person_id) not in str(lines)


def test_a_strange_host_is_written_down_without_its_name(portal_app):
    with capture_logs() as lines:
        assert portal_app.test_client().get("/", base_url="http://7203914002.example").status_code == 400
    assert [line["log_level"] for line in lines if line["event"] == "strange_host"] == ["warning"]
    assert "7203914002" not in str(lines)
