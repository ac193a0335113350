"""python -m portal demo-data: bills already sent to the demo's families. Running it again changes nothing."""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta

from portal.clock import COPENHAGEN
from portal.months import Month
from portal.payments import bills
from portal.readiness import ready_database, ready_settings
from portal.registers.demo import demo_citizens
from portal.registers.registers import embedded_registers
from portal.storage.people import ensure_person
from portal.wiring import make_ask, make_clock, make_services, open_database

MONTHS_BACK = 4


def main(_arguments: list[str]) -> int:
    """Send the last months' bills; the newest is unpaid."""
    settings = ready_settings(os.environ)
    if not settings.demo:
        print("demo-data is for the demo only: set PORTAL_DEMO=1")
        return 2
    database, clock = ready_database(open_database(settings)), make_clock(settings)
    ask, today = make_ask(embedded_registers(), clock), clock.today()
    service = make_services(settings)["free-place"]
    made = 0
    for citizen in demo_citizens():
        facts = service.gather(ask, citizen.cpr, today)
        plan = (
            service.expected_plan(facts, [], Month.of(today).plus(-MONTHS_BACK), today, None, MONTHS_BACK + 1)
            if service.expected_plan
            else None
        )
        with database.transaction() as session:
            person = ensure_person(session, citizen.cpr, clock.now())
            if plan is None or bills.newest(session, person.id):
                continue
            for month in plan.months:
                if month.total is None or not month.lines:
                    continue
                issued = datetime.combine(month.month.first + timedelta(days=19), time(8), COPENHAGEN)
                due = month.due or month.month.last
                paid = datetime.combine(due, time(6), COPENHAGEN) if due < today else None
                bills.issue(session, person.id, month, issued, paid=paid)
                made += 1
    print(f"Demo data: {made} bills made." if made else "Demo data: nothing to add.")
    return 0
