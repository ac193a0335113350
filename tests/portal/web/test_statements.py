"""How many SQL statements a step may take: each is a round trip to a database that others use too."""

from __future__ import annotations

import re
import uuid

import pytest

from benchmarks.people import draft_up_to, log_in
from benchmarks.seeding import ALONE, ENDING, PAYSLIP
from benchmarks.statements import counted
from portal.web.parts import Parts
from tests.portal.fixtures import Browser

MOST = 8
PAYSLIP_FORM = {name: text.replace(".", ",") for name, text in PAYSLIP.items() if text}
FORMS = {
    "household": {"living": "single"},
    "declaration": {"sworn": "yes"},
    "children": {"right": "yes"},
    "reason": {"reason": "income"},
    "payslip": PAYSLIP_FORM,
    "income-base": {},
    "other-income": {"kinds": ["self_employed"]},
    "other-amounts": {"self_employed": "60000"},
    "papers": {},
    "start-date": {},
    "payment": {},
}
ANSWERS = {**ALONE, **ENDING, "other-income": {"kinds": ["self_employed"]}, "other-amounts": {"self_employed": "60000.00"}, "papers": {}}


@pytest.fixture
def draft(login, portal_parts: Parts) -> tuple[Browser, uuid.UUID]:
    """Somebody self-employed who has answered every page."""
    browser = login("soeren")
    return browser, draft_up_to(portal_parts, log_in(portal_parts, "soeren"), ANSWERS, "")


@pytest.mark.parametrize("step", [*FORMS, "check"])
def test_a_page_is_shown_with_few_statements(draft: tuple[Browser, uuid.UUID], portal_parts: Parts, step: str) -> None:
    browser, draft_id = draft
    with counted(portal_parts.database.engine) as seen:
        assert browser.get(f"/apply/free-place/{draft_id}/{step}").status_code == 200
    assert 2 <= len(seen) <= MOST, seen


@pytest.mark.parametrize("step", FORMS)
def test_a_page_is_saved_with_few_statements(draft: tuple[Browser, uuid.UUID], portal_parts: Parts, step: str) -> None:
    browser, draft_id = draft
    shown = browser.get(f"/apply/free-place/{draft_id}/{step}").get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert version
    with counted(portal_parts.database.engine) as seen:
        answer = browser.post(f"/apply/free-place/{draft_id}/{step}", {**FORMS[step], "version": version[1]})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert any(statement.startswith("UPDATE draft") for statement in seen)
    assert len(seen) <= MOST, seen
