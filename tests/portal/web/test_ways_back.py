"""Where a login leads: to a page that can be shown, also from an address that a form is sent to."""

from __future__ import annotations

import pytest
from lxml import html
from sqlalchemy import func, select

from portal.storage.models import WebSession
from portal.web.application import _known_everywhere
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


def test_nobody_is_sent_back_to_where_a_login_ended(portal_app):
    client = portal_app.test_client()
    for way_in in ("/login/callback?state=x&code=y", "/login/staff/callback", "/login/refused/dead?for=consent"):
        client.get("/login", query_string={"next": way_in})
        with client.session_transaction() as session:
            assert session["logins"][-1]["next_path"] == "/my-page"
    with portal_app.test_request_context("/login/callback?state=x&code=y"):
        assert _known_everywhere()["request_path"] == "/"
    with portal_app.test_request_context("/login/staff/callback?state=x&code=y"):
        assert _known_everywhere()["request_path"] == "/"


def test_the_page_of_a_refusal_leads_only_to_a_login_of_ours(portal_app):
    def again(path):
        page = html.document_fromstring(portal_app.test_client().get(path).text)
        return page.xpath("//main//a[contains(@class, 'button')]/@href")

    assert again("/login/refused/stopped") == ["/login"]
    assert again("/login/refused/stopped?staff=1&for=consent") == ["/login/staff"]
    assert again("/login/refused/stopped?for=nothing-known&next=/my-page/post") == ["/login"]
    assert again("/login/refused/stopped?for=consent&next=/my-page/post") == ["/login?next=/my-page/post&for=consent"]
    for elsewhere in ("https://other.example/", "//other.example", "/login/callback?state=x"):
        assert again(f"/login/refused/stopped?for=consent&next={elsewhere}") == ["/login?next=/my-page&for=consent"]
    assert again("/login/refused/dead") == []
    assert portal_app.test_client().get("/login/refused/nothing-known").status_code == 404
