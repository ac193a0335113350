"""A search by everything there is, on SQLite and on PostgreSQL."""

from __future__ import annotations

import uuid
from typing import Any

from portal.registers.demo import demo_persons
from portal.web.parts import Parts
from tests.portal.web.audit.conftest import note, rows, search
from tests.portal.web.back_office.conftest import text_of


def test_a_search_by_everything(auditor: Any, login: Any, portal_parts: Parts) -> None:
    sofie = login("sofie")
    note(portal_parts, person_id=sofie.person_id, case_id=uuid.uuid4())
    days = {f"{end}-{part}": number for end in ("since", "until") for part, number in (("day", "21"), ("month", "11"), ("year", "2026"))}
    criteria = {"person": demo_persons()["sofie"].cpr, "employee": "demo#staff-karen", "verb": "view", **days}
    assert len(rows(search(auditor("0461"), **criteria))) == 1
    assert rows(search(auditor(), employee="nobody\0", page="9" * 40)) == []
    assert "0 entries fit." in text_of(search(auditor("0461"), **criteria, case="2026-NOBODY"))
    assert "Searched for who has seen your data" in text_of(sofie.get("/my-page/who-has-looked"))
