"""The words beside the amounts of expected payments: states, reasons, corrections, and how they become sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.i18n import format_date, format_kroner, format_month, ngettext
from portal.i18n import gettext as _
from portal.months import Month
from portal.payments.bills import Bill
from portal.payments.lines import PlanLine, Why
from portal.payments.words import MISSING, OF_CHILD, WHY
from portal.web.citizen.payments import Expected, NextPayment, OthersPlace


def correction(bill: Bill) -> str:
    """What became of a bill that a decision changed, and what that means for the person."""
    said = _(
        "Your bill for %(month)s was %(before)s. It is now %(after)s.",
        month=format_month(bill.month),
        before=format_kroner(bill.first_total),
        after=format_kroner(bill.total),
    )
    if bill.paid is None:
        return f"{said} " + _("Pay the new amount only.")
    if bill.difference < 0:
        return f"{said} " + _(
            "You have paid %(amount)s too much. The municipality settles it with you.", amount=format_kroner(-bill.difference)
        )
    return f"{said} " + _("There is %(amount)s more to pay.", amount=format_kroner(bill.difference))


def told_together(lines: Sequence[PlanLine], names: dict[str, str]) -> list[str]:
    """Why the month differs from the one before, each reason once, with the children it is about unless it is about all."""
    about: dict[str, list[PlanLine]] = {}
    for line in lines:
        for text in reasons(line):
            about.setdefault(text, []).append(line)
    return [_of_whom(text, told, len(lines), names) for text, told in about.items()]


def _of_whom(text: str, told: Sequence[PlanLine], whole: int, names: dict[str, str]) -> str:
    named = any(_reason(why, line) == text for line in told for why in line.why if line.child_name and why in OF_CHILD)
    if named or len(told) == whole:
        return text
    return _("%(child)s: %(text)s", child=_and([names[line.child_key] for line in told]), text=text)


def reasons(line: PlanLine) -> list[str]:
    """What changed for the child since the month before, or what figure is missing."""
    if line.missing:
        return [str(MISSING[line.missing])]
    # That a month is an estimate is no change, and its tag says so.
    return [_reason(why, line) for why in line.why if why not in (Why.MISSING, Why.ESTIMATE)]


def _reason(why: Why, line: PlanLine) -> str:
    if line.child_name is not None and why in OF_CHILD:
        return str(OF_CHILD[why]) % {"child": line.child_name}
    return str(WHY[why])


def percent(line: PlanLine) -> str:
    """The granted percentage in a sentence; "" without one."""
    if line.own_percent in (None, 100) or line.free_month or line.missing:
        return ""
    return _("With the free-place subsidy you pay %(percent)s percent of the price", percent=line.own_percent)


@dataclass(frozen=True)
class Said:
    """The sentences beside the expected payments; "" and nothing where there is nothing to say."""

    unknown: str
    next: str
    change: str
    estimates: str
    others: Sequence[str]


def said_of(expected: Expected) -> Said:
    """What the pages say of what is expected."""
    following, change = expected.next_payment, expected.change
    return Said(
        unknown=unknown_text(expected.unknown),
        next=next_text(following) if following else "",
        change=change_text(change) if change else "",
        estimates=estimates(expected),
        others=who_pays(expected.others),
    )


def estimates(expected: Expected) -> str:
    """What the months marked as estimates rest on; "" when there are none."""
    coming = _and([str(year) for year in expected.figures_coming])
    if not coming:
        return ""
    if expected.figures_of:
        used = _and([str(year) for year in expected.figures_of])
        return _(
            "Months marked “estimate” are worked out with the prices of %(used)s. The figures for %(coming)s are not out yet. "
            "The bill may be different.",
            used=used,
            coming=coming,
        )
    return _(
        "Months marked “estimate” are worked out with the income limits we know today. Those for %(coming)s are not out yet. "
        "The bill may be different.",
        coming=coming,
    )


def next_text(following: NextPayment) -> str:
    """Which bill the next payment is, by when it is paid, and what it rests on."""
    month = format_month(following.month)
    said = (
        _("It is your bill for %(month)s.", month=month)
        if following.billed
        else _("It will be your bill for %(month)s. We have not sent it yet.", month=month)
    )
    due = _("Pay by %(date)s.", date=format_date(following.due)) if following.due else ""
    return " ".join(text for text in (said, due, _estimate(following)) if text)


def change_text(change: NextPayment) -> str:
    """The first month with another amount."""
    said = _("For %(month)s you will pay %(amount)s.", month=format_month(change.month), amount=format_kroner(change.amount))
    return " ".join(text for text in (said, _estimate(change)) if text)


def unknown_text(months: Sequence[Month]) -> str:
    """The months whose price is not known, so that the next payment does not seem to be the first; "" without any."""
    return _("We do not know the price for %(months)s yet.", months=_and([format_month(month) for month in months])) if months else ""


def _estimate(following: NextPayment) -> str:
    if not following.estimate:
        return ""
    if following.figures_of is None:
        return _("The amount is an estimate.")
    return _("The amount is an estimate, worked out with the prices of %(year)s.", year=following.figures_of)


def who_pays(places: Iterable[OthersPlace]) -> list[str]:
    """Who gets the bills for the places the person does not pay for: a sentence for each payer."""
    children: dict[str | None, list[str | None]] = {}
    for place in places:
        children.setdefault(place.payer, []).append(place.child)
    return [_who_pays(payer, list(dict.fromkeys(names))) for payer, names in children.items()]


def _who_pays(payer: str | None, children: Sequence[str | None]) -> str:
    named = [name for name in children if name is not None]
    if len(named) < len(children):
        return _("Somebody else pays for your children's places. The bills go to the one who pays.")
    if payer is None:
        return ngettext(
            "Somebody else pays for the place of %(children)s. The bills go to the one who pays.",
            "Somebody else pays for the places of %(children)s. The bills go to the one who pays.",
            len(named),
            children=_and(named),
        )
    return ngettext(
        "%(payer)s pays for the place of %(children)s. The bills go to %(payer)s, who sees them on My page.",
        "%(payer)s pays for the places of %(children)s. The bills go to %(payer)s, who sees them on My page.",
        len(named),
        payer=payer,
        children=_and(named),
    )


def state_word(state: str, *, estimate: bool = False) -> str:
    """A state in a word or two."""
    if estimate and state in ("expected", "held"):
        return _("Estimate") if state == "expected" else _("On hold, estimate")
    words = {"expected": _("Expected"), "held": _("On hold"), "invoiced": _("Bill sent"), "paid": _("Paid")}
    return words.get(state, "")


def stretch_name(first: Month, last: Month) -> str:
    """One month, or the first and the last of several."""
    if first == last:
        return capital(format_month(first))
    return capital(_("%(first)s to %(last)s", first=format_month(first), last=format_month(last)))


def sentences(texts: Iterable[str]) -> str:
    """The texts that are not empty, each as a sentence."""
    return " ".join(text if text.endswith(".") else f"{text}." for text in texts if text)


def _and(names: Sequence[str]) -> str:
    return "".join(names) if len(names) <= 1 else _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


def capital(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """A text that begins with a capital, as it stands inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
