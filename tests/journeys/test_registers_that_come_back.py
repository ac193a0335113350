"""A register that was silent when somebody applied and answers before the decision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.registers.errors import RegisterUnavailable
from portal.registers.registers import embedded_registers
from portal.wiring import make_ask, make_worker
from tests.journeys.test_paths import BY_HAND
from tests.portal.walking import PAYSLIP


@pytest.fixture
def healthy_worker(portal_parts, clock):
    """A worker whose registers answer for everybody."""
    ask = make_ask(embedded_registers(), clock)
    return make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, ask)


def test_what_the_applicant_never_saw_is_looked_at_by_a_person(visit, healthy_worker, records):
    visit("torben").apply(BY_HAND)
    healthy_worker.drain()

    assert records.why("torben")[:2] == [
        "The applicant wrote the household by hand, because the people register did not answer",
        "The applicant wrote the places by hand, because the list of day-care places did not answer",
    ]
    assert records.decision("torben") is None


def test_income_written_by_hand_is_decided_on_when_the_register_confirms_it(visit, healthy_worker, records):
    # 23,468.57 less 1,869.57 and 99 is what the register has for Trine: 21,500 a month.
    visit("trine").apply({"payslip": {**PAYSLIP, "gross": "23.468,57", "am": "1.869,57"}})
    healthy_worker.drain()

    assert records.case("trine").state == "executed"
    # 258,000 less 76,317 is below 218,100: nothing to pay.
    assert records.decision("trine").content["grants"][0]["content"]["own_percent_now"] == 0


def test_a_register_that_is_silent_for_a_moment_is_asked_again(visit, portal_parts, clock, records):
    visit("sofie").apply()
    silent = replace(embedded_registers(), income=_Silent())
    worker = make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, make_ask(silent, clock))
    worker.drain()
    assert records.events("sofie") == ["submitted"]
    assert records.outbox("decide")[0].problem == "register_silent"

    clock.move(minutes=1)
    make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, portal_parts.ask).drain()

    assert records.case("sofie").state == "executed"


def test_a_register_that_stays_silent_brings_the_case_to_a_person(visit, portal_parts, clock, records):
    visit("sofie").apply()
    silent = replace(embedded_registers(), income=_Silent())
    worker = make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, make_ask(silent, clock))
    for _try in range(10):
        worker.drain()
        clock.move(minutes=10)

    assert records.why("sofie") == ["The income register did not answer"]


def test_a_stop_waits_for_the_list_of_places_and_leaves_bills_alone(visit, portal_parts, clock, records):
    visit("sofie").apply({"reason": {"reason": "stop"}, "stop-month": {"month": "2027-02"}})
    silent = replace(embedded_registers(), places=_SilentPlaces())
    make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, make_ask(silent, clock)).drain()
    assert records.decision("sofie") is None

    clock.move(minutes=1)
    make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, portal_parts.ask).drain()
    assert records.decision("sofie").outcome == "stopped"


class _SilentPlaces:
    """A list of places that answers nobody."""

    def places(self, parent_cpr):
        raise RegisterUnavailable("places", "timeout")


class _Silent:
    """An income register that answers nobody."""

    def months(self, cpr, until, count=3):
        raise RegisterUnavailable("income", "timeout")
