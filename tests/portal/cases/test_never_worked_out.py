"""A case that makes the rules break comes to a person in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.outbox import rows
from portal.wiring import make_worker


def _break(*_args, **_values):
    raise TypeError("on purpose")


@pytest.mark.parametrize("where", ["decide", "gather"])
def test_a_case_no_rule_can_work_out_is_given_to_a_person_at_the_last_try(visit, portal_parts, clock, records, staff_login, where):
    visit("sofie").apply()
    broken = {"free-place": replace(portal_parts.services["free-place"], **{where: _break})}
    worker = make_worker(portal_parts.settings, portal_parts.database, clock, broken, portal_parts.ask)
    for _try in range(rows.MAX_ATTEMPTS - 1):
        worker.drain()
        clock.move(hours=1, seconds=1)
    assert records.case("sofie").state == "submitted"

    worker.drain()

    assert (records.case("sofie").state, records.why("sofie")) == ("informed", ["The case could not be worked out by the rules"])
    assert records.outbox("decide")[0].state == "done"
    case = records.case("sofie")
    assert case.number in staff_login("karen").get("/back-office").text
    assert "The case could not be worked out by the rules" in staff_login("karen").get(f"/back-office/cases/{case.id}").text


def test_a_case_that_was_withdrawn_while_the_rules_broke_is_left_alone(visit, portal_parts, clock, records):
    sofie = visit("sofie")
    sofie.apply()

    def withdraw(*_args, **_values):
        sofie.open(f"/my-page/cases/{records.case('sofie').id}").press("Withdraw the application")
        raise TypeError

    service = portal_parts.services["free-place"]
    make = lambda gather: make_worker(  # noqa: E731
        portal_parts.settings, portal_parts.database, clock, {"free-place": replace(service, gather=gather)}, portal_parts.ask
    )
    broken = make(_break)
    for _try in range(rows.MAX_ATTEMPTS - 1):
        broken.drain()
        clock.move(hours=1, seconds=1)
    make(withdraw).drain()
    assert records.events("sofie") == ["submitted", "withdrawn"]
