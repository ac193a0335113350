"""What the registers know of a household, as plain data: gathered once for a draft and once more for the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.i18n import gettext as _
from portal.journey.sources import Ask
from portal.journey.stop import Stop
from portal.months import Month

MONTHS = 3
ADULT = 18
MY_PAGE = "/my-page"
ZERO = Decimal(0)


def gather(ask: Ask, cpr: str, today: date) -> dict[str, Any]:
    """Ask the three registers. A silent one leaves its part empty and says so under ``status``."""
    people = ask("people", "household", cpr)
    income = ask("income", "months", cpr, Month.of(today).plus(-1), MONTHS)
    places = ask("places", "places", cpr)
    home = people.value
    children = [_child(number, each) for number, each in enumerate(home.children if home else (), 1)]
    return {
        "on": today.isoformat(),
        "cpr": cpr,
        "status": {"people": people.status, "income": income.status, "places": places.status},
        "person": _person(home.person, today) if home else None,
        "municipality": home.person.municipality_code if home else None,
        "adults": [_adult(number, each) for number, each in enumerate(home.adults if home else (), 1)],
        "children": children,
        "places": [_place(each, cpr, children, home) for each in places.value or () if each.until is None or each.until >= today],
        "income": [_income(each) for each in income.value or ()],
    }


def needed_facts_problem(facts: Mapping[str, Any]) -> Stop | None:
    """Why a person cannot apply here at all, and what they can do instead."""
    person = facts["person"]
    if person is None:
        return None
    if person["age"] < ADULT:
        return Stop(
            _("You must be 18 to apply"),
            [_("Ask the parent who pays for the place to apply. You can also contact the municipality. They will help you.")],
        )
    return None if person["status"] == "resident" else _not_living_here(person["status"])


def _not_living_here(status: str) -> Stop:
    """By the status that the people register gives somebody who does not live in Denmark as far as it knows."""
    own_page = [(_("See your letters and bills on My page"), MY_PAGE)]
    call = _("Is it wrong? Contact your municipality. They can have it put right, and then you can apply here.")
    if status == "emigrated":
        return Stop(
            _("You cannot apply while you live abroad"),
            [
                _("The people register (CPR) says that you have moved away from Denmark."),
                _("Have you come back? Report your move to the municipality you live in now. When it is registered, you can apply here."),
                _("Does the child live in Denmark with somebody else? Then the one who pays for the place can apply."),
            ],
            own_page,
        )
    if status == "greenland":
        return Stop(
            _("You cannot apply while you live in Greenland"),
            [_("The people register (CPR) says that you live in Greenland. Ask the municipality there about day care."), call],
            own_page,
        )
    if status == "missing":
        return Stop(
            _("Tell the municipality where you live first"),
            [
                _("The people register (CPR) does not know where you live."),
                _("Contact the municipality you live in, and tell them your address. When it is registered, you can apply here."),
            ],
            own_page,
        )
    if status == "administrative":
        return Stop(
            _("You cannot apply with this CPR number"),
            [
                _("Your CPR number was given to you for tax or another authority. It does not say that you live in Denmark."),
                _("Do you live here? Contact the municipality you live in. They can register your address, and then you can apply here."),
            ],
            own_page,
        )
    dead = _("The people register (CPR) says that the person with your CPR number is dead.")
    gone = _("The people register (CPR) says that your CPR number is not in use any more.")
    return Stop(_("You cannot apply with this CPR number"), [dead if status == "dead" else gone, call])


def monthly_base(rows: list[dict[str, str]]) -> Decimal | None:
    """The average a month of what counts, over the months the register knows; None when it knows none."""
    months = {row["month"] for row in rows}
    if not months:
        return None
    total = sum((Decimal(row["gross"]) - Decimal(row["am"]) - Decimal(row["atp"]) - Decimal(row["pension"]) for row in rows), ZERO)
    return max(ZERO, (total / len(months)).quantize(Decimal("0.01")))


def by_month(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """One row a month: its payments added up, oldest first."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        entry = sums.setdefault(row["month"], {"gross": ZERO, "am": ZERO, "atp": ZERO, "pension": ZERO})
        for key in entry:
            entry[key] += Decimal(row[key])
    return [
        {"month": Month.parse(month), **entry, "base": entry["gross"] - entry["am"] - entry["atp"] - entry["pension"]}
        for month, entry in sorted(sums.items())
    ]


def partner_of(facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The spouse or cohabitant the people register names."""
    return next((adult for adult in facts["adults"] if adult["relation"] != "other"), None)


def newest_admission(facts: Mapping[str, Any], today: date) -> date | None:
    """The latest first admission within a year, or ahead: the one a parent may be applying for."""
    days = [date.fromisoformat(place["admitted"]) for place in facts["places"]]
    return max((day for day in days if day >= today - timedelta(days=365)), default=None)


def lost_subsidy_month(facts: Mapping[str, Any]) -> Month | None:
    """The third month running without the subsidy, when there was one before (section 31(3))."""
    last = max((place["last_subsidy"] for place in facts["places"] if place["last_subsidy"]), default=None)
    return Month.parse(last).plus(3) if last else None


def _person(person: Any, today: date) -> dict[str, Any]:
    return {
        "name": person.name,
        "protected": person.protected,
        "status": person.status,
        "age": person.age(today),
        "married": person.civil_status == "married",
    }


def _adult(number: int, adult: Any) -> dict[str, Any]:
    # Somebody with name protection who is no partner is told of as another adult and nothing more.
    hidden = adult.person.protected and adult.relation == "other"
    known = {"cpr": None, "name": None} if hidden else {"cpr": adult.person.cpr, "name": adult.person.name}
    return {"ref": f"a{number}", **known, "relation": adult.relation}


def _child(number: int, child: Any) -> dict[str, Any]:
    person = child.person
    return {
        "ref": f"c{number}",
        "cpr": person.cpr,
        "name": person.name,
        "born": person.birth_date.isoformat(),
        "relation": child.relation,
    }


def _place(place: Any, cpr: str, children: list[dict[str, Any]], home: Any) -> dict[str, Any]:
    ref = next((child["ref"] for child in children if child["cpr"] == place.child_cpr), None)
    return {
        "id": place.id,
        "child": ref,
        "kind": place.kind,
        "institution": place.institution,
        "municipality": place.municipality_code,
        "admitted": place.admitted.isoformat(),
        "from": place.from_date.isoformat(),
        "until": place.until.isoformat() if place.until else None,
        "lunch": place.lunch,
        "private": place.private,
        "part_time": place.hours is not None,
        "pays": place.payer_cpr == cpr,
        "payer": _partners_name(place.payer_cpr, home),
        "last_subsidy": str(place.last_subsidy_month) if place.last_subsidy_month else None,
    }


def _partners_name(cpr: str, home: Any) -> str | None:
    """The first name of the spouse or cohabitant with this number; None for anybody else, who is not named to this person."""
    partners = [adult.person for adult in (home.adults if home else ()) if adult.relation != "other"]
    return next((person.name.split(" ")[0] for person in partners if person.cpr == cpr), None)


def _income(row: Any) -> dict[str, str]:
    return {
        "month": str(row.month),
        "gross": str(row.gross),
        "am": str(row.am),
        "atp": str(row.atp),
        "pension": str(row.pension),
        "kind": row.kind,
    }
