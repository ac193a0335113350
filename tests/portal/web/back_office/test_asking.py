"""Asking the citizen for something: a task and a letter, and the case comes back with the answer."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from portal.post.content import LetterContent
from portal.storage.models import AnswerRequest, Case, Letter
from tests.portal.fixtures import staff_id_of
from tests.portal.web.back_office.conftest import hidden, text_of

QUESTION = "Send your accounts for 2025.\r\nWe need them because 100 % of your income is your own business."


def ask(case, **changes):
    page = case.staff.get(case.url("/ask")).get_data(as_text=True)
    typed = {"version": hidden(page, "version"), "text": QUESTION, "deadline-day": "5", "deadline-month": "12", "deadline-year": "2026"}
    return case.staff.post(case.url("/ask"), typed | changes)


def requests_of(case) -> list[AnswerRequest]:
    with case.database.session() as session:
        return list(session.scalars(select(AnswerRequest).where(AnswerRequest.case_id == case.case_id)))


def test_the_form_proposes_two_weeks(office):
    case = office()
    page = case.staff.get(case.url("/ask")).get_data(as_text=True)
    assert re.findall(r'name="deadline-(\w+)"[^>]* value="(\d+)"', page) == [("day", "5"), ("month", "12"), ("year", "2026")]


def test_the_citizen_answers_and_the_case_comes_back(office, worker, login, clock):
    case = office(language="en")
    assert ask(case).status_code == 303
    worker.drain()
    assert case.state() == "awaiting_citizen"
    with case.database.session() as session:
        letter = session.scalars(select(Letter).where(Letter.case_id == case.case_id)).one()
    assert letter.state == "delivered"
    assert LetterContent.from_json(letter.content).sections[0].paragraphs[0] == "Send your accounts for 2025."
    assert "No case is waiting." in text_of(case.staff.get("/back-office"))
    assert "Waiting for the citizen" in case.see()
    (request,) = requests_of(case)
    soeren = login("soeren")
    clock.move(days=2)
    answered = soeren.post(f"/my-page/tasks/{request.id}", {"version": str(request.version), "text": "Here they are."})
    assert answered.status_code == 303
    worker.drain()
    assert case.state() == "informed"
    assert case.kinds()[2:] == ["information_asked", "letter_delivered", "information_given"]
    queue = text_of(case.staff.get("/back-office"))
    assert "23 November 2026 at 11:00 The citizen has answered the question" in queue
    page = case.see()
    assert "Send your accounts for 2025." in page
    assert "The answer Here they are." in page
    assert "Nobody has this case" in page


def test_papers_come_with_the_answer_and_a_harmful_one_stops_it(office, worker, login):
    case = office(language="en")
    ask(case)
    (request,) = requests_of(case)
    soeren, path = login("soeren"), f"/my-page/tasks/{request.id}"
    assert 'enctype="multipart/form-data"' in soeren.get(path).text

    def send(content):
        fields = {"version": str(request.version), "text": "Here they are.", "papers": (io.BytesIO(content), "accounts.png")}
        return soeren.post(path, fields, content_type="multipart/form-data")

    refused = send(b"MZ not a picture")
    assert refused.status_code == 422
    assert "The file you chose is something else" in refused.text
    assert "Here they are." in refused.text
    assert requests_of(case)[0].answered is None

    assert send(b"\x89PNG\r\n\x1a\n and then some").status_code == 303
    assert "accounts.png" in case.see()


def test_a_question_nobody_answers_comes_back_after_the_deadline(office, worker, clock):
    case = office()
    ask(case)
    clock.move(days=16)
    worker.drain()
    assert case.state() == "informed"
    assert "The citizen did not answer the question in time" in case.see()


def test_asking_is_written_down_and_lets_go_of_the_case(office):
    case = office()
    ask(case)
    assert [(entry.actor, entry.purpose) for entry in case.audited("ask")] == [(staff_id_of("karen"), "case handling")]
    with case.database.session() as session:
        assert session.get_one(Case, case.case_id).taken_by is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "  "}, "Write what you need from the citizen"),
        ({"text": "x" * 2001}, "Write at most 2000 characters."),
        ({"deadline-day": "23", "deadline-month": "11"}, "Choose a deadline from 24 November 2026 to 20 May 2027"),
        ({"deadline-year": "2036"}, "Choose a deadline from 24 November 2026 to 20 May 2027"),
        ({"deadline-day": "31", "deadline-month": "2"}, "That date does not exist"),
        ({"deadline-day": ""}, "Write day, month and year for the deadline"),
    ],
)
def test_a_question_that_cannot_be_sent_is_refused_in_words_and_kept(office, changes, words):
    case = office()
    answer = ask(case, **changes)
    assert answer.status_code == 422
    assert words in text_of(answer)
    if "text" not in changes:
        assert "Send your accounts for 2025." in text_of(answer)
    assert requests_of(case) == []
    assert case.state() == "informed"


def test_the_earliest_deadline_is_three_days_ahead(office):
    assert ask(office(), **{"deadline-day": "24", "deadline-month": "11"}).status_code == 303


def test_two_clicks_ask_once(office):
    case = office()
    page = case.staff.get(case.url("/ask")).get_data(as_text=True)
    typed = {"version": hidden(page, "version"), "text": QUESTION, "deadline-day": "5", "deadline-month": "12", "deadline-year": "2026"}
    assert [case.staff.post(case.url("/ask"), typed).status_code for _click in range(2)] == [303, 303]
    assert len(requests_of(case)) == 1


def test_only_the_one_who_has_the_case_asks(office, staff_login):
    case = office()
    ole = staff_login("ole")
    assert ole.get(case.url("/ask")).location.endswith(case.url())
    typed = {"version": "2", "text": QUESTION, "deadline-day": "5", "deadline-month": "12", "deadline-year": "2026"}
    answer = ole.post(case.url("/ask"), typed)
    assert answer.status_code == 409
    assert "Send your accounts for 2025." in text_of(answer)
    assert requests_of(case) == []


def test_a_page_opened_before_something_happened_asks_nothing(office):
    case = office()
    assert ask(case, version="1").status_code == 409
    assert requests_of(case) == []
