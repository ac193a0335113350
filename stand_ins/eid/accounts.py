"""The made-up people who can be chosen, and what their eID says about them, in the words of Nets eID Broker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from portal.registers import demo


@dataclass(frozen=True)
class Account:
    """One button. `about` is a line per language; `id_claims` stand in the ID token, `personal` in userinfo."""

    subject: str
    label: str
    about: Mapping[str, str]
    id_claims: Mapping[str, Any]
    personal: Mapping[str, Any]


def citizen_accounts(people: list[dict[str, Any]]) -> dict[str, Account]:
    """Accounts by subject for people with ``name``, ``cpr`` (may be absent) and perhaps ``about``."""
    accounts = (_citizen(number, person) for number, person in enumerate(people))
    return {account.subject: account for account in accounts}


def staff_accounts(people: list[dict[str, Any]]) -> dict[str, Account]:
    """Accounts by subject for people with ``name``, ``roles``, ``municipalities`` and perhaps ``about``."""
    accounts = (_member(number, person) for number, person in enumerate(people))
    return {account.subject: account for account in accounts}


def demo_citizens() -> list[dict[str, Any]]:
    """The people in the demo's registers who can log in."""
    return [{"name": row.name, "cpr": row.cpr, "about": _both(row)} for row in demo.demo_citizens()]


def demo_staff() -> list[dict[str, Any]]:
    """The demo's staff."""
    return [
        {
            "name": row.name,
            "subject": row.subject,
            "roles": list(row.roles),
            "municipalities": row.municipalities if row.municipalities == "all" else list(row.municipalities),
            "about": _both(row),
        }
        for row in demo.demo_staff()
    ]


def _both(row: demo.DemoCitizen | demo.DemoStaff) -> dict[str, str]:
    return {"da": row.shows_da, "en": row.shows_en}


def _citizen(number: int, person: dict[str, Any]) -> Account:
    personal = {"mitid.identity_name": person["name"]}
    if person.get("cpr"):
        personal["dk.cpr"] = person["cpr"]
    return Account(
        subject=_subject("citizen", person.get("cpr") or number),
        label=person["name"],
        about=_about(person),
        id_claims={"idp": "mitid", "identity_type": person.get("identity_type", "private")},
        personal=personal,
    )


def _member(number: int, person: dict[str, Any]) -> Account:
    return Account(
        subject=person.get("subject") or _subject("staff", number),
        label=person["name"],
        about=_about(person),
        id_claims={
            "idp": "mitid_erhverv",
            "identity_type": "professional",
            "portal_roles": person["roles"],
            "portal_municipalities": person["municipalities"],
        },
        personal={"nemlogin.name": person["name"]},
    )


def _about(person: dict[str, Any]) -> Mapping[str, str]:
    about = person.get("about", "")
    return about if isinstance(about, dict) else {"da": about, "en": about}


def _subject(realm: str, name: object) -> str:
    """The same for the same person after every start, so that the portal's database still fits."""
    return str(uuid5(NAMESPACE_URL, f"stand-in/{realm}/{name}"))
