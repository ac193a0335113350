"""A person has a handful of open applications of one kind, and no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from portal.journey.drafts import MOST_OPEN
from tests.portal.walking import START


def test_no_sixth_application_is_begun_and_the_page_says_why(visit, records):
    sofie = visit("sofie")
    for _number in range(MOST_OPEN):
        sofie.begin()
    full = sofie.send(START, {})
    assert (full.path, records.count("drafts")) == (START, MOST_OPEN)
    assert "You cannot begin any more" in full.text
    assert "You have 5 applications that you have not sent." in full.text
    assert "Begin a new application" not in full.text
    newest = full.link("Go on with my application")
    assert newest.step == "household"

    sofie.open(START).press("Throw the draft away")

    assert sofie.begin().step == "household"
    assert "You cannot begin any more" in sofie.open(START).text


def test_another_persons_drafts_do_not_count(visit):
    sofie = visit("sofie")
    for _number in range(MOST_OPEN):
        sofie.begin()
    assert visit("emma").begin().step == "household"


def test_twelve_clicks_at_once_begin_no_more_than_there_is_room_for(portal_app, visit, records):
    browser = visit("sofie").browser
    cookie, barrier = browser.client.get_cookie("portal").value, Barrier(12)

    def click(_which):
        client = portal_app.test_client()
        client.set_cookie("portal", cookie)
        barrier.wait()
        return client.post(START, data={"csrf_token": browser.csrf}).status_code

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(click, range(12))) == {303}
    assert records.count("drafts") == MOST_OPEN
