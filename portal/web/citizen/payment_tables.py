"""Expected payments as tables: one of every month, then what each child's payment is made of, by stretches that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.i18n import format_date, format_month
from portal.i18n import gettext as _
from portal.payments.bills import Bill
from portal.payments.lines import Plan, PlanLine, PlanMonth
from portal.payments.words import KINDS
from portal.web.citizen.payment_words import (
    capital,
    correction,
    inside,
    percent,
    reasons,
    sentences,
    state_word,
    stretch_name,
    told_together,
)
from portal.web.citizen.payments import Expected

Cell = Decimal | str
TONES = {"held": "warning", "paid": "success"}


@dataclass(frozen=True)
class Row:
    """One row, as the macro `money_table` takes it."""

    header: str
    cells: Sequence[Cell]
    tag: str = ""
    tone: str = "info"
    note: str = ""


@dataclass(frozen=True)
class Table:
    """One table. `without` says in words which columns were left out because they hold nothing."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]
    without: str = ""


@dataclass(frozen=True)
class PaymentTables:
    """What the page of payments shows."""

    months: Table | None
    children: Sequence[Table]
    chart: Sequence[dict[str, Any]]
    past: Table | None
    corrections: Sequence[str] = field(default_factory=tuple)


def tables_of(expected: Expected) -> PaymentTables:
    """The tables of what is expected and of what was billed."""
    plan = expected.plan
    keys = _children(plan)
    alone = len(keys) == 1
    months = None
    if plan is not None:
        months = _all_of_one_child(plan, keys) if alone else _months(plan, keys)
    return PaymentTables(
        months=months,
        children=[] if alone or plan is None else [_child(plan, key, name) for key, name in keys.items()],
        chart=[_bar(month) for month in plan.months] if plan else [],
        past=_past(expected) if any(bill.total for bill in expected.past) else None,
        corrections=[correction(bill) for bill in sorted(expected.bills.values(), key=lambda each: each.month) if bill.difference],
    )


def _children(plan: Plan | None) -> dict[str, str]:
    """The children's names by key, in the order of the plan."""
    found: dict[str, str] = {}
    for line in (line for month in (plan.months if plan else ()) for line in month.lines):
        if line.child_key not in found:
            found[line.child_key] = line.child_name or _("Child %(number)s", number=len(found) + 1)
    return found


def _months(plan: Plan, keys: dict[str, str]) -> Table:
    rows = []
    for month in plan.months:
        lines = {line.child_key: line for line in month.lines}
        cells = [_pays(lines[key]) if key in lines else _("No place") for key in keys]
        rows.append(_month_row(month, [*cells, _total(month)], keys))
    return Table(_("What you pay, month by month"), [_("Month"), *keys.values(), _("Total")], rows)


def _all_of_one_child(plan: Plan, keys: dict[str, str]) -> Table:
    (name,) = keys.values()
    parts = _parts_in_use([line for month in plan.months for line in month.lines])
    nothing = [_("No place"), *[""] * (len(parts) - 1), Decimal(0)]
    rows = [_month_row(month, _cells(month.lines[0], parts) if month.lines else nothing, keys) for month in plan.months]
    caption = _("What you pay for %(child)s, month by month", child=name)
    return Table(caption, [_("Month"), *_heads(parts), _("You pay")], rows, _without(parts))


def _child(plan: Plan, key: str, name: str) -> Table:
    lines = [line for month in plan.months for line in month.lines if line.child_key == key]
    parts = _parts_in_use(lines)
    kinds = {line.place_kind for line in lines}
    rows = []
    told = ["", ""]
    # Months that follow each other without a gap keep the same distance to their number in the list.
    numbered = enumerate(lines)
    for _same, alike in groupby(numbered, key=lambda pair: (pair[1].month - lines[0].month - pair[0], *_likeness(pair[1], parts))):
        stretch = [line for _number, line in alike]
        first = stretch[0]
        kind = str(KINDS[first.place_kind]) if len(kinds) > 1 else ""
        news = [text for text in (kind, percent(first)) if text and text not in told]
        told = [kind, percent(first) or told[1]]
        tag = _("Estimate") if first.estimate else ""
        rows.append(Row(stretch_name(first.month, stretch[-1].month), _cells(first, parts), tag, note=sentences([*reasons(first), *news])))
    caption = f"{name}, {inside(str(KINDS[lines[0].place_kind]))}" if len(kinds) == 1 else name
    return Table(caption, [_("Months"), *_heads(parts), _("You pay a month")], rows, _without(parts))


def _likeness(line: PlanLine, parts: Sequence[str]) -> tuple[Any, ...]:
    return line.place_kind, line.own_percent, line.estimate, line.missing, *_cells(line, parts)


def _month_row(month: PlanMonth, cells: Sequence[Cell], names: dict[str, str]) -> Row:
    states = {line.state for line in month.lines}
    (state,) = states if len(states) == 1 else ("mixed",)
    # Nothing is expected of a month that costs nothing, or whose price nobody knows.
    tag = state_word(state, estimate=month.estimate) if month.total or (month.total is None and state != "expected") else ""
    said = []
    if state == "mixed":
        said = [_("%(child)s: %(text)s", child=names[line.child_key], text=inside(state_word(line.state))) for line in month.lines]
    due = _("Pay by %(date)s", date=format_date(month.due)) if month.due and state in ("expected", "invoiced") else ""
    return Row(
        capital(format_month(month.month)),
        cells,
        tag,
        TONES.get(state, "info"),
        sentences([due, *said, *told_together(month.lines, names)]),
    )


def _parts_in_use(lines: Iterable[PlanLine]) -> list[str]:
    """The price and the free-place subsidy always; lunch and sibling subsidy when there is any."""
    used = list(lines)
    parts = ("rate", "lunch", "free_place", "sibling")
    return [part for part in parts if part in ("rate", "free_place") or any(getattr(line, part) for line in used)]


def _heads(parts: Sequence[str]) -> list[str]:
    heads = {"rate": _("Price"), "lunch": _("Lunch"), "free_place": _("Less free-place subsidy"), "sibling": _("Less sibling subsidy")}
    return [heads[part] for part in parts]


def _without(parts: Sequence[str]) -> str:
    if "lunch" not in parts and "sibling" not in parts:
        return _("There is no lunch scheme to pay for, and no sibling subsidy.")
    if "lunch" not in parts:
        return _("There is no lunch scheme to pay for.")
    return _("There is no sibling subsidy for this place.") if "sibling" not in parts else ""


def _cells(line: PlanLine, parts: Sequence[str]) -> list[Cell]:
    if line.missing:
        return [_("Not known") for _part in parts] + [_("Not known")]
    return [*(getattr(line, part) for part in parts), _pays(line)]


def _pays(line: PlanLine) -> Cell:
    return _("Not known") if line.own_payment is None else line.own_payment


def _total(month: PlanMonth) -> Cell:
    return _("Not known") if month.total is None else month.total


def _bar(month: PlanMonth) -> dict[str, Any]:
    state = "hold" if month.held else "estimate" if month.estimate else month.lines[0].state if month.lines else "expected"
    return {"label": format_month(month.month)[:3], "amount": month.total or Decimal(0), "state": state}


def _past(expected: Expected) -> Table:
    rows = [_past_row(bill, waits=expected.waits(bill.month)) for bill in expected.past if bill.total]
    return Table(_("Bills we have sent you"), [_("Month"), _("Amount")], rows)


def _past_row(bill: Bill, *, waits: bool) -> Row:
    month = capital(format_month(bill.month))
    if bill.paid:
        return Row(month, [bill.total], _("Paid"), "success", sentences([_("Paid %(date)s", date=format_date(bill.paid))]))
    if waits:
        return Row(month, [bill.total], _("On hold"), "warning")
    return Row(month, [bill.total], _("Not paid"), "warning", sentences([_("Pay by %(date)s", date=format_date(bill.due))]))
