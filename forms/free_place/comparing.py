"""The application for the free-place subsidy beside what the registers say now.

Reads the application as its published schema describes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from forms.free_place.facts import monthly_base
from forms.free_place.words import kind_name
from portal.cases.comparison import Row, Table
from portal.cases.decision import AnswerGiven
from portal.i18n import format_date, format_kroner, format_month
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.sources import source_words
from portal.months import Month
from portal.municipalities import ALL
from portal.registers.cpr import mask

Part = Mapping[str, Any]
REASONS = {
    "first_admission": _l("The child starts in day care"),
    "income": _l("The income has changed, or it is the first application"),
    "household": _l("The household has changed"),
    "stop": _l("The subsidy is to stop"),
}
OTHER = {
    "self_employed": _l("Profit of own business in a year"),
    "capital": _l("Capital income in a year"),
    "shares": _l("Share income in a year"),
    "foreign": _l("Income from abroad in a year"),
    "rent": _l("Income from letting in a year"),
}
RHYTHMS = {"monthly": _l("every month"), "fortnightly": _l("every 14 days"), "weekly": _l("every week"), "yearly": _l("once a year")}
PAYSLIP = {
    "gross": _l("pay before tax"),
    "am": _l("labour-market contribution (AM-bidrag)"),
    "atp": _l("ATP"),
    "pension": _l("own pension"),
}


def compare(application: Part, answers: Sequence[AnswerGiven], facts: Mapping[str, Part]) -> list[Table]:
    """The application part by part. `facts` are the registers' of the applicant and, when they have consented, of the partner."""
    own = facts.get("applicant")
    tables = [Table(_("Household"), _household(application, own)), Table(_("Children and places"), _places(application, own))]
    tables.append(Table(_("What has happened, and from when"), _start(application)))
    if application["income"]:
        tables.append(Table(_("The applicant's income"), _income(application["income"], own)))
    consent = next((answer for answer in reversed(answers) if answer.kind == "consent" and answer.outcome == "given"), None)
    if consent is not None:
        tables.append(Table(_("The partner's income"), _partner(consent.answer, facts.get("partner"))))
    return tables


def told_by(source: Mapping[str, str]) -> str:
    """Where an answer came from, said to a case worker."""
    if source["kind"] == "register":
        return source_words(source)
    return _("The citizen wrote this, %(date)s", date=format_date(date.fromisoformat(source["date"])))


def _household(application: Part, own: Part | None) -> list[Row]:
    household = application["household"]
    said, source = household["partner"], told_by(household["source"])
    known = _knows(own, "people")
    partner = next((adult for adult in own["adults"] if adult["relation"] != "other"), None) if known and own else None
    rows = [
        Row(
            _("Lives as"),
            [_("A couple") if household["kind"] == "couple" else _("A single parent")],
            source if said and said["registered"] else told_by({"kind": "citizen", "date": application["sent_on"]}),
            _unless_silent(known, [_("A couple") if partner else _("No partner at the address")]),
            bool(known) and (partner is not None) != (household["kind"] == "couple"),
        )
    ]
    if said or partner:
        differs = bool(known) and (said["cpr"] if said else None) != (partner["cpr"] if partner else None)
        rows.append(
            Row(
                _("Partner"),
                [_person(said)] if said else ["–"],
                source,
                _unless_silent(known, [_person(partner)] if partner else ["–"]),
                differs,
            )
        )
    if household["kind"] == "single" and household["declared"]:
        rows.append(Row(_("Declares to be single"), [_("Yes")]))
    rows.append(_children(household, own, known, source))
    now = own["municipality"] if known and own else None
    shown = [_municipality(now)] if now else None
    rows.append(
        Row(
            _("Municipality"),
            [_municipality(application["municipality"])],
            source,
            shown,
            now is not None and now != application["municipality"],
        )
    )
    return rows


def _children(household: Part, own: Part | None, known: bool | None, source: str) -> Row:
    children = own["children"] if known and own else []
    said = [_child(child) for child in household["children"]]
    if household["children_counted"] is not None:
        said = [_("%(number)s children under 18, counted by the citizen", number=household["children_counted"])]
        differs = bool(known) and len(children) != household["children_counted"]
    else:
        differs = bool(known) and {child["cpr"] for child in children} != {child["cpr"] for child in household["children"]}
    return Row(_("Children at home"), said or ["–"], source, _unless_silent(known, [_child(child) for child in children] or ["–"]), differs)


def _places(application: Part, own: Part | None) -> list[Row]:
    places, source = application["places"], told_by(application["places"]["source"])
    names = {child["cpr"]: child["name"] for child in application["household"]["children"]}
    known = _knows(own, "places")
    now = _places_now(own) if known and own else {}
    rows = []
    said = {(place["child_cpr"], place["kind"], place["institution"]): place for place in places["list"]}
    for key, place in said.items():
        label = _("Place for %(name)s", name=names.get(place["child_cpr"], "–"))
        match = now.pop(key, None)
        told = [_place(match)] if match else [_("Not in the list now")]
        rows.append(
            Row(
                label,
                [_place(place)],
                source,
                _unless_silent(known, told),
                bool(known) and (match is None or _place(match) != _place(place)),
            )
        )
    rows += [Row(_("Place for %(name)s", name=_name_now(own, key[0])), ["–"], "", [_place(place)], True) for key, place in now.items()]
    if places["contested"]:
        rows.append(
            Row(_("The citizen says that the list is wrong"), str(places["correction"] or "–").splitlines(), _("The citizen wrote this"))
        )
    return rows or [Row(_("Places"), [_("None")], source, _unless_silent(known, [_("None")]))]


def _places_now(own: Part) -> dict[tuple[str | None, str, str], Part]:
    numbers = {child["ref"]: child["cpr"] for child in own["children"]}
    return {(numbers.get(place["child"]), place["kind"], place["institution"]): place for place in own["places"]}


def _start(application: Part) -> list[Row]:
    month, start = format_month(Month.parse(application["start"]["month"])), application["start"]
    rows = [
        Row(_("What has happened"), [str(REASONS[application["reason"]])], _("The citizen wrote this")),
        Row(_("Start month"), [month], _("Worked out by the portal, %(paragraph)s", paragraph=start["paragraph"])),
    ]
    if application["shown"]["own_percent"] is not None:
        rows.append(Row(_("The citizen was shown"), [_("%(number)s percent", number=application["shown"]["own_percent"])]))
    return rows


def _income(income: Part, own: Part | None) -> list[Row]:
    said = Decimal(income["monthly_base"]) if income["monthly_base"] else None
    rows = [_base_row(said, told_by(income["source"]), own)]
    if income["payslip"]:
        rows.append(Row(_("Payslip, as typed"), _payslip(income["payslip"]), told_by(income["source"])))
    rows += [
        Row(
            str(OTHER.get(each["kind"], each["kind"])),
            [format_kroner(Decimal(each["yearly"])) if each["yearly"] else "–"],
            _("The citizen wrote this"),
        )
        for each in income["other"]
    ]
    if income["contested"]:
        rows.append(Row(_("The register's income"), [_("The citizen says that it does not fit")], _("The citizen wrote this")))
    return rows


def _partner(answer: Part, facts: Part | None) -> list[Row]:
    said = Decimal(answer["monthly_base"]) if answer["monthly_base"] else None
    rows = [_base_row(said, told_by(answer["source"]), facts)]
    if answer["payslip"]:
        rows.append(Row(_("Payslip, as typed"), _payslip(answer["payslip"]), _("The partner wrote this")))
    if answer["other_income"]:
        rows.append(Row(_("Other income"), [_("Yes, the partner has other income")], _("The partner wrote this")))
    return rows


def _base_row(said: Decimal | None, source: str, facts: Part | None) -> Row:
    known = _knows(facts, "income", ("ok", "unknown"))
    now = monthly_base(facts["income"]) if known and facts else None
    told = [format_kroner(now)] if now is not None else [_("No income")]
    label = _("Income a month after AM, ATP and pension")
    return Row(
        label, [format_kroner(said)] if said is not None else ["–"], source, _unless_silent(known, told), bool(known) and now != said
    )


def _payslip(payslip: Part) -> list[str]:
    lines = [f"{words}: {format_kroner(Decimal(payslip[key]))}" for key, words in PAYSLIP.items() if payslip.get(key)]
    remark = str(payslip.get("remark") or "")
    return [str(RHYTHMS.get(payslip["rhythm"], payslip["rhythm"])), *lines, *remark.splitlines()]


def _knows(facts: Part | None, register: str, fit: Sequence[str] = ("ok",)) -> bool | None:
    """Whether the register told something; None when it was not asked."""
    return facts["status"][register] in fit if facts else None


def _unless_silent(known: bool | None, told: Sequence[str]) -> Sequence[str] | None:
    return None if known is None else told if known else [_("The register does not answer right now")]


def _person(person: Part) -> str:
    return f"{person['name'] or _('Name not known')}, {mask(person['cpr'])}"


def _child(child: Part) -> str:
    return _("%(name)s, born %(date)s", name=child["name"], date=format_date(date.fromisoformat(child["born"])))


def _place(place: Part) -> str:
    words = [kind_name(place["kind"]), place["institution"], _("with lunch") if place["lunch"] else _("without lunch")]
    return ", ".join([*words, *([_("private")] if place["private"] else [])])


def _name_now(own: Part | None, cpr: str | None) -> str:
    return next((child["name"] for child in own["children"] if child["cpr"] == cpr), "–") if own else "–"


def _municipality(code: str) -> str:
    return ALL[code].name if code in ALL else code
