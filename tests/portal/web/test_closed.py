"""What is switched off says so within ten seconds, loses nothing, and works again when it is switched on."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from benchmarks.statements import counted
from portal.clock import SystemClock
from portal.outbox.rows import HELD
from portal.storage.database import Database
from portal.storage.switches import KEPT_SECONDS, Switches, switch_off, switch_on
from portal.wiring import make_ask
from tests.portal.fixtures import SINGLE
from tests.portal.walking import START

APPLICATION = "application:free-place"


@pytest.fixture
def switch(database, portal_parts):
    """Close or open something, as seen at once by this process: ``switch("letters")``, ``switch("letters", on=True)``."""

    def turn(name, *, on=False, until=None, words=(None, None)):
        with database.transaction() as work:
            if on:
                switch_on(work, name)
            else:
                switch_off(work, name, SystemClock().now(), until=until, words_da=words[0], words_en=words[1])
        portal_parts.switches._again = float("-inf")

    return turn


def test_a_process_that_runs_sees_a_switch_within_ten_seconds_and_asks_no_more_often(database):
    clock = [100.0]
    switches = Switches(database, clock=lambda: clock[0])
    assert KEPT_SECONDS <= 5
    assert switches.off("letters") is None
    with counted(database.engine) as seen:
        for _time in range(1000):
            assert switches.off("letters") is None
    assert seen == []
    with database.transaction() as work:
        switch_off(work, "letters", SystemClock().now(), until=None, words_da=None, words_en=None)
    assert switches.off("letters") is None
    clock[0] += KEPT_SECONDS
    assert switches.off("letters") is not None


CLOSES = """
import os
from portal.clock import SystemClock
from portal.storage.database import Database
from portal.storage.switches import switch_off
database = Database(os.environ["URL"])
with database.transaction() as work:
    switch_off(work, "application:free-place", SystemClock().now(), until=None, words_da=None, words_en=None)
database.close()
"""


def test_a_switch_thrown_by_another_process_closes_this_one_and_its_worker(portal_parts, visit, worker, send_application, records):
    clock = [0.0]
    portal_parts.switches._clock, portal_parts.switches._again = (lambda: clock[0]), float("-inf")
    sofie = visit("sofie")
    page = sofie.begin()
    case = send_application("maria", SINGLE)
    subprocess.run([sys.executable, "-c", CLOSES], env={**os.environ, "URL": portal_parts.settings.database_url}, check=True, timeout=60)
    clock[0] += 10.0
    assert sofie.browser.get(page.path).status_code == 503
    worker.once()
    assert records.decision("maria") is None
    assert [row.attempts for row in records.outbox("decide") if row.subject == str(case)] == [0]


def test_the_page_says_why_until_when_and_that_nothing_is_lost(visit, login, switch):
    sofie = visit("sofie")
    page = sofie.begin()
    until = SystemClock().now() + timedelta(hours=2)
    switch(APPLICATION, until=until, words=("Satserne er forkerte.", "The rates are wrong."))
    answer = sofie.browser.get(page.path)
    assert answer.status_code == 503
    assert 7100 < int(answer.headers["Retry-After"]) <= 7200
    for words in (
        "The application is closed",
        "The rates are wrong.",
        "We expect to open again on",
        "still there",
        "Contact the municipality",
    ):
        assert words in answer.text
    assert "Satserne er forkerte." in login("sofie", "da").get(page.path).text
    switch(APPLICATION, on=True)
    assert sofie.open(page.path).status == 200


def test_what_was_being_typed_is_kept_and_shown_when_it_opens(visit, switch, records):
    sofie = visit("sofie")
    page = sofie.fill_in({"children": {"right": "no"}}, until="correction")
    switch(APPLICATION)
    answer = sofie.browser.post(page.path, {"text": "My long explanation", "version": page.value("version")})
    assert answer.status_code == 503
    assert "What you have just written is kept too" in answer.text
    assert int(answer.headers["Retry-After"]) == 300
    switch(APPLICATION, on=True)
    assert sofie.open(page.path).value("text") == "My long explanation"
    assert "correction" not in records.draft(page.path.split("/")[3]).answers["pages"]


def test_only_the_start_and_the_receipt_of_a_closed_application_can_be_seen(portal_app, visit, switch):
    sofie = visit("sofie")
    receipt = sofie.apply()
    page = sofie.begin()
    switch(APPLICATION)
    draft = page.path.rsplit("/", 1)[0]
    assert sofie.browser.get(receipt.path).status_code == 200
    start = sofie.open(START)
    assert "The application is closed for a short while" in start.text
    assert "Begin" not in " ".join(button.text_content() for button in start.main.iter("button"))
    assert "The application is closed for a short while" in sofie.open("/").text
    for path in (START, f"{draft}/household", f"{draft}/check", f"{draft}/discard"):
        assert sofie.browser.post(path).status_code == 503, path
    assert {sofie.browser.get(f"{draft}/{name}").status_code for name in ("household", "check")} == {503}
    # Everything else goes on.
    assert {sofie.browser.get(path).status_code for path in ("/my-page", "/my-page/cases", "/what-will-i-pay")} == {200}


@pytest.mark.parametrize(
    ("name", "paths"), [("eid:citizen", ("/login", "/login/callback")), ("eid:staff", ("/login/staff", "/login/staff/callback"))]
)
def test_a_closed_login_says_so_and_leaves_the_other_and_those_who_are_logged_in_alone(portal_app, visit, switch, name, paths):
    sofie = visit("sofie")
    switch(name)
    for path in paths:
        answer = portal_app.test_client().get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == 503
        assert "Du kan ikke logge ind lige nu" in answer.text
        assert answer.headers["Retry-After"]
    assert sofie.browser.get("/my-page").status_code == 200
    assert ("You cannot log in right now" in sofie.browser.get("/").text) is (name == "eid:citizen")
    switch(name, on=True)
    assert "lige nu" not in portal_app.test_client().get(f"{paths[1]}?state=x").text


@pytest.mark.parametrize("register", ["people", "income", "places"])
def test_a_closed_register_is_silent_and_is_not_asked(portal_parts, switch, clock, register):
    class Asked:
        def __getattr__(self, name):
            raise AssertionError("a closed register was asked")

    class Three:
        people = income = places = Asked()

    switch(f"register:{register}")
    ask = make_ask(Three(), clock, portal_parts.switches.off)
    told = ask(register, "anything", "x")
    assert (told.value, told.status, told.register) == (None, "unavailable", register)
    switch(f"register:{register}", on=True)
    with pytest.raises(AssertionError, match="closed register"):
        ask(register, "anything", "x")


def test_somebody_applies_by_hand_while_the_income_register_is_closed(visit, switch):
    switch("register:income")
    sofie = visit("sofie")
    page = sofie.fill_in(until="payslip")
    assert page.step == "payslip"


def test_letters_wait_without_using_up_their_tries_and_leave_when_they_may(send_application, worker, records, switch, clock):
    switch("letters")
    send_application("sofie", SINGLE)
    for _round in range(30):
        worker.once()
        clock.move(hours=1)
    assert records.decision("sofie") is not None
    assert [(row.state, row.attempts) for row in records.outbox("letter")] == [("waiting", 0)] * len(records.letters("sofie"))
    assert {letter.state for letter in records.letters("sofie")} == {"queued"}
    switch("letters", on=True)
    worker.drain()
    assert {letter.state for letter in records.letters("sofie")} == {"delivered"}


def test_cases_of_a_closed_application_wait_without_using_up_their_tries(send_application, worker, records, switch, clock):
    send_application("sofie", SINGLE)
    switch(APPLICATION)
    for _round in range(30):
        worker.once()
        clock.move(seconds=HELD.total_seconds())
    assert [(row.state, row.attempts, row.problem) for row in records.outbox("decide")] == [("waiting", 0, "application_closed")]
    switch(APPLICATION, on=True)
    worker.once()
    assert records.decision("sofie") is not None
    assert timedelta(seconds=10) >= HELD


def test_files_are_not_taken_while_they_are_closed_and_the_way_goes_on_without(visit, switch, records):
    sofie = visit("sofie")
    page = sofie.fill_in({"other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000"}}, until="papers")
    switch("uploads")
    assert "You cannot send files right now" in sofie.open(page.path).text
    for size in (10, 300_000):
        sent = {"version": page.value("version"), "papers": (io.BytesIO(b"%PDF-1.7" + b"x" * size), "a.pdf")}
        answer = sofie.browser.post(page.path, sent)
        assert answer.status_code == 503
        assert "go on without files" in answer.text
    assert records.documents() == []
    assert sofie.open(page.path).press().status == 200


def test_a_database_that_does_not_answer_leaves_what_was_last_known(database, tmp_path):
    with database.transaction() as work:
        switch_off(work, "letters", SystemClock().now(), until=None, words_da=None, words_en=None)
    clock = [0.0]
    switches = Switches(database, clock=lambda: clock[0])
    assert switches.off("letters")
    away = Database(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3")
    switches._database = away
    clock[0] += 60
    assert switches.off("letters")
    assert switches.off("uploads") is None
    away.close()
