"""The words beside the amounts of expected payments: states, reasons, corrections, and how they become sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.i18n import format_kroner, format_month
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.months import Month
from portal.payments.bills import Bill
from portal.payments.lines import PlanLine, Why
from portal.payments.words import MISSING, WHY
from portal.web.citizen.payments import OthersPlace


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
    about: dict[str, list[str]] = {}
    for line in lines:
        for text in reasons(line):
            about.setdefault(text, []).append(names[line.child_key])
    whole = len(lines)
    return [text if len(who) == whole else _("%(child)s: %(text)s", child=_and(who), text=text) for text, who in about.items()]


def reasons(line: PlanLine) -> list[str]:
    """What changed for the child since the month before, or what figure is missing."""
    if line.missing:
        return [str(MISSING[line.missing])]
    # That a month is an estimate is no change, and its tag says so.
    return [str(WHY[why]) for why in line.why if why not in (Why.MISSING, Why.ESTIMATE)]


def percent(line: PlanLine) -> str:
    """The granted percentage in a sentence; "" without one."""
    if line.own_percent in (None, 100) or line.free_month or line.missing:
        return ""
    return _("With the free-place subsidy you pay %(percent)s percent of the price", percent=line.own_percent)


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
    return names[0] if len(names) == 1 else _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


def capital(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """A text that begins with a capital, as it stands inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
