"""A post from somewhere else, or from nobody, writes nothing, and takes nobody's session from them."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.clock import SystemClock
from portal.storage.models import ParkedPost, WebSession
from portal.web import parked
from tests.portal.fixtures import SELF_EMPLOYED
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
def sofie(visit):
    """Somebody with a draft, and the address of a page of it as `step`."""
    walker = visit("sofie")
    walker.step = walker.begin().path.rsplit("/", 1)[0] + "/correction"
    return walker


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
def test_a_post_is_kept_only_for_a_session_that_was_and_from_our_own_page(sofie, rows, let_run_out, headers, kept):
    let_run_out()
    answer = sofie.browser.client.post(sofie.step, data=TYPED, headers=headers)
    assert answer.status_code == 303
    assert rows()[1] == kept


def test_a_file_sent_from_a_session_that_has_ended_is_not_read_and_leads_to_the_login(sofie, rows, let_run_out):
    let_run_out()
    # Encoded here: the test client would leave a temporary file open.
    boundary, body = encode_multipart({"papers": FileStorage(io.BytesIO(b"%PDF-1.7" + b"x" * 1_000_000), "a.pdf", "papers")})
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = sofie.browser.client.post(sofie.step, data=body, content_type=f"multipart/form-data; boundary={boundary}", headers=headers)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login")
    assert rows()[1] == 0


def test_a_session_that_lived_its_time_out_keeps_what_was_typed_too(sofie, rows, let_run_out, portal_app):
    let_run_out(hours=3)
    portal_app.session_interface.sweep()
    sofie.browser.post(sofie.step, TYPED)
    assert rows()[1] == 1


def test_a_session_somebody_logged_out_of_keeps_nothing(sofie, rows, portal_app):
    cookie = sofie.browser.client.get_cookie("portal").value
    sofie.browser.post("/logout")
    sofie.browser.client.set_cookie("portal", cookie, domain="localhost")
    sofie.browser.post(sofie.step, TYPED)
    assert rows() == (0, 0)


def test_what_another_window_had_is_kept_after_the_first_noticed_the_end(sofie, rows, let_run_out):
    let_run_out()
    sofie.open("/")
    assert sofie.browser.get("/my-page").status_code == 302
    sofie.browser.post(sofie.step, TYPED)
    sofie.browser.post(sofie.step.replace("correction", "reason"), TYPED)
    assert rows()[1] == 2


def test_the_same_page_kept_twice_is_one_row(sofie, rows, let_run_out):
    let_run_out()
    for _time in range(5):
        sofie.browser.post(sofie.step, TYPED)
    assert rows()[1] == 1


def test_a_page_for_anybody_never_asks_for_a_login(visit, rows, let_run_out):
    sofie = visit("sofie")
    let_run_out()
    answer = sofie.browser.post("/what-will-i-pay", {"income": "1"})
    assert answer.status_code == 400
    assert "open too long" in answer.text
    assert rows()[1] == 0


def test_who_it_was_stands_with_what_was_kept(sofie, staff_login, send_application, database, let_run_out):
    karen, case_id = staff_login("karen"), send_application("soeren", SELF_EMPLOYED)
    let_run_out()
    sofie.browser.post(sofie.step, TYPED)
    karen.post(f"/back-office/cases/{case_id}/decide", TYPED)
    with database.session(reads_only=True) as session:
        owners = set(session.scalars(select(ParkedPost.owner)))
    assert owners == {str(sofie.browser.person_id), "demo#staff-karen"}


@pytest.mark.parametrize("alive", [True, False])
def test_nothing_is_kept_for_a_page_that_is_not_there_or_a_thing_that_is_not_theirs(
    sofie, visit, staff_login, send_application, rows, let_run_out, alive
):
    emma, karen = visit("emma"), staff_login("karen")
    elsewhere = send_application("camilla", SELF_EMPLOYED)
    addresses = [STEP, STEP.replace("correction", "reason"), sofie.step, sofie.step.replace("free-place", "no-such-service")]
    if not alive:
        let_run_out()
    for address in addresses:
        emma.browser.client.post(address, data={**TYPED, "csrf_token": "old"}, headers={"Sec-Fetch-Site": "same-origin"})
    for page in ("nothing", "nothing2"):
        address = sofie.step.replace("correction", page)
        sofie.browser.client.post(address, data={**TYPED, "csrf_token": "old"}, headers={"Sec-Fetch-Site": "same-origin"})
    for address in (f"/back-office/cases/{elsewhere}/take", f"/back-office/cases/{uuid.uuid4()}/decide", "/back-office/take-next"):
        karen.post(address, TYPED)
    # Nor for a page that would not show it again.
    sofie.browser.client.post(START, data={**TYPED, "csrf_token": "old"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert rows()[1] == 0


def test_of_one_person_so_many_posts_are_kept_and_the_oldest_goes(sofie, visit, database, let_run_out, monkeypatch):
    monkeypatch.setattr(parked, "MOST_KEPT", 2)
    emma = visit("emma")
    hers = emma.begin().path
    let_run_out()
    emma.browser.post(hers, TYPED)
    for page in ("household", "reason", "children", "correction"):
        sofie.browser.post(sofie.step.replace("correction", page), TYPED)
    with database.session(reads_only=True) as session:
        kept = {path.rsplit("/", 1)[1] for path in session.scalars(select(ParkedPost.path).where(ParkedPost.path != hers))}
        assert session.scalar(select(func.count()).select_from(ParkedPost).where(ParkedPost.path == hers)) == 1
    assert kept == {"children", "correction"}


def test_a_forged_post_from_a_neighbouring_site_is_not_shown_as_ones_own(visit, rows):
    sofie = visit("sofie")
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    answer = sofie.browser.client.post(page.path, data={**TYPED, "csrf_token": "x"}, headers={"Sec-Fetch-Site": "same-site"})
    assert answer.status_code == 400
    assert rows()[1] == 0
    assert sofie.open(page.path).value("text") == ""
