"""Expected payments as tables: one of every month, then what each child's payment is made of, by stretches that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.i18n import format_date, format_kroner, format_month
from portal.i18n import gettext as _
from portal.months import Month
from portal.payments.bills import Bill
from portal.payments.lines import Plan, PlanLine, PlanMonth, Why
from portal.payments.words import KINDS, MISSING, WHY
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
    return PaymentTables(
        months=(_all_of_one_child(plan, keys) if alone else _months(plan, keys)) if plan else None,
        children=[] if alone or plan is None else [_child(plan, key, name) for key, name in keys.items()],
        chart=[_bar(month) for month in plan.months] if plan else [],
        past=_past(expected) if any(bill.total for bill in expected.past) else None,
        corrections=[correction(bill) for bill in sorted(expected.bills.values(), key=lambda each: each.month) if bill.difference],
    )


def correction(bill: Bill) -> str:
    """What became of a bill that a decision changed, and what that means for the person."""
    said = _("Your bill for %(month)s was %(before)s. It is now %(after)s.", month=format_month(bill.month), before=_kr(bill.first_total), after=_kr(bill.total))
    if bill.paid is None:
        return f"{said} " + _("Pay the new amount only.")
    if bill.difference < 0:
        return f"{said} " + _("You have paid %(amount)s too much. The municipality settles it with you.", amount=_kr(-bill.difference))
    return f"{said} " + _("There is %(amount)s more to pay.", amount=_kr(bill.difference))


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
    return Table(_("What you pay, month by month"), [_("Month"), *keys.values(), _("In all")], rows)


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
        news = [text for text in (kind, _percent(first)) if text and text not in told]
        told = [kind, _percent(first) or told[1]]
        tag = _("Estimate") if first.estimate else ""
        rows.append(Row(_stretch(first.month, stretch[-1].month), _cells(first, parts), tag, note=_sentences([*_reasons(first), *news])))
    caption = f"{name}, {_inside(str(KINDS[lines[0].place_kind]))}" if len(kinds) == 1 else name
    return Table(caption, [_("Months"), *_heads(parts), _("You pay a month")], rows, _without(parts))


def _likeness(line: PlanLine, parts: Sequence[str]) -> tuple[Any, ...]:
    return line.place_kind, line.own_percent, line.estimate, line.missing, *_cells(line, parts)


def _month_row(month: PlanMonth, cells: Sequence[Cell], names: dict[str, str]) -> Row:
    states = {line.state for line in month.lines}
    (state,) = states if len(states) == 1 else ("mixed",)
    tag = _state(state, estimate=month.estimate) if month.total != 0 else ""
    said = [_("%(child)s: %(text)s", child=names[line.child_key], text=_inside(_state(line.state))) for line in month.lines] if len(states) > 1 else []
    due = _("Pay by %(date)s", date=format_date(month.due)) if month.due and state in ("expected", "invoiced") else ""
    return Row(_capital(format_month(month.month)), cells, tag, TONES.get(state, "info"), _sentences([due, *said, *_told(month.lines, names)]))


def _told(lines: Sequence[PlanLine], names: dict[str, str]) -> list[str]:
    """Why the month differs from the one before, each reason once, with the children it is about unless it is about all."""
    about: dict[str, list[str]] = {}
    for line in lines:
        for text in _reasons(line):
            about.setdefault(text, []).append(names[line.child_key])
    whole = len(lines)
    return [text if len(who) == whole else _("%(child)s: %(text)s", child=_and(who), text=text) for text, who in about.items()]


def _reasons(line: PlanLine) -> list[str]:
    if line.missing:
        return [str(MISSING[line.missing])]
    # That a month is an estimate is no change, and its tag says so.
    return [str(WHY[why]) for why in line.why if why not in (Why.MISSING, Why.ESTIMATE)]


def _percent(line: PlanLine) -> str:
    if line.own_percent in (None, 100) or line.free_month or line.missing:
        return ""
    return _("With the free-place subsidy you pay %(percent)s percent of the price", percent=line.own_percent)


def _state(state: str, *, estimate: bool = False) -> str:
    if estimate and state in ("expected", "held"):
        return _("Estimate") if state == "expected" else _("On hold, estimate")
    words = {"expected": _("Expected"), "held": _("On hold"), "invoiced": _("Bill sent"), "paid": _("Paid")}
    return words.get(state, "")


def _parts_in_use(lines: Iterable[PlanLine]) -> list[str]:
    """The price and the free-place subsidy always; lunch and sibling subsidy when there is any."""
    used = list(lines)
    return ["rate", *(["lunch"] if any(line.lunch for line in used) else []), "free_place", *(["sibling"] if any(line.sibling for line in used) else [])]


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
    rows = []
    for bill in (each for each in expected.past if each.total):
        waits = bill.paid is None and expected.waits(bill.month)
        tag, tone = (_("Paid"), "success") if bill.paid else (_("On hold"), "warning") if waits else (_("Not paid"), "warning")
        note = _("Paid %(date)s", date=format_date(bill.paid)) if bill.paid else "" if waits else _("Pay by %(date)s", date=format_date(bill.due))
        rows.append(Row(_capital(format_month(bill.month)), [bill.total], tag, tone, _sentences([note])))
    return Table(_("Bills we have sent you"), [_("Month"), _("Amount")], rows)


def _stretch(first: Month, last: Month) -> str:
    if first == last:
        return _capital(format_month(first))
    return _capital(_("%(first)s to %(last)s", first=format_month(first), last=format_month(last)))


def _sentences(texts: Iterable[str]) -> str:
    return " ".join(text if text.endswith(".") else f"{text}." for text in texts if text)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _inside(text: str) -> str:
    """A text that begins with a capital, as it stands inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _kr(amount: Decimal) -> str:
    return format_kroner(amount)
