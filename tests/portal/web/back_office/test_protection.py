"""A protected name and address stand nowhere: not to staff without a written reason, not to the partner, not in letters to others."""

from __future__ import annotations

import html
import unicodedata
import uuid
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed
from sqlalchemy import delete, select

from portal.registers.demo import demo_homes, demo_persons
from portal.registers.registers import embedded_registers
from portal.storage.models import AnswerRequest, AuditEntry, Case, Letter, Person, WebSession
from portal.storage.people import find_person
from portal.web.back_office.protection import Protected
from portal.wiring import make_ask
from tests.portal.fixtures import COUPLE, SINGLE, staff_id_of
from tests.portal.web.back_office.conftest import Office, text_of
from tests.portal.web.back_office.test_case_page import PDF, add_document

WHY = "Hun ringer og vil have et brev sendt til en ny adresse"
REVEALED = "They are shown on this page once"
STREET = demo_homes()["line"][0].street
LINES = demo_persons()["line"].cpr
MALTHES = embedded_registers().people.household(LINES).children[0].person.cpr
LINE = ("Line", "Dække", "Malthe", STREET, "5250 Odense SV")


@pytest.fixture
def portal_settings(sqlite_settings):
    """Nothing here depends on the engine."""
    return sqlite_settings


class People:
    """The people register, with these people protected; or silent."""

    def __init__(self, *keys, silent=False, children=False):
        self._usual, self._silent, self._children = embedded_registers().people, silent, children
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
        children = tuple(
            changed(child, person=changed(self._seen(child.person), protected=child.person.protected or self._children))
            for child in home.children
        )
        return changed(home, person=self._seen(home.person), adults=adults, children=children)


@pytest.fixture
def people(portal_app, portal_parts, clock):
    """Put such a register behind the pages."""

    def put(*keys, children=False):
        registers = replace(embedded_registers(), people=People(*keys, children=children))
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
    entries = case.audited("reveal_protected")
    assert {(entry.reason, entry.actor, entry.purpose, entry.municipality) for entry in entries} == {
        (WHY, staff_id_of("karen"), "case handling", "0461")
    }
    with database.session() as session:
        assert sorted(entry.person_id for entry in entries) == sorted(find_person(session, cpr).id for cpr in (LINES, MALTHES))
        assert all(WHY not in str(row.data) and "Dække" not in str(row.data) for row in session.scalars(select(WebSession)))
    assert read_in(pages(case), LINE) == []
    assert case.staff.get(case.url("/reveal")).location.endswith(case.url())


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "Write why you need the name and address"),
        ("   ", "Write why you need the name and address"),
        ("fordi", "Write a little more: at least 10 characters"),
    ],
)
def test_without_a_reason_they_stay_hidden(office, reason, said):
    case = office("line")
    refused = case.staff.post(case.url("/reveal"), {"reason": reason})
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert "<title>Error: " in refused.text
    assert "<title>Error: " not in case.staff.get(case.url()).text
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
    assert len(case.audited("reveal_protected")) == 2


@pytest.fixture
def asked(portal_app, portal_parts):
    """The CPR numbers that registers are asked about from now on."""
    numbers = []

    def ask(register, question, *args):
        numbers.append(args[0])
        return portal_parts.ask(register, question, *args)

    portal_app.extensions["portal"] = replace(portal_parts, ask=ask)
    return numbers


def subjects(case, verb):
    """The CPR numbers of those whom the log has entries about."""
    with case.database.session() as session:
        return sorted(session.get_one(Person, entry.person_id).cpr for entry in case.audited(verb))


def put_state(case, state):
    with case.database.transaction() as work:
        work.get_one(Case, case.case_id).state = state


TYPED = {**SINGLE, "household": {"living": "couple"}, "partner-number": {"cpr": LINES}}


@pytest.mark.parametrize("state", ["awaiting_consent", "informed", "withdrawn"])
def test_somebody_whose_number_was_only_typed_is_neither_asked_about_nor_shown(send_application, staff_login, database, asked, state):
    case = Office(staff_login("ole"), send_application("soeren", TYPED), database)
    put_state(case, state)
    asked.clear()
    seen = [case.staff.get(case.url()), case.staff.post(case.url("/reveal"), {"reason": WHY})]
    assert read_in(seen, LINE) == []
    assert LINES not in asked
    assert LINES not in subjects(case, "reveal_protected")


def test_an_approval_shows_them_and_they_can_see_it(people, send_application, visit, worker, records, staff_login, database):
    people()
    case = Office(staff_login("ole"), send_application("soeren", TYPED), database)
    worker.drain()
    visit("line", fresh=True).approve(records.request("soeren").id)
    put_state(case, "informed")
    hidden, shown = case.staff.get(case.url()), case.staff.post(case.url("/reveal"), {"reason": WHY})
    # Her child is no part of this case, and is told all the same: the page would have hidden that name too.
    assert (read_in([hidden], LINE), read_in([shown], LINE)) == ([], sorted({*LINE} - {"Malthe"}))
    assert subjects(case, "reveal_protected") == sorted((LINES, MALTHES))


def test_each_person_a_page_asked_about_has_an_entry(send_application, staff_login, database, asked):
    case = Office(staff_login("karen"), send_application("maria", COUPLE), database)
    asked.clear()
    case.staff.get(case.url())
    assert sorted(set(asked)) == sorted(set(subjects(case, "look_up")))
    # Anders has not approved: the register names him at Maria's address, and that is all that is asked.
    assert demo_persons()["anders"].cpr not in asked


def test_a_partner_who_has_moved_is_asked_about_by_name_and_can_see_it(
    send_application, staff_login, database, portal_app, portal_parts, clock
):
    anders, questions, usual = demo_persons()["anders"].cpr, [], embedded_registers()

    class Moved(People):
        def person(self, cpr):
            questions.append(cpr)
            return super().person(cpr)

        def household(self, cpr):
            assert cpr != anders
            return changed(super().household(cpr), adults=())

    case = Office(staff_login("karen"), send_application("maria", COUPLE), database)
    portal_app.extensions["portal"] = replace(portal_parts, ask=make_ask(replace(usual, people=Moved("anders")), clock))
    with database.transaction() as work:
        # As where nobody had to approve: the portal has not met him, or not for this.
        work.execute(delete(AnswerRequest))
    page = case.staff.get(case.url())
    assert (questions, read_in([page], ["Anders"])) == ([anders], [])
    assert anders in subjects(case, "look_up")
    shown = case.staff.post(case.url("/reveal"), {"reason": WHY})
    assert read_in([shown], ["Anders"]) == ["Anders"]
    assert usual.people.person(anders).address.street not in shown.text
    assert subjects(case, "reveal_protected") == [anders]


def test_when_the_case_is_over_nobodys_registers_are_asked_and_everybody_is_hidden(send_application, staff_login, database, asked):
    case = Office(staff_login("karen"), send_application("soeren", SINGLE), database)
    put_state(case, "closed")
    asked.clear()
    page = case.see()
    assert ("Fiktiv" in page, "so we do not ask whether somebody here is protected" in page) == (False, True)
    shown = text_of(case.staff.post(case.url("/reveal"), {"reason": WHY}))
    assert "Søren Fiktiv" in shown
    assert asked == []
    soeren = demo_persons()["soeren"].cpr
    home = embedded_registers().people.household(soeren)
    assert subjects(case, "reveal_protected") == sorted((soeren, home.children[0].person.cpr))


@pytest.mark.parametrize(
    "text",
    [
        "Line Dække",
        "LINE DÆKKE",
        "line dække",
        "Lines adresse",
        "Line's",
        "Line_Dække_lønseddel.pdf",
        "LineDække.pdf",
        "DækkeLine2.pdf",
        unicodedata.normalize("NFD", "Dække og Åse"),
        "D&aelig;kke",
    ],
)
def test_a_name_is_found_however_it_is_written(text):
    page = Protected(frozenset({"Line Dække", "Åse de Vrå"}), frozenset({"1"}), unknown=False).hide(f"<main><p>{text}</p></main>")
    read = unicodedata.normalize("NFC", html.unescape(page)).casefold()
    assert "(beskyttet navn)" in read
    assert [word for word in ("line", "dække", "åse") if word in read] == []


def test_other_words_are_left():
    names = frozenset({"Line Dække", "Åse de Vrå", "Bo X"})
    text = "Linealen &amp; de andre &lt; skydække, Boligen x"
    assert Protected(names, frozenset({"1"}), unknown=False).hide(f"<main>{text}</main>") == f"<main>{text}</main>"


@pytest.fixture
def alma(people, send_application, staff_login, database):
    """A case whose reasons name a protected child, taken by Karen."""
    people(children=True)
    case = Office(staff_login("karen"), send_application("camilla", {**SINGLE, "reason": {"reason": "first_admission"}}), database)
    put_state(case, "informed")
    case.take()
    return case


def letter_of(case):
    with case.database.session() as session:
        return str(session.scalars(select(Letter).where(Letter.case_id == case.case_id, Letter.kind == "decision")).one().content)


def test_the_reasons_to_edit_name_no_protected_child_and_the_letter_does(alma):
    form = alma.write()
    assert "(beskyttet navn)" in form["reasons"]
    preview = alma.preview(form)
    assert read_in([alma.staff.get(alma.url("/decide")), preview], ["Alma"]) == []
    assert alma.send(preview).status_code == 303
    letter = letter_of(alma)
    assert ("Alma" in letter, "beskyttet navn" in letter) == (True, False)


def test_edited_reasons_get_the_name_back(alma):
    form = alma.write()
    preview = alma.preview({**form, "reasons": form["reasons"] + "\nVi ønsker (beskyttet navn) en god start."})
    assert read_in([preview], ["Alma"]) == []
    assert alma.send(preview).status_code == 303
    assert "Vi ønsker Alma en god start." in letter_of(alma)


def test_a_hidden_name_that_is_nobodys_goes_into_no_letter(office):
    case = office("line")
    for words in ("(beskyttet navn) bor her.", "(protected name 2) lives here."):
        refused = case.preview(case.write(outcome="refuse", reasons=words))
        assert refused.status_code == 422
        assert "We cannot see whose name it stands for" in text_of(refused)


def test_a_document_is_closed_and_unnamed_until_a_reason_was_written(office, clock, staff_login):
    case = office("line")
    address = case.url(f"/documents/{add_document(case.database, case.case_id, 'Line_Dække.pdf')}")
    page = case.see()
    assert "Closed: Document 1 (PDF, 1 KB)" in page
    refused = case.staff.get(address)
    assert (refused.status_code, refused.location) == (302, case.url())
    assert read_in([case.staff.get(case.url())], [*LINE, address]) == []
    shown = case.staff.post(case.url("/reveal"), {"reason": WHY})
    assert "Save Line_Dække.pdf" in text_of(shown)
    assert case.staff.get(address).data == PDF
    assert "Save Document 1 (PDF, 1 KB)" in case.see()
    # The reason is one person's own, and for a while.
    assert staff_login("ole").get(address).status_code == 302
    clock.move(minutes=31)
    assert case.staff.get(address).status_code == 302


def test_a_reason_does_only_for_those_who_were_protected_then(people, send_application, staff_login, database):
    people("maria")
    case = Office(staff_login("karen"), send_application("maria", COUPLE), database)
    address = case.url(f"/documents/{add_document(database, case.case_id)}")
    case.staff.post(case.url("/reveal"), {"reason": WHY})
    assert case.staff.get(address).status_code == 200
    people("maria", "anders")
    assert case.staff.get(address).status_code == 302


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
