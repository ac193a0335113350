"""A session that ends in the middle of something: nothing typed is lost, and nobody else ever sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import SystemClock
from portal.storage.models import ParkedPost, WebSession
from tests.portal.fixtures import Browser
from tests.portal.real_login import log_in, portal_settings, stand_in  # noqa: F401 - these tests log in for real
from tests.portal.walking import START, Page


@pytest.fixture
def end_sessions(database):
    """Let everybody's session run out, as half an hour without a click does."""

    def end():
        with database.transaction() as session:
            for row in session.scalars(select(WebSession)):
                row.last_seen = SystemClock().now() - timedelta(minutes=31)

    return end


@pytest.fixture
def sofie(visit):
    return visit("sofie")


def back_in(walker, key="sofie", begin="/login"):
    """Log in for real with the same browser; the page that follows."""
    answer = log_in(walker.browser.client, key, begin)
    token = answer.text.split('name="csrf-token" content="')[1].split('"')[0]
    walker.browser = Browser(walker.browser.client, token)
    return Page(walker, answer.status_code, answer.request.path, answer.text)


def send_without_following(page, **typed):
    """Send the form of a page and stay where it leads."""
    data = {name: page.value(name) for name in ("version", "carried") if page.main.xpath(f".//*[@name='{name}']")}
    return page.walker.browser.post(page.path, {**data, **typed})


def test_what_was_typed_is_there_after_the_login_and_can_be_sent(sofie, end_sessions, records):
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    end_sessions()
    away = send_without_following(page, text="Noah går i Børnehaven Prøvestenen")
    assert (away.status_code, away.location.split("?")[0]) == (303, "/login")

    again = back_in(sofie, begin=away.location)

    assert again.path == page.path
    assert "Here is what you had typed" in again.text
    assert again.value("text") == "Noah går i Børnehaven Prøvestenen"
    assert "correction" not in records.draft(page.path.split("/")[3]).answers["pages"]
    following = again.press()
    assert following.step == "reason"
    assert sofie.open(page.path).value("text") == "Noah går i Børnehaven Prøvestenen"
    assert "Here is what you had typed" not in sofie.open(page.path).text


def test_what_was_typed_wrongly_is_there_with_what_to_do(sofie, end_sessions):
    page = sofie.fill_in({"household": {"living": "couple"}}, until="partner-number")
    end_sessions()
    away = send_without_following(page, cpr="12")
    again = back_in(sofie, begin=away.location)
    assert again.value("cpr") == "12"
    assert again.errors


def test_another_person_who_logs_in_afterwards_never_sees_it(sofie, end_sessions, database):
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    end_sessions()
    away = send_without_following(page, text="Noah er hjemme hos mig")

    landed = log_in(sofie.browser.client, "emma", away.location)

    assert landed.status_code == 404
    assert "Noah er hjemme" not in landed.text
    for path in (START, "/my-page", "/"):
        assert "Noah er hjemme" not in sofie.browser.client.get(path).text


def test_a_choice_between_two_tabs_survives_the_login(sofie, end_sessions):
    answered = sofie.fill_in(until="income")
    address = answered.path.replace("/income", "/reason")
    one, other = sofie.open(address), sofie.open(address)
    one.fill({"reason": "household"}).press()
    end_sessions()
    away = send_without_following(other, reason="stop")

    again = back_in(sofie, begin=away.location)
    assert again.value("reason") == ["stop"]
    assert again.press().status == 409


def test_a_page_from_before_a_new_login_is_shown_again_with_what_was_typed(sofie):
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    old = sofie.browser.csrf
    back_in(sofie, begin="/login?fresh=1")
    sofie.browser.csrf, new = old, sofie.browser.csrf

    away = send_without_following(page, text="Noah er stoppet")
    assert (away.status_code, away.location) == (303, page.path)

    sofie.browser.csrf = new
    again = sofie.open(page.path)
    assert again.value("text") == "Noah er stoppet"
    assert again.press().step == "reason"


def test_a_forged_post_changes_nothing(sofie, records):
    page = sofie.begin()
    for token in ("", "x", "IjEi.aaaa.bbbb"):
        answer = sofie.browser.client.post(page.path, data={"csrf_token": token, "version": page.value("version"), "living": "single"})
        assert answer.status_code in (303, 400)
    begun = sofie.browser.client.post(START, data={})
    assert begun.status_code == 400
    assert "open too long" in begun.text
    assert records.draft(page.path.split("/")[3]).answers["pages"] == {}
    assert records.count("drafts") == 1


@pytest.mark.parametrize("session", ["alive", "ended"])
def test_an_application_sent_from_an_ended_session_is_not_sent_by_itself(sofie, end_sessions, records, session):
    check = sofie.fill_in()
    if session == "ended":
        end_sessions()
        away = send_without_following(check)
        again = back_in(sofie, begin=away.location)
        assert (again.step, records.count("applications")) == ("check", 0)
        check = again
    check.press("Send application")
    assert records.count("applications") == 1


def test_a_post_to_an_address_that_cannot_be_fetched_leads_to_a_page_that_can(sofie, end_sessions, records):
    sofie.apply()
    address = f"/my-page/cases/{records.case('sofie').id}"
    sofie.open(address)
    end_sessions()
    away = sofie.browser.post(f"{address}/withdraw")
    landed = log_in(sofie.browser.client, "sofie", away.location)
    assert (landed.status_code, landed.request.path) == (200, address)
    assert records.case("sofie").state == "submitted"


def test_logging_out_of_an_ended_session_is_logging_out(sofie, end_sessions):
    sofie.open("/my-page")
    end_sessions()
    answer = sofie.browser.post("/logout", follow_redirects=True)
    assert answer.request.path == "/logged-out"


def test_an_answer_to_the_case_is_kept_too(visit, end_sessions, worker, records):
    visit("henrik").apply({"household": {"living": "couple:a1"}})
    visit("louise", fresh=True).approve(records.request("henrik").id)
    worker.drain()
    henrik = visit("henrik")
    page = henrik.open(f"/my-page/tasks/{records.request('henrik', 'hearing').id}")
    end_sessions()
    away = send_without_following(page, answer="commented", text="Min løn faldt i oktober.")

    again = back_in(henrik, "henrik", away.location)

    assert "Here is what you had typed" in again.text
    assert again.value("text") == "Min løn faldt i oktober."
    again.press("Send answer")
    assert records.events("henrik")[-1] == "hearing_commented"
    assert records.request("henrik", "hearing").answer["text"] == "Min løn faldt i oktober."


def test_an_approval_goes_on_where_it_was(visit, end_sessions, records):
    visit("maria").apply({"household": {"living": "couple:a1"}})
    anders = visit("anders", fresh=True)
    page = anders.open(f"/my-page/tasks/{records.request('maria').id}").fill({"use": "yes"}).press()
    assert "Do you have other income?" in page.text
    end_sessions()
    away = send_without_following(page, other="no", agree="yes")
    assert "for=consent" in away.location
    again = back_in(anders, "anders", away.location)

    assert again.value("other") == ["no"]
    assert again.press("Approve").heading == "You have approved"


def test_what_was_kept_is_sealed_and_gone_after_an_hour(sofie, end_sessions, database, monkeypatch):
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    end_sessions()
    away = send_without_following(page, text="Noah er stoppet")
    with database.engine.connect() as raw:
        (stored,) = raw.exec_driver_sql("SELECT fields FROM parked_post").fetchone()
    assert b"Noah" not in bytes(stored)
    with database.transaction() as session:
        session.scalars(select(ParkedPost)).one().ends = SystemClock().now()

    again = back_in(sofie, begin=away.location)
    assert again.value("text") == ""
