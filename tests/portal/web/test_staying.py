"""Until when one is logged in: told on every page, asked without making it longer, and made longer by a button that loses nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from lxml import html
from sqlalchemy import select

from portal.clock import COPENHAGEN, SystemClock
from portal.storage.models import WebSession
from portal.web.staying import WARN_SECONDS

JSON = {"Accept": "application/json"}


@pytest.fixture
def portal_settings(sqlite_settings):
    """A session is a row; both engines keep it."""
    return sqlite_settings


@pytest.fixture
def set_times(database):
    """Let everybody's session have been last used so long ago, and end so far ahead."""

    def change(idle=timedelta(0), left=timedelta(hours=8)):
        now = SystemClock().now()
        with database.transaction() as work:
            for row in work.scalars(select(WebSession)):
                row.last_seen, row.ends = now - idle, now + left

    return change


@pytest.fixture
def last_seen(database):
    def read():
        with database.session(reads_only=True) as work:
            return work.scalars(select(WebSession)).one().last_seen

    return read


def about(told, expected, within=3):
    return abs(told - expected) <= within


def clock_in(minutes):
    return f"{datetime.now(COPENHAGEN) + timedelta(minutes=minutes):%H:%M}"


def test_asking_does_not_make_it_longer_however_often(login, set_times, last_seen):
    maria = login("maria")
    set_times(idle=timedelta(minutes=26))
    before = last_seen()
    for _time in range(3):
        told = maria.get("/session/status", headers=JSON).json
        assert about(told["left"], 4 * 60)
        assert told["can_extend"]
    maria.get("/session/status")
    assert last_seen() == before


def test_the_button_makes_it_longer_also_within_a_minute(login, set_times, last_seen):
    maria = login("maria")
    set_times(idle=timedelta(seconds=20))
    told = maria.post("/session/extend", headers=JSON, follow_redirects=True).json
    assert about(told["left"], 30 * 60)
    assert SystemClock().now() - last_seen() < timedelta(seconds=5)


def test_the_warning_comes_five_minutes_before_and_says_when(login, set_times):
    maria = login("maria")
    set_times(idle=timedelta(minutes=24))
    assert maria.get("/session/status", headers=JSON).json["words"].startswith("You are logged in until")
    set_times(idle=timedelta(minutes=25, seconds=1))
    told = maria.get("/session/status", headers=JSON).json
    assert told["left"] <= WARN_SECONDS
    assert re.fullmatch(
        r"You will be logged out at \d\d:\d\d\. To go on, press the button \"Stay logged in\" at the bottom of the page\.", told["words"]
    )


def test_what_ends_first_is_told_and_the_hard_end_cannot_be_moved(login, set_times):
    maria = login("maria")
    set_times(left=timedelta(minutes=4))
    told = maria.post("/session/extend", headers=JSON, follow_redirects=True).json
    assert about(told["left"], 4 * 60)
    assert told["can_extend"] is False
    assert "What you have typed in an application or an answer is kept." in told["words"]
    page = html.document_fromstring(maria.get("/my-page").text)
    assert page.xpath("string(//*[@class='session-plain']/p)").endswith("Then you must log in again.")
    assert not page.xpath("//*[@class='session-plain']//form")
    (again,) = page.xpath("//*[@class='session-plain']//a/@href")
    assert again == "/login?next=/session/status&fresh=1"


def test_nothing_is_promised_to_staff_of_what_they_have_typed(staff_login, set_times):
    karen = staff_login("karen")
    set_times(left=timedelta(minutes=4))
    assert "Save what you are writing before then." in karen.get("/session/status", headers=JSON).json["words"]
    assert "/login/staff?next=/session/status" in karen.get("/back-office").text


@pytest.mark.parametrize("path", ["/", "/my-page", "/my-page/post", "/apply/free-place", "/privacy"])
def test_every_page_of_somebody_logged_in_says_until_when_and_has_the_button(login, path):
    page = html.document_fromstring(login("maria").get(path).text)
    (plain,) = page.xpath("//*[@class='session-plain']")
    assert plain.xpath("string(./p)") in {f"You are logged in until {clock_in(minutes)}." for minutes in (29, 30)}
    (form,) = plain.xpath("./form")
    assert (form.get("action"), form.get("target")) == ("/session/extend", "_blank")


def test_nobody_else_is_told_anything(portal_app):
    client = portal_app.test_client()
    assert "session-plain" not in client.get("/").text
    answer = client.get("/session/status", headers=JSON)
    assert (answer.json["left"], answer.json["can_extend"]) == (0, False)
    assert client.get("/session/status").status_code == 200


def test_without_scripts_the_button_opens_a_small_page(visit, set_times, last_seen):
    maria = visit("maria", "da")
    set_times(idle=timedelta(minutes=28))
    page = maria.send("/session/extend", {})
    assert re.fullmatch(r"Du er logget ind til kl\. \d\d\.\d\d\.", page.heading.replace("\N{NO-BREAK SPACE}", " "))
    assert "Luk denne fane" in page.text
    assert not page.tree.xpath("//*[@class='session-plain']"), "the heading has said it"
    assert SystemClock().now() - last_seen() < timedelta(seconds=5)


def test_a_button_pressed_too_late_says_so_and_what_was_typed_can_still_be_sent(visit, set_times):
    maria = visit("maria")
    set_times(idle=timedelta(minutes=31))
    page = maria.send("/session/extend", {})
    assert (page.status, page.heading) == (200, "You are logged out")
    assert "what you have typed in an application or an answer is kept" in page.text
    told = maria.browser.post("/session/extend", headers=JSON, follow_redirects=True).json
    assert told["left"] == 0


def test_a_forged_post_makes_nothing_longer(login, set_times, last_seen):
    maria = login("maria")
    set_times(idle=timedelta(minutes=20))
    before = last_seen()
    maria.client.post("/session/extend", data={"csrf_token": "x"})
    assert last_seen() == before
