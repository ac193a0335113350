"""The queue as a case worker meets it, and who may see which case."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.storage.models import AuditEntry, Case
from tests.portal.fixtures import SINGLE, staff_id_of
from tests.portal.web.back_office.conftest import text_of

OTHER_INCOME = {**SINGLE, "other-income": {"kinds": ["rent"]}, "other-amounts": {"rent": "12000.00"}}


def test_the_queue_says_how_many_wait_why_and_since_when(office, staff_login):
    case = office(take=False)
    page = text_of(staff_login("ole").get("/back-office"))
    assert "1 case is waiting." in page
    assert "Odense 21 November 2026 at 11:00 The applicant has their own business" in page
    assert "Nobody 19 December 2026" in page
    case.take()
    assert "You, until 21 November 2026 at 11:30" in text_of(case.staff.get("/back-office"))
    assert "A colleague, until 21 November 2026 at 11:30" in text_of(staff_login("ole").get("/back-office"))


def test_two_case_workers_get_two_cases_and_the_third_is_told_that_none_is_free(office, staff_login):
    office(take=False)
    office("mads", OTHER_INCOME, take=False)
    taken = [staff_login(key).post("/back-office/take-next").location for key in ("karen", "ole")]
    assert all("/back-office/cases/" in place for place in taken)
    assert taken[0] != taken[1]
    third = staff_login("dorthe").post("/back-office/take-next", follow_redirects=True)
    assert "There is no case to take right now." in text_of(third)


def test_the_oldest_case_is_taken_first(office, clock, staff_login):
    first = office(take=False)
    clock.move(minutes=5)
    office("mads", OTHER_INCOME, take=False)
    assert staff_login("karen").post("/back-office/take-next").location.endswith(str(first.case_id))


def test_a_case_taken_and_left_is_free_again(office, clock, staff_login):
    case = office()
    ole = staff_login("ole")
    assert "A colleague has this case" in text_of(ole.get(case.url()))
    clock.move(minutes=31)
    assert "Nobody has this case" in text_of(ole.get(case.url()))
    assert ole.post("/back-office/take-next").location.endswith(str(case.case_id))
    assert "A colleague has this case" in case.see()


def test_a_case_given_back_is_free(office, staff_login):
    case = office()
    assert case.staff.post(case.url("/give-back")).location == "/back-office"
    assert staff_login("ole").post("/back-office/take-next").location.endswith(str(case.case_id))


def test_only_its_holder_gives_a_case_back(office, staff_login, portal_parts):
    case = office()
    staff_login("ole").post(case.url("/give-back"))
    with portal_parts.database.session() as session:
        assert session.get_one(Case, case.case_id).taken_by == staff_id_of("karen")


def test_another_municipalitys_case_is_not_there(office, staff_login):
    case = office("kirsten", OTHER_INCOME, take=False)
    ole = staff_login("ole")
    assert "No case is waiting." in text_of(ole.get("/back-office"))
    assert "none=1" in ole.post("/back-office/take-next").location
    for page in ("", "/decide", "/ask"):
        assert ole.get(case.url(page)).status_code == 404
    for page in ("/take", "/give-back", "/decide", "/ask"):
        assert ole.post(case.url(page)).status_code == 404
    assert case.staff.get(case.url()).status_code == 200


@pytest.mark.parametrize("key", ["frank", "gitte", "ravn"])
def test_staff_with_other_work_do_not_get_in(office, staff_login, key):
    case = office(take=False)
    assert staff_login(key).get("/back-office").status_code == 404
    assert staff_login(key).get(case.url()).status_code == 404


def test_a_citizen_does_not_get_in(office, login):
    case = office(take=False)
    assert login("soeren").get(case.url()).status_code == 404


def test_looking_at_the_queue_is_written_down(office, portal_parts):
    case = office(take=False)
    case.staff.get("/back-office")
    with portal_parts.database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "list")).one()
    assert (entry.actor, entry.actor_role, entry.results) == (staff_id_of("karen"), "case_worker", 1)


def test_the_queue_is_danish_too(office, staff_login):
    office(take=False)
    assert 'lang="da"' in staff_login("karen", "da").get("/back-office").get_data(as_text=True)
