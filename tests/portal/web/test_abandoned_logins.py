"""Logins that were begun and left: they fill nothing, and do not stand in the way of the next."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.identity.attempts import MOST_OPEN
from portal.storage.models import WebSession
from tests.portal.real_login import log_in, stand_in, with_stand_in  # noqa: F401 - these tests log in for real


@pytest.fixture
def portal_settings(sqlite_settings, stand_in):  # noqa: F811 - asked for by its name
    """On SQLite alone: what is kept of an attempt is the same on any engine."""
    return with_stand_in(sqlite_settings, stand_in)


@pytest.mark.parametrize("begin", ["/login", "/login?next=/my-page/" + "x" * 280])
def test_thirty_abandoned_logins_leave_the_next_one_working(portal_app, database, begin):
    client = portal_app.test_client()
    for _number in range(30):
        assert client.get(begin).status_code == 302
        assert len(client.get_cookie("portal").value) < 100
    with database.session() as work:
        (row,) = work.scalars(select(WebSession))
        assert len(row.data["logins"]) == MOST_OPEN

    log_in(client, "maria")

    assert client.get("/my-page").status_code == 200
    with database.session() as work:
        (row,) = work.scalars(select(WebSession))
        assert "logins" not in row.data


def test_the_newest_ten_can_all_be_finished(portal_app):
    """Ten windows at once are ten logins; in an eleventh the oldest is told that it took too long."""
    client = portal_app.test_client()
    away = [client.get("/login").location for _number in range(MOST_OPEN + 1)]
    states = [address.split("state=")[1].split("&")[0] for address in away]
    oldest = client.get("/login/callback", query_string={"state": states[0], "code": "x"}, follow_redirects=True)
    assert (oldest.status_code, "<h1>Du er ikke logget ind</h1>" in oldest.text) == (400, True)
    # Known, and refused for what it brought.
    refused = client.get("/login/callback", query_string={"state": states[1], "error": "access_denied"}, follow_redirects=True)
    assert refused.status_code == 403
