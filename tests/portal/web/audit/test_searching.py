"""Auditors search the log within their municipalities, for a purpose, and are in the log themselves."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.registers.demo import demo_persons
from portal.settings import Settings
from portal.storage.models import AuditEntry, Case
from portal.web.audit import routes
from portal.web.parts import Parts
from tests.portal.fixtures import MOMENT, SELF_EMPLOYED
from tests.portal.web.audit.conftest import WHY, note, rows, search
from tests.portal.web.back_office.conftest import hidden_fields, text_of

NOBODYS = "6101019999"


@pytest.fixture
def portal_settings(sqlite_settings: Settings) -> Settings:
    """The searches are the same on both engines; `test_on_both_engines` runs one."""
    return sqlite_settings


def logged(parts: Parts, verb: str = "search_audit") -> list[AuditEntry]:
    with parts.database.session(reads_only=True) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.sequence)))


def test_the_log_is_searched_by_person_employee_case_verb_and_time(
    auditor: Any, login: Any, portal_parts: Parts, send_application: Any
) -> None:
    sofie = login("sofie")
    case_id = send_application("soeren", SELF_EMPLOYED)
    with portal_parts.database.session(reads_only=True) as session:
        number = session.get_one(Case, case_id).number
    note(portal_parts, person_id=sofie.person_id, subject="of the person")
    note(portal_parts, actor="demo#staff-ole", subject="of the employee")
    note(portal_parts, case_id=case_id, subject="of the case", verb="list")
    note(portal_parts, verb="give_back", subject="of the verb")
    note(portal_parts, at=MOMENT - timedelta(days=40), subject="of the time")
    mine = auditor()

    def found(**criteria: Any) -> set[str]:
        return {row[4] for row in rows(search(mine, **criteria)) if row[4].startswith("of the")}

    assert found(person=demo_persons()["sofie"].cpr) == {"of the person"}
    assert found(employee="demo#staff-ole") == {"of the employee"}
    assert found(case=number.lower()) == {"of the case"}
    assert found(verb="give_back") == {"of the verb"}
    days = {"until-day": "13", "until-month": "10", "until-year": "2026"}
    assert found(**days) == {"of the time"}
    assert found(**days | {"until-day": "11"}) == set()
    day = {"since-day": "12", "since-month": "10", "since-year": "2026", "until-day": "12", "until-month": "10", "until-year": "2026"}
    assert found(**day) == {"of the time"}
    assert found(**day, verb="give_back") == set()


def test_the_page_says_how_many_and_what_in_words_and_the_file_has_the_ids(auditor: Any, portal_parts: Parts) -> None:
    ids = {word: f"{word}:{uuid.uuid4()}" for word in ("case", "document", "read case")}
    for subject in (*ids.values(), "registers:people,income", "list audit entry", "of no kind"):
        note(portal_parts, subject=subject)
    mine = auditor()
    answer = search(mine, verb="view")
    page = answer.get_data(as_text=True)
    assert "<title>6 entries fit – Audit log – " in page
    assert re.search(r"<h2 [^>]*autofocus", page)
    assert sorted(row[4] for row in rows(answer)) == ["Audit log", "Case", "Case", "Document", "Registers", "of no kind"]
    assert not any(subject.partition(":")[2] in page for subject in ids.values())
    saved = {line[4] for line in read(mine.post("/audit/export", {**WHY, "verb": "view"}))}
    assert set(ids.values()) <= saved
    assert "<title>Audit log – " in mine.get("/audit").get_data(as_text=True)


def test_a_number_nobody_has_is_answered_as_any_other(auditor: Any, login: Any, portal_parts: Parts) -> None:
    login("sofie")
    mine = auditor()
    known, nobodys = (text_of(search(mine, person=cpr)).replace(f"{cpr[:6]}-••••", "x") for cpr in (demo_persons()["sofie"].cpr, NOBODYS))
    assert known == nobodys
    assert "0 entries fit. You searched for x." in known
    assert [(each.subject, each.results) for each in logged(portal_parts)] == [("audit:person", 0)] * 2


def test_searching_twice_tells_no_more_of_a_known_number_than_of_another(auditor: Any, login: Any, send_application: Any) -> None:
    login("sofie")
    send_application("soeren", SELF_EMPLOYED)
    mine = auditor("0461")

    def told(cpr: str) -> list[str]:
        texts = []
        for _time in range(2):
            texts.append(text_of(search(mine, person=cpr)))
            texts.append(mine.post("/audit/export", {**WHY, "person": cpr}).text)
        return [text.replace(f"{cpr[:6]}-••••", "x") for text in texts]

    known = told(demo_persons()["sofie"].cpr)
    assert known == told(NOBODYS)
    assert "0 entries fit" in known[2]
    # Nor do the searches themselves, looked for in another way, say whom they were about.
    own = rows(search(mine, employee="demo#auditor"))
    assert (len(own), {row[5] for row in own}) == (8, {""})
    assert any(row[5] for row in rows(search(auditor(), employee="demo#auditor")))


def test_a_number_and_a_case_leave_as_many_entries_whoever_has_the_number(
    auditor: Any, login: Any, portal_parts: Parts, send_application: Any
) -> None:
    login("sofie")
    case_id = send_application("soeren", SELF_EMPLOYED)
    with portal_parts.database.session(reads_only=True) as session:
        number = session.get_one(Case, case_id).number
    for cpr in (demo_persons()["sofie"].cpr, NOBODYS):
        before = len(logged(portal_parts))
        search(auditor("0461"), case=number, person=cpr)
        assert len(logged(portal_parts)) - before == 2


def test_a_search_by_an_auditor_of_several_is_for_auditors_of_all(auditor: Any, portal_parts: Parts) -> None:
    search(auditor("0461", "0101"), verb="view")
    assert [entry.municipality for entry in logged(portal_parts)] == [None]
    found = [len(rows(search(auditor(*codes), verb="search_audit"))) for codes in (("0461",), ("0461", "0101"), ())]
    # The second sees the search of the one before, who is of one of theirs, and not that of their equal.
    assert found == [0, 1, 3]


def test_a_number_is_never_in_an_address_or_a_log(auditor: Any, login: Any, portal_parts: Parts, capsys: Any, caplog: Any) -> None:
    cpr = demo_persons()["sofie"].cpr
    note(portal_parts, person_id=login("sofie").person_id)
    answer = search(auditor(), person=cpr, reason="about something")
    assert rows(answer)[0][5] == f"{cpr[:6]}-••••"
    assert not re.search(rf'(?:href|action)="[^"]*{cpr}', answer.get_data(as_text=True))
    said = capsys.readouterr()
    assert cpr not in said.out + said.err + caplog.text
    # An address with a number in it searches for nothing.
    assert f'value="{cpr}"' not in auditor().get(f"/audit?person={cpr}&purpose=spot+check").get_data(as_text=True)
    assert len(logged(portal_parts)) == 1
    with portal_parts.database.session(reads_only=True) as session:
        for entry in session.scalars(select(AuditEntry)):
            assert cpr not in f"{entry.subject}{entry.reason}{entry.actor}{entry.purpose}"


def test_a_search_needs_a_purpose_and_something_to_search_by(auditor: Any, portal_parts: Parts) -> None:
    mine = auditor()
    for criteria in ({"verb": "view"}, {"verb": "view", "purpose": "curiosity"}):
        answer = mine.post("/audit", criteria)
        assert answer.status_code == 422
    assert search(mine).status_code == 422
    assert mine.post("/audit/export", {"verb": "view"}).status_code == 422
    backwards = {"since-day": "2", "since-month": "1", "since-year": "2026", "until-day": "1", "until-month": "1", "until-year": "2026"}
    assert search(mine, **backwards).status_code == 422
    for year in ("0001", "9999"):
        assert (
            search(
                mine,
                **{f"{end}-{part}": "31" if part == "day" else "12" for end in ("since", "until") for part in ("day", "month")}
                | {"since-year": year, "until-year": year},
            ).status_code
            == 422
        )
    assert logged(portal_parts) == logged(portal_parts, "export_audit") == []


def test_a_search_is_written_down_and_its_person_sees_it(auditor: Any, login: Any, portal_parts: Parts, send_application: Any) -> None:
    sofie = login("sofie")
    note(portal_parts, person_id=sofie.person_id)
    search(auditor("0461"), person=demo_persons()["sofie"].cpr, verb="view", reason="Enquiry 17")
    (entry,) = logged(portal_parts)
    assert (entry.actor_role, entry.actor, entry.person_id, entry.subject) == (
        "auditor",
        "demo#auditor",
        sofie.person_id,
        "audit:person,verb",
    )
    assert (entry.purpose, entry.reason, entry.results, entry.municipality) == ("spot check", "Enquiry 17", 1, "0461")
    page = text_of(sofie.get("/my-page/who-has-looked"))
    assert "An employee in Odense Kommune (demo) who checks who has looked Searched for who has seen your data To check on a sample" in page
    assert "Enquiry 17" not in page
    again = rows(search(auditor(), employee="demo#auditor"))
    assert [(row[1], row[3], row[9]) for row in again] == [("Auditor", "Searched the audit log", "Enquiry 17")]


def test_a_case_number_is_a_search_about_its_person(auditor: Any, portal_parts: Parts, send_application: Any) -> None:
    case_id = send_application("soeren", SELF_EMPLOYED)
    with portal_parts.database.session(reads_only=True) as session:
        case = session.get_one(Case, case_id)
    search(auditor("0461"), case=case.number)
    search(auditor("0101"), case=case.number)
    assert [each.person_id for each in logged(portal_parts)] == [case.person_id, None]


def test_an_auditor_sees_their_own_municipalities_alone(auditor: Any, portal_parts: Parts) -> None:
    for code in ("0461", "0101", None):
        note(portal_parts, municipality=code, subject=f"of {code}")
    found = {key: {row[4] for row in rows(search(auditor(*codes), verb="view"))} for key, codes in {"one": ["0461"], "all": []}.items()}
    assert found == {"one": {"of 0461"}, "all": {"of 0461", "of 0101", "of None"}}
    lines = read(auditor("0461").post("/audit/export", {**WHY, "verb": "view"}))
    assert [line[4] for line in lines[1:]] == ["of 0461"]


def test_auditors_see_ids_of_staff_and_short_ids_of_people(auditor: Any, login: Any, portal_parts: Parts) -> None:
    sofie = login("sofie")
    note(portal_parts, person_id=sofie.person_id, reason="had to")
    note(portal_parts, role="citizen", actor=str(sofie.person_id), person_id=sofie.person_id, verb="log_in", subject="session")
    (seen,) = rows(search(auditor(), verb="view"))
    assert (seen[1], seen[2], seen[5], seen[7], seen[9]) == ("Case worker", "demo#staff-karen", sofie.person_id.hex[:8], "Odense", "had to")
    (logged_in,) = rows(search(auditor(), verb="log_in"))
    assert (logged_in[1], logged_in[2], logged_in[5]) == ("Citizen", sofie.person_id.hex[:8], sofie.person_id.hex[:8])


def test_many_entries_come_some_at_a_time(auditor: Any, portal_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "ENTRIES_A_PAGE", 2)
    for number in range(5):
        note(portal_parts, subject=f"of {number}", at=MOMENT - timedelta(minutes=number))
    mine = auditor()
    pages = [[row[4] for row in rows(search(mine, verb="view", page=number))] for number in (1, 2, 3)]
    assert pages == [["of 0", "of 1"], ["of 2", "of 3"], ["of 4"]]
    assert rows(search(mine, verb="view", page=9)) == []
    days = {"since-day": "1", "since-month": "2", "since-year": "2026"}
    asked = {**WHY, **days, "reason": "two\r\nlines", "employee": "demo#staff-karen", "verb": "view"}
    kept = hidden_fields(mine.post("/audit", asked))
    assert {name: set(values) for name, values in kept.items()} == {
        name: {value} for name, value in {**asked, "reason": "two lines"}.items()
    }
    assert [each.results for each in logged(portal_parts)] == [5] * 5


def read(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_search_is_saved_as_a_file_that_runs_nothing(auditor: Any, login: Any, portal_parts: Parts) -> None:
    sofie = login("sofie")
    note(portal_parts, person_id=sofie.person_id, reason='=HYPERLINK("http://example.invalid";"See")', subject="+1")
    answer = auditor().post("/audit/export", {**WHY, "person": demo_persons()["sofie"].cpr})
    heads, line = read(answer)
    assert len(heads) == len(line) == 12
    assert (line[4], line[9]) == ("'+1", '\'=HYPERLINK("http://example.invalid";"See")')
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-log.csv"'
    assert answer.mimetype == "text/csv"
    assert "no-store" in answer.headers["Cache-Control"]
    (entry,) = logged(portal_parts, "export_audit")
    assert (entry.person_id, entry.results, entry.subject, entry.purpose) == (sofie.person_id, 1, "audit:person", "spot check")
    assert "Saved a list of who has seen your data" in text_of(sofie.get("/my-page/who-has-looked"))


def test_a_file_holds_at_most_the_newest(auditor: Any, portal_parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_SAVED", 2)
    for number in range(3):
        note(portal_parts, subject=f"of {number}", at=MOMENT - timedelta(minutes=number))
    assert [line[4] for line in read(auditor().post("/audit/export", {**WHY, "verb": "view"}))[1:]] == ["of 0", "of 1"]


@pytest.mark.parametrize("role", ["case_worker", "decider", "front_desk", "municipality_admin"])
def test_nobody_but_auditors_searches(auditor: Any, portal_parts: Parts, role: str) -> None:
    other = auditor(roles=(role,))
    for path, send in (("/audit", other.get), ("/audit", other.post), ("/audit/export", other.post)):
        assert send(path).status_code == 404
    assert logged(portal_parts) == []


def test_auditors_find_the_page_in_the_menu(auditor: Any) -> None:
    body = auditor().get("/audit").get_data(as_text=True)
    assert '<a href="/audit" aria-current="page">Audit log</a>' in body
    assert "/back-office" not in body
