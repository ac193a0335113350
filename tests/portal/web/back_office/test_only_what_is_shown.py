"""A member of staff's forms take their own fields; what is shown cannot be posted otherwise, and what was seen cannot be made up."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.storage.base import Base
from portal.storage.models import AnswerRequest, Decision
from tests.portal.web.back_office.test_asking import QUESTION, ask, requests_of

EVIL = "00000000-0000-4000-8000-000000000bad"


@pytest.fixture
def portal_settings(sqlite_settings):
    """What is taken from a form is the same on both engines."""
    return sqlite_settings


@pytest.fixture
def extras():
    """Every name that a column has, but those of the forms themselves."""
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    return dict.fromkeys(sorted(columns - {"text", "deadline", "version"}), EVIL)


def test_a_question_takes_its_text_and_its_deadline(office, extras):
    case = office()
    assert ask(case, **extras).status_code == 303
    (request,) = requests_of(case)
    assert (request.kind, request.outcome, request.answered, request.answer) == ("information", None, None, None)
    assert request.case_id == case.case_id
    assert EVIL not in repr((request.question, request.person_id))
    assert request.question["text"].split() == QUESTION.split()


@pytest.mark.parametrize("seen", ["", "x", "0" * 64])
def test_a_decision_nobody_saw_the_letter_of_is_not_made(office, extras, seen):
    case = office()
    typed = {"version": "99", "then": "send", "seen": seen, "outcome": "refused", "reasons": "Because"}
    assert case.staff.post(case.url("/decide"), {**extras, **typed}).status_code != 303
    with case.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Decision).where(Decision.case_id == case.case_id)) == 0
        assert session.scalar(select(func.count()).select_from(AnswerRequest)) == 0
