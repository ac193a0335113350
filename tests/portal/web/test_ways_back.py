"""Where a login leads: to a page that can be shown, also from an address that a form is sent to."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.storage.models import WebSession
from tests.portal.real_login import portal_settings, stand_in  # noqa: F401 - the eID must answer before a login begins

CASE = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("wanted", "page"),
    [
        (f"/my-page/cases/{CASE}/withdraw", f"/my-page/cases/{CASE}"),
        (f"/my-page/tasks/{CASE}/withdraw", f"/my-page/tasks/{CASE}"),
        (f"/apply/free-place/{CASE}/papers/files/{CASE}/remove", f"/apply/free-place/{CASE}/papers"),
        (f"/apply/free-place/{CASE}/discard", "/apply/free-place"),
        (f"/back-office/cases/{CASE}/take", f"/back-office/cases/{CASE}"),
        (f"/back-office/cases/{CASE}/give-back", f"/back-office/cases/{CASE}"),
        ("/back-office/take-next", "/back-office"),
        ("/logout", "/"),
        ("/check-field?x=1", "/"),
        (f"/my-page/cases/{CASE}?page=2", f"/my-page/cases/{CASE}?page=2"),
        ("/my-page/nowhere", "/my-page/nowhere"),
    ],
)
def test_after_the_login_comes_a_page_that_can_be_shown(portal_app, login, wanted, page):
    sofie = login("sofie")
    assert sofie.get("/login", query_string={"next": wanted}).location == page
    for begin in ("/login", "/login/staff"):
        client = portal_app.test_client()
        client.get(begin, query_string={"next": wanted})
        with client.session_transaction() as session:
            assert session["logins"][0]["next_path"] == page


def test_a_login_that_has_only_begun_leaves_a_small_row(portal_app, database):
    portal_app.test_client().get("/login", query_string={"next": "/my-page?x=" + "y" * 1800})
    with database.engine.connect() as raw:
        sizes = [len(bytes(data)) for (data,) in raw.exec_driver_sql("SELECT data FROM web_session")]
    assert len(sizes) == 1
    assert sizes[0] < 1200


def test_coming_back_without_a_login_leaves_no_row(portal_app, database):
    portal_app.test_client().get("/login/callback?state=x&code=y")
    with database.session(reads_only=True) as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 0
