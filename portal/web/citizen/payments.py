"""Expected payments for Min Side: the plan, with what is known of bills, from places kept since the registers were last asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import session
from sqlalchemy import bindparam, select

from portal.audit import purposes
from portal.months import Month
from portal.payments import bills
from portal.payments.bills import Bill
from portal.payments.lines import Plan, PlanLine, PlanMonth
from portal.storage.models import RegisterCopy
from portal.web.asking import asking_about_me
from portal.web.parts import parts, reading, writing
from portal.web.visitor import person_cpr, person_id

OLDEST = timedelta(hours=12)
MONTHS = 12
COPY_OF = select(RegisterCopy).where(RegisterCopy.person_id == bindparam("person_id"))


@dataclass(frozen=True)
class NextPayment:
    """What falls due first. `billed` when the bill is sent, `late` when its day has passed, `estimate` on figures not out.

    figures_of: the year of the prices an estimate rests on, where it is an earlier one.
    """

    month: Month
    amount: Decimal
    due: date | None
    billed: bool
    late: bool = False
    estimate: bool = False
    figures_of: int | None = None


@dataclass(frozen=True)
class OthersPlace:
    """A place somebody else pays for: the first names of the payer and the child, None where they are not known."""

    payer: str | None
    child: str | None


@dataclass(frozen=True)
class Expected:
    """What the pages show. `status` is ok, or why there is nothing: no place (none), only places somebody else pays for
    (others), or a register that is silent. others: those places, as the facts have them.

    held_from: the first month whose bill waits for an open case. past: the bills of months gone, newest first.
    """

    plan: Plan | None
    past: list[Bill]
    status: str
    known_on: date | None
    bills: Mapping[Month, Bill]
    held_from: Month | None
    today: date
    others: Sequence[OthersPlace] = ()

    @property
    def held(self) -> bool:
        """Whether some bills wait for an open case."""
        return self.held_from is not None

    def waits(self, month: Month) -> bool:
        """Whether this month's bill waits for an open case."""
        return self.held_from is not None and month >= self.held_from

    @property
    def next_payment(self) -> NextPayment | None:
        """The unpaid bill that falls due first; without one, the first month ahead that will be billed."""
        unpaid = [bill for bill in self.bills.values() if bill.paid is None and bill.total and not self.waits(bill.month)]
        if unpaid:
            bill = min(unpaid, key=lambda each: each.due)
            return NextPayment(bill.month, bill.total, bill.due, billed=True, late=bill.due < self.today)
        for month in self.plan.months if self.plan else ():
            if month.total and month.month not in self.bills and not month.held:
                return NextPayment(month.month, month.total, month.due, billed=False, estimate=month.estimate, figures_of=_older(month))
        return None

    @property
    def unknown(self) -> list[Month]:
        """The months that come before the next payment and whose amounts nobody knows yet."""
        following = self.next_payment
        return [
            month.month
            for month in (self.plan.months if self.plan else ())
            if month.total is None
            and month.month not in self.bills
            and not month.held
            and (following is None or month.month < following.month)
        ]

    @property
    def change(self) -> NextPayment | None:
        """The first month after the next payment with another amount to pay; a month that is free changes nothing."""
        following = self.next_payment
        if following is None:
            return None
        for month in self.plan.months if self.plan else ():
            if month.month <= following.month or not month.total or month.held or any(line.free_month for line in month.lines):
                continue
            if self.amount(month.month) != following.amount:
                return NextPayment(
                    month.month,
                    self.amount(month.month) or month.total,
                    month.due,
                    billed=False,
                    estimate=month.estimate,
                    figures_of=_older(month),
                )
        return None

    @property
    def months(self) -> set[Month]:
        """The months of which something is known: billed or ahead."""
        return {*self.bills, *(month.month for month in (self.plan.months if self.plan else ()))}

    def is_estimate(self, month: Month) -> bool:
        """Whether a month that is not billed rests on figures that are not its own."""
        return month not in self.bills and any(line.month == month for line in self._estimates)

    def amount(self, month: Month) -> Decimal | None:
        """What is to be paid for a month: its bill, or else the plan; None when it is not known."""
        if month in self.bills:
            return self.bills[month].total
        return next((each.total for each in (self.plan.months if self.plan else ()) if each.month == month), None)

    def due(self, month: Month) -> date | None:
        """The day to pay a month by; None when nothing is due, or it waits for an open case."""
        if self.waits(month):
            return None
        if month in self.bills:
            return self.bills[month].due
        return next((each.due for each in (self.plan.months if self.plan else ()) if each.month == month), None)

    @property
    def figures_of(self) -> list[int]:
        """The years of the prices that estimates rest on, where they are not the month's own."""
        return sorted({line.source_year for line in self._estimates if line.source_year and line.source_year < line.month.year})

    @property
    def figures_coming(self) -> list[int]:
        """The years whose figures are not out."""
        return sorted({line.month.year for line in self._estimates})

    @property
    def _estimates(self) -> list[PlanLine]:
        return [line for month in (self.plan.months if self.plan else ()) for line in month.lines if line.estimate]


def _older(month: PlanMonth) -> int | None:
    return min(
        (line.source_year for line in month.lines if line.estimate and line.source_year and line.source_year < month.month.year),
        default=None,
    )


def expected() -> Expected:
    """The next twelve months of the person who is logged in."""
    service = next((each for each in parts().services.values() if each.expected_plan is not None), None)
    known = _facts(service)
    today = parts().clock.today()
    sent = bills.newest(reading(), person_id())
    held = bills.held_from(reading(), person_id())
    others = _others(known) if known else []
    if service is None or service.expected_plan is None or not known or len(others) == len(known["places"]):
        status = "others" if others else "none" if known and known["status"]["places"] in ("ok", "unknown") else "silent"
        return Expected(None, _past(sent, today), status, None, sent, held, today, others)
    first = Month.of(today)
    plan = service.expected_plan(known, bills.grants_of(reading(), person_id()), first, today, held, MONTHS)
    states = {key: state for key, state in bills.states(sent).items() if not (held and key[1] >= held and state == "invoiced")}
    return Expected(plan.with_states(states), _past(sent, today), "ok", date.fromisoformat(known["on"]), sent, held, today, others)


def _past(sent: Mapping[Month, Bill], today: date) -> list[Bill]:
    return sorted((bill for bill in sent.values() if bill.month < Month.of(today)), key=lambda bill: bill.month, reverse=True)


def _others(known: Mapping[str, Any]) -> list[OthersPlace]:
    names = {child["ref"]: child["name"].split(" ")[0] for child in known["children"]}
    return [OthersPlace(place["payer"], names.get(place["child"])) for place in known["places"] if not place.get("pays", True)]


def _names_payers(copy: Mapping[str, Any]) -> bool:
    """Whether the copy says who pays: one that was kept before that does not, and is asked for again."""
    return all("pays" in place for place in copy["places"])


def _facts(service: Any) -> dict[str, Any] | None:
    """What the registers last said of the places; asked again when it is old, kept when they are silent."""
    if service is None:
        return None
    row = reading().scalar(COPY_OF, {"person_id": person_id()})
    now = parts().clock.now()
    if row is not None and now - row.taken < OLDEST and _names_payers(row.content):
        session.setdefault("municipality", row.content["municipality"])
        return dict(row.content)
    with asking_about_me(purposes.PAYMENTS) as ask:
        facts = service.gather(ask, person_cpr(), parts().clock.today())
        ask.municipality = facts["municipality"]
    if facts["status"]["places"] in ("unavailable", "nonsense") or facts["status"]["people"] in ("unavailable", "nonsense"):
        return dict(row.content) if row is not None and _names_payers(row.content) else facts
    kept = {key: facts[key] for key in ("on", "status", "municipality", "children", "places")}
    with writing() as work:
        found = work.scalar(COPY_OF, {"person_id": person_id()})
        if found is None:
            work.add(RegisterCopy(person_id=person_id(), content=kept, taken=now))
        else:
            found.content, found.taken = kept, now
    session.setdefault("municipality", kept["municipality"])
    return kept
