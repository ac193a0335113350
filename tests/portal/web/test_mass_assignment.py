"""What is posted beside a page's own fields changes nothing, and what the registers said cannot be written over."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from portal.storage.base import Base
from portal.storage.models import AnswerRequest, Application, Draft
from tests.portal.walking import PAYSLIP, RIGHT

ANSWERS = {
    **RIGHT,
    "household": {"living": "single"},
    "payslip": PAYSLIP,
    "children": {"right": "no"},
    "correction": {"text": "One place is missing"},
    "other-income": {"kinds": ["rent"]},
    "other-amounts": {"rent": "12000"},
}
PERSONAL = {
    "facts",
    "cpr",
    "income",
    "places",
    "month",
    "start",
    "percent",
    "base",
    "monthly_base",
    "own_payment",
    "price",
    "applicant",
    "partner",
    "plan",
}
MOMENTS = {
    "id",
    "created",
    "updated",
    "submit_key",
    "received",
    "version",
    "draft_id",
    "application_id",
    "number",
    "case_id",
    "answered",
    "deadline",
}
EVIL = "00000000-0000-4000-8000-000000000bad"
# Fields of the pages themselves, which have a meaning of their own there.
OURS = {"then", "version", "refuse", "carried", "csrf_token", "seen", "reasons", "hear"}


@pytest.fixture
def portal_settings(sqlite_settings):
    """What is taken from a form is the same on both engines."""
    return sqlite_settings


@pytest.fixture
def extras(portal_parts):
    """Every name that a column, a page of any application or a fact has, with something in it."""
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    pages = {field.name for service in portal_parts.services.values() for step in service.steps for field in step.form()}
    names = (columns | pages | PERSONAL | {"state", "outcome", "municipality", "role", "roles", "staff"}) - OURS
    assert {"person_id", "state", "municipality", "outcome", "facts", "answers", "gross", "sworn"} <= names
    return dict.fromkeys(sorted(names), EVIL)


def beside(page, extras):
    """The names that this page has no field for. Files are chosen, not typed."""
    own = {control.get("name").partition("-")[0] for control in page.main.xpath(".//*[@name]")}
    return {name: value for name, value in extras.items() if name not in own}


def row(found, *, but=()):
    """A row without what is new each time."""
    return {column.name: getattr(found, column.name) for column in type(found).__table__.columns if column.name not in MOMENTS | set(but)}


def plain(value):
    """A stored value without ids and moments."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.+]+", "…", repr(value))


def test_no_page_of_an_application_takes_more_than_its_own_fields(visit, records, extras, database):
    soeren, drafts, names = visit("soeren"), [], []
    for more in ({}, extras):
        page = soeren.begin()
        drafts.append(page.path.split("/")[3])
        for _number in range(25):
            if page.step == "check":
                break
            names.append(page.step)
            page = page.fill(ANSWERS[page.step]).press(**beside(page, more))
            assert page.status == 200, (names[-1], page.errors)
        stored = [records.draft(draft) for draft in drafts]
        receipt = page.press("Send application", **beside(page, more))
        assert "/receipt/" in receipt.path
    clean, tried = (row(found, but={"ended"}) for found in stored[-2:])
    assert names[: len(names) // 2] == names[len(names) // 2 :]
    assert len(names) > 18
    # The first one has been sent by now, which is all that may differ.
    assert {key for key in clean if key not in ("answers", "facts") and clean[key] != tried[key]} == set()
    with database.session(reads_only=True) as session:
        first, second = session.scalars(select(Application))
    assert plain(first.data) == plain(second.data)
    assert EVIL not in repr(tried)


def test_what_the_registers_said_stays_when_it_is_posted_otherwise(visit, records, extras):
    sofie = visit("sofie")
    page = sofie.begin()
    draft = page.path.split("/")[3]
    said = records.draft(draft).facts
    for _number in range(25):
        if page.step == "check":
            break
        page = page.fill(RIGHT[page.step]).press(**dict.fromkeys(beside(page, extras), "1"))
        assert records.draft(draft).facts == said
    assert page.step == "check"
    # Pages that only show something store what they showed, never what was posted.
    assert not [name for name, answer in records.draft(draft).answers["pages"].items() if name not in RIGHT and answer]


@pytest.mark.parametrize("version", ["-1", "abc", "999999999", "1e3", "", "9" * 40, "١"])
def test_a_made_up_version_is_refused_or_harmless(visit, records, version):
    sofie = visit("sofie")
    page = sofie.fill_in(until="reason")
    draft = page.path.split("/")[3]
    before = records.draft(draft)
    answer = sofie.browser.post(page.path.replace("reason", "children"), {"right": "no", "version": version})
    assert answer.status_code in (303, 409)
    after = records.draft(draft)
    assert after.version - before.version == (answer.status_code == 303)
    assert after.facts == before.facts


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "check", "close", "javascript:alert(1)"])
def test_where_to_go_next_is_a_word_of_ours(visit, where):
    sofie = visit("sofie")
    page = sofie.fill_in(until="children")
    answer = sofie.browser.post(page.path, {"right": "yes", "version": "99", "then": where})
    assert answer.status_code == 303
    assert answer.location.startswith(("/apply/", "/my-page"))


def request_row(database, request_id):
    with database.session(reads_only=True) as session:
        return session.get_one(AnswerRequest, request_id)


def test_an_approval_takes_its_own_fields_and_what_was_shown_cannot_be_forged(visit, records, extras, database):
    visit("maria").apply({"household": {"living": "couple:a1"}})
    asked = records.request("maria")
    anders = visit("anders", fresh=True)
    page = anders.open(f"/my-page/tasks/{asked.id}")
    carried = page.value("carried")
    for forged in ("", "x", carried[:-2], carried[3:], carried + "x"):
        assert anders.browser.post(page.path, {"use": "yes", "version": page.value("version"), "carried": forged}).status_code == 422
    assert request_row(database, asked.id).answered is None
    page = page.fill({"use": "yes"}).press(**beside(page, extras))
    page.fill({"other": "no", "agree": "yes"}).press(**beside(page, extras))
    given = request_row(database, asked.id)
    assert (given.outcome, given.person_id, given.case_id, given.kind) == ("given", asked.person_id, asked.case_id, "consent")
    assert set(given.answer) == {"version", "monthly_base", "payslip", "contested", "other_income", "source", "login"}
    assert EVIL not in repr(given.answer)
    with database.session(reads_only=True) as session:
        assert EVIL not in {str(person) for person in session.scalars(select(Draft.person_id))}
