"""A post from somewhere else, or from nobody, writes nothing, and takes nobody's session from them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.clock import SystemClock
from portal.storage.models import ParkedPost, WebSession
from tests.portal.walking import START

STEP = f"{START}/00000000-0000-0000-0000-000000000000/correction"
OURS = "http://127.0.0.1:8000"
TYPED = {"text": "something that was typed"}


@pytest.fixture
def rows(database):
    """How many sessions and kept posts there are."""

    def count():
        with database.session(reads_only=True) as session:
            return tuple(session.scalar(select(func.count()).select_from(model)) for model in (WebSession, ParkedPost))

    return count


@pytest.fixture
def let_run_out(database):
    """Everybody's session has run out, by rest or for good."""

    def end(**ago):
        now = SystemClock().now()
        with database.transaction() as session:
            for row in session.scalars(select(WebSession)):
                row.last_seen = now - timedelta(minutes=31)
                if ago:
                    row.ends = now - timedelta(**ago)

    return end


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": OURS}, {"Origin": "null"}]
)
@pytest.mark.parametrize("cookie", [None, "s.nobody-has-this", "a.forged", "nonsense"])
def test_a_post_from_nobody_is_sent_to_log_in_and_leaves_nothing(portal_app, rows, headers, cookie):
    for path in (STEP, START, "/my-page/cases/00000000-0000-0000-0000-000000000000/withdraw", "/back-office/take-next"):
        client = portal_app.test_client()
        if cookie:
            client.set_cookie("portal", cookie, domain="localhost")
        answer = client.post(path, data=TYPED, headers=headers)
        assert answer.status_code == 303
        assert answer.location.split("?")[0] == ("/login/staff" if "back-office" in path else "/login")
        assert rows() == (0, 0)
        assert not [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("portal=s.")]


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_a_post_from_another_site_never_gets_a_cookie(portal_app, rows, headers):
    # The browser sends no cookie along with it, but would keep one that came back in place of the one it has.
    for path in (STEP, START, "/what-will-i-pay", "/check-field", "/logout", "/nowhere", "/my-page", "/login"):
        assert "Set-Cookie" not in portal_app.test_client().post(path, data=TYPED, headers=headers).headers
    assert rows() == (0, 0)


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 1),
        ({"Sec-Fetch-Site": "none"}, 1),
        ({"Origin": OURS}, 1),
        ({}, 0),
        ({"Sec-Fetch-Site": "same-site"}, 0),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, 0),
        ({"Origin": "https://evil.example"}, 0),
        ({"Origin": f"{OURS}.evil.example"}, 0),
    ],
)
def test_a_post_is_kept_only_for_a_session_that_was_and_from_our_own_page(visit, rows, let_run_out, headers, kept):
    client = visit("sofie").browser.client
    let_run_out()
    answer = client.post(STEP, data=TYPED, headers=headers)
    assert answer.status_code == 303
    assert rows()[1] == kept


def test_a_file_sent_from_a_session_that_has_ended_is_not_read_and_leads_to_the_login(visit, rows, let_run_out):
    sofie = visit("sofie")
    let_run_out()
    # Encoded here: the test client would leave a temporary file open.
    boundary, body = encode_multipart({"papers": FileStorage(io.BytesIO(b"%PDF-1.7" + b"x" * 1_000_000), "a.pdf", "papers")})
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = sofie.browser.client.post(STEP, data=body, content_type=f"multipart/form-data; boundary={boundary}", headers=headers)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login")
    assert rows()[1] == 0


def test_a_session_that_lived_its_time_out_keeps_what_was_typed_too(visit, rows, let_run_out, portal_app):
    sofie = visit("sofie")
    let_run_out(hours=3)
    portal_app.session_interface.sweep()
    sofie.browser.post(STEP, TYPED)
    assert rows()[1] == 1


def test_a_session_somebody_logged_out_of_keeps_nothing(visit, rows, portal_app):
    sofie = visit("sofie")
    cookie = sofie.browser.client.get_cookie("portal").value
    sofie.browser.post("/logout")
    sofie.browser.client.set_cookie("portal", cookie, domain="localhost")
    sofie.browser.post(STEP, TYPED)
    assert rows() == (0, 0)


def test_what_another_window_had_is_kept_after_the_first_noticed_the_end(visit, rows, let_run_out):
    sofie = visit("sofie")
    let_run_out()
    sofie.open("/")
    assert sofie.browser.get("/my-page").status_code == 302
    sofie.browser.post(STEP, TYPED)
    sofie.browser.post(STEP.replace("correction", "reason"), TYPED)
    assert rows()[1] == 2


def test_the_same_page_kept_twice_is_one_row(visit, rows, let_run_out):
    sofie = visit("sofie")
    let_run_out()
    for _time in range(5):
        sofie.browser.post(STEP, TYPED)
    assert rows()[1] == 1


def test_a_page_for_anybody_never_asks_for_a_login(visit, rows, let_run_out):
    sofie = visit("sofie")
    let_run_out()
    answer = sofie.browser.post("/what-will-i-pay", {"income": "1"})
    assert answer.status_code == 400
    assert "open too long" in answer.text
    assert rows()[1] == 0


def test_who_it_was_stands_with_what_was_kept(visit, staff_login, database, let_run_out):
    sofie, karen = visit("sofie"), staff_login("karen")
    let_run_out()
    sofie.browser.post(STEP, TYPED)
    karen.post("/back-office/cases/00000000-0000-0000-0000-000000000000/decide", TYPED)
    with database.session(reads_only=True) as session:
        owners = set(session.scalars(select(ParkedPost.owner)))
    assert owners == {str(sofie.browser.person_id), "demo#staff-karen"}


def test_a_forged_post_from_a_neighbouring_site_is_not_shown_as_ones_own(visit, rows):
    sofie = visit("sofie")
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    answer = sofie.browser.client.post(page.path, data={**TYPED, "csrf_token": "x"}, headers={"Sec-Fetch-Site": "same-site"})
    assert answer.status_code == 400
    assert rows()[1] == 0
    assert sofie.open(page.path).value("text") == ""
