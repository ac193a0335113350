"""The application as structured data: built from the answers, each with where it came from. The schema is in schema.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from forms.free_place import answers
from forms.free_place.answers import OTHER_KINDS
from forms.free_place.context import start_of
from forms.free_place.deadlines import consent_deadline
from forms.free_place.start import Reason
from portal.cases.decision import RequestSpec
from portal.journey.sources import citizen_source
from portal.journey.state import State
from portal.months import Month

VERSION = 1
SCHEMA = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))


def build(state: State) -> dict[str, Any]:
    """The application as it is sent. The start month is worked out again from today's date."""
    facts = state.facts
    reason = answers.reason(state)
    return {
        "service": "free-place",
        "version": VERSION,
        "sent_on": state.today.isoformat(),
        "municipality": facts["municipality"] or state.get("home", "municipality"),
        "applicant": _applicant(facts),
        "registers": dict(facts["status"]),
        "reason": str(reason),
        "household": _household(state),
        "places": _places(state),
        "start": _start(state, reason),
        "income": None if reason is Reason.STOP else _income(state),
        "shown": {
            "own_percent": state.get("payment", "own_percent"),
            "estimate": answers.partner_estimate(state) is not None,
            "expected": state.get("payment", "expected"),
        },
        "documents": list(state.answers.get("_documents", {}).get("files", [])),
    }


def requests(application: Mapping[str, Any]) -> list[RequestSpec]:
    """Who else must answer: the partner, when the household is a couple and a subsidy is wanted."""
    partner = application["household"]["partner"]
    if partner is None or application["reason"] == Reason.STOP:
        return []
    # A number that was typed may be a stranger's: no child's name goes to anybody the register does not show at the address,
    # nor the applicant's own when it is protected.
    known, applicant = partner["registered"], application["applicant"]
    question = {
        "applicant": applicant["name"] if known or not applicant.get("protected") else "",
        "children": [child["name"] for child in application["household"]["children"]] if known else [],
        "start": application["start"]["month"],
    }
    return [RequestSpec(partner["cpr"], "consent", question, consent_deadline(date.fromisoformat(application["sent_on"])))]


def hold_from(application: Mapping[str, Any]) -> Month:
    """The first month whose bill the application may change."""
    return Month.parse(application["start"]["month"])


def _applicant(facts: Mapping[str, Any]) -> dict[str, Any]:
    person = facts["person"] or {}
    return {"cpr": facts["cpr"], "name": person.get("name", ""), "protected": bool(person.get("protected"))}


def _household(state: State) -> dict[str, Any]:
    partner = answers.partner(state)
    number = answers.partner_cpr(state)
    facts = state.facts
    return {
        "kind": "single" if answers.is_single(state) else "couple",
        "declared": bool(state.get("declaration", "sworn")),
        "partner": {"cpr": number, "name": partner["name"] if partner else "", "registered": partner is not None} if number else None,
        "register_partner": answers.registered_partner(state) is not None,
        "children": [
            {"cpr": child["cpr"], "name": child["name"], "born": child["born"], "relation": child["relation"]}
            for child in facts["children"]
        ],
        "children_counted": state.get("home", "children"),
        "source": _register("people", state) if answers.people_known(state) else citizen_source(state.today),
    }


def _places(state: State) -> dict[str, Any]:
    children = {child["ref"]: child["cpr"] for child in state.facts["children"]}
    return {
        "list": [
            {
                "child_cpr": children.get(place["child"]),
                "kind": place["kind"],
                "institution": place["institution"],
                "municipality": place["municipality"],
                "admitted": place["admitted"],
                "lunch": place["lunch"],
                "private": place["private"],
            }
            for place in state.facts["places"]
        ],
        "contested": answers.contests_places(state),
        "correction": state.get("correction", "text"),
        "source": _register("places", state) if state.facts["places"] else citizen_source(state.today),
    }


def _start(state: State, reason: Reason) -> dict[str, Any]:
    if reason is Reason.STOP:
        return {"month": state.get("stop-month", "month"), "rule": "stop", "paragraph": "§ 31, stk. 2"}
    start = start_of(state.context, state.facts, reason, state.today)
    return {"month": str(start.month), "rule": str(start.rule), "paragraph": start.paragraph}


def _income(state: State) -> dict[str, Any]:
    base = answers.own_base(state)
    register = answers.register_base(state)
    from_register = answers.uses_register(state)
    kinds = [kind for kind in state.get("other-income", "kinds") or [] if kind in OTHER_KINDS]
    typed = state.answers.get("payslip")
    estimate = answers.partner_estimate(state)
    return {
        "monthly_base": str(base) if base is not None else None,
        "register_base": str(register) if register is not None else None,
        "contested": register is not None and not from_register,
        "payslip": None
        if from_register or typed is None
        else {key: typed.get(key) for key in ("rhythm", "gross", "am", "atp", "pension", "remark")},
        "self_employed": "self_employed" in kinds,
        "other": [{"kind": kind, "yearly": state.get("other-amounts", kind)} for kind in kinds],
        "partner_estimate": str(estimate) if estimate is not None else None,
        "source": _register("income", state) if from_register else citizen_source(state.today),
    }


def _register(name: str, state: State) -> dict[str, str]:
    return {"kind": "register", "register": name, "date": state.facts["on"]}
