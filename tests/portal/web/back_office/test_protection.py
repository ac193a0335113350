"""A protected name and address stand nowhere: not to staff without a written reason, not to the partner, not in letters to others."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed
from sqlalchemy import select

from portal.registers.demo import demo_homes, demo_persons
from portal.registers.registers import embedded_registers
from portal.storage.models import AuditEntry, Letter, WebSession
from portal.storage.people import find_person
from portal.wiring import make_ask
from tests.portal.fixtures import COUPLE, SINGLE, staff_id_of
from tests.portal.web.back_office.conftest import Office, text_of

WHY = "Hun ringer og vil have et brev sendt til en ny adresse"
REVEALED = "They are shown on this page once"
STREET = demo_homes()["line"][0].street
LINE = ("Line", "Dække", "Malthe", STREET, "5250 Odense SV")


@pytest.fixture
def portal_settings(sqlite_settings):
    """Nothing here depends on the engine."""
    return sqlite_settings


class People:
    """The people register, with these people protected; or silent."""

    def __init__(self, *keys, silent=False):
        self._usual, self._silent = embedded_registers().people, silent
        self._numbers = {demo_persons()[key].cpr for key in keys}

    def _seen(self, person):
        return changed(person, protected=person.protected or person.cpr in self._numbers)

    def person(self, cpr):
        return self._seen(self._usual.person(cpr))

    def household(self, cpr):
        if self._silent:
            raise OSError
        home = self._usual.household(cpr)
        adults = tuple(changed(adult, person=self._seen(adult.person)) for adult in home.adults)
        children = tuple(changed(child, person=self._seen(child.person)) for child in home.children)
        return changed(home, person=self._seen(home.person), adults=adults, children=children)


@pytest.fixture
def people(portal_app, portal_parts, clock):
    """Put such a register behind the pages."""

    def put(*keys):
        registers = replace(embedded_registers(), people=People(*keys))
        portal_app.extensions["portal"] = replace(portal_parts, ask=make_ask(registers, clock))

    return put


@pytest.fixture
def silent_people(portal_app, portal_parts):
    """A people register that does not answer from now on."""

    def ask(register, question, *args):
        told = portal_parts.ask(register, question, *args)
        return replace(told, value=None, status="unavailable") if register == "people" else told

    def put():
        portal_app.extensions["portal"] = replace(portal_parts, ask=ask)

    return put


def pages(case: Office):
    """Every page of the back office that shows something of the case."""
    form = case.write(outcome="refuse", reasons="Begrundelse.")
    return [
        case.staff.get("/back-office"),
        case.staff.get(case.url()),
        case.staff.get(case.url("/decide")),
        case.staff.get(case.url("/ask")),
        case.preview(form),
    ]


def read_in(answers, words):
    return sorted({word for answer in answers for word in words if word in answer.text})


def test_no_page_of_staff_names_a_protected_applicant_or_child(office):
    case = office("line")
    answers = pages(case)
    assert {answer.status_code for answer in answers} == {200}
    assert read_in(answers, LINE) == []
    assert "Name and address are protected" in text_of(answers[1])
    assert "Applicant (protected name), 890390-" in text_of(answers[1])


def test_a_case_that_is_over_hides_them_too(send_application, worker, staff_login, database):
    case_id = send_application("line", SINGLE)
    worker.drain()
    case = Office(staff_login("karen"), case_id, database)
    assert case.state() in ("decided", "executed")
    assert read_in([case.staff.get(case.url())], LINE) == []


def test_a_written_reason_shows_them_once_and_stays_on_record(office, database):
    case = office("line")
    shown = case.staff.post(case.url("/reveal"), {"reason": WHY})
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert read_in([shown], LINE) == sorted(LINE)
    assert REVEALED in text_of(shown)
    (entry,) = case.audited("reveal_protected")
    assert (entry.reason, entry.actor, entry.purpose, entry.municipality) == (WHY, staff_id_of("karen"), "case handling", "0461")
    with database.session() as session:
        assert entry.person_id == find_person(session, demo_persons()["line"].cpr).id
        assert all(WHY not in str(row.data) and "Dække" not in str(row.data) for row in session.scalars(select(WebSession)))
    assert read_in(pages(case), LINE) == []
    assert case.staff.get(case.url("/reveal")).location.endswith(case.url())


@pytest.mark.parametrize("reason", ["", "   ", "fordi"])
def test_without_a_reason_they_stay_hidden(office, reason):
    case = office("line")
    refused = case.staff.post(case.url("/reveal"), {"reason": reason})
    assert refused.status_code == 422
    assert "Write why you need the name and address" in text_of(refused)
    assert read_in([refused], LINE) == []
    assert case.audited("reveal_protected") == []


def test_another_municipality_cannot_ask_for_them(office, staff_login):
    case = office("kirsten", {**SINGLE, "other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000.00"}})
    assert staff_login("ole").post(case.url("/reveal"), {"reason": WHY}).status_code == 404
    assert staff_login("karen").post(f"/back-office/cases/{uuid.uuid4()}/reveal", {"reason": WHY}).status_code == 404


def test_a_protected_partner_is_hidden_from_staff_and_the_applicant_is_not(people, send_application, worker, staff_login, database):
    people("anders")
    case = Office(staff_login("karen"), send_application("maria", COUPLE), database)
    shown = case.staff.get(case.url())
    assert read_in([shown], ["Anders", "Prøvevej"]) == []
    assert "Maria" in shown.text
    case.staff.post(case.url("/reveal"), {"reason": WHY})
    assert len(case.audited("reveal_protected")) == 1


def test_nobody_is_named_while_the_register_does_not_say(office, silent_people):
    case = office()
    assert "Søren Fiktiv" in case.see()
    silent_people()
    page = case.see()
    assert "Fiktiv" not in page
    assert "The people register does not answer, so we cannot see" in page
    shown = text_of(case.staff.post(case.url("/reveal"), {"reason": WHY}))
    assert "Søren Fiktiv" in shown
    assert len(case.audited("reveal_protected")) == 1


def test_nobody_else_is_named_to_the_one_who_is_protected_or_in_a_case_without(office):
    case = office()
    assert "protected" not in case.see()
    assert "Søren Fiktiv" in text_of(case.staff.post(case.url("/reveal"), {"reason": WHY}))
    assert case.audited("reveal_protected") == []


def test_a_stranger_whose_number_was_typed_is_not_told_who_applied(visit, worker, database):
    """Line is protected and types the number of somebody the register does not know she lives with."""
    stranger = visit("soeren")
    receipt = visit("line").apply({"household": {"living": "couple"}, "partner-number": {"cpr": demo_persons()["soeren"].cpr}})
    assert receipt.status == 200
    worker.drain()
    with database.session() as session:
        him = find_person(session, demo_persons()["soeren"].cpr).id
        letters = list(session.scalars(select(Letter).where(Letter.person_id == him)))
    assert len(letters) == 1
    assert [word for word in LINE if word in str(letters[0].content)] == []
    stranger = visit("soeren", fresh=True)
    seen = [stranger.open(path) for path in ("/my-page", "/my-page/tasks", "/my-page/post", f"/my-page/post/{letters[0].id}")]
    seen.append(seen[1].link("Approve"))
    assert [word for page in seen for word in LINE if word in page.content] == []
    assert "Your partner has applied" in seen[-1].text


def test_nobody_is_shown_their_own_or_anothers_address_at_all(visit, worker, records):
    maria = visit("maria")
    maria.apply({"household": {"living": "couple:a1"}})
    visit("anders", fresh=True).approve(records.request("maria").id)
    worker.drain()
    street = demo_homes()["maria"][0].street
    seen = [maria.open(path) for path in ("/my-page", "/my-page/cases", "/my-page/post", "/my-page/payments")]
    assert [page.path for page in seen if street in page.content] == []
    with records.database.session() as session:
        letters = list(session.scalars(select(Letter)))
        assert len(letters) == 2
        assert [row.kind for row in letters if street in str(row.content)] == []
        assert session.scalars(select(AuditEntry).where(AuditEntry.verb == "reveal_protected")).all() == []
