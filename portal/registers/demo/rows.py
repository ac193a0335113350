"""The shape of the demo's TOML files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from portal.registers.hidden import Hidden
from portal.registers.income import IncomeKind
from portal.registers.people import CivilStatus, Cpr, MunicipalityCode, Status
from portal.registers.places import PlaceKind

Role = Literal["case_worker", "decider", "front_desk", "municipality_admin", "auditor"]
Fault = Literal["timeout", "nonsense"]


class PersonRow(Hidden, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person in persons.toml. `parents` and `foster_parents` are keys; `custody` is the parents'. Not `registered`: CPR knows nobody by it."""

    key: str
    cpr: Cpr
    name: str
    home: str | None = None
    registered: bool = True
    status: Status = "resident"
    civil_status: CivilStatus = "unmarried"
    partner: str | None = None
    partner_relation: Literal["spouse", "cohabitant"] = "spouse"
    parents: tuple[str, ...] = ()
    foster_parents: tuple[str, ...] = ()
    custody: Literal["sole", "joint"] = "joint"
    protected: bool = False
    exempt_from_digital_post: bool = False
    language: Literal["da", "en"] | None = None
    login: bool = False
    shows_da: str = ""
    shows_en: str = ""
    faults: dict[Literal["people", "income", "places"], Fault] = field(default_factory=dict)


class IncomeRow(Hidden, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A monthly payment in income.toml; `since` and `until` are months written YYYY-MM, both included."""

    person: str
    kind: IncomeKind = "wage"
    gross: Decimal
    am: Decimal = Decimal(0)
    atp: Decimal = Decimal(0)
    pension: Decimal = Decimal(0)
    since: str | None = None
    until: str | None = None


class PlaceRow(Hidden, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in places.toml; `child` and `payer` are keys of persons."""

    id: str
    child: str
    payer: str
    kind: PlaceKind
    institution: str
    municipality_code: MunicipalityCode
    admitted: date
    from_date: date | None = None
    until: date | None = None
    lunch: bool = False
    private: bool = False
    hours: Decimal | None = None
    last_subsidy_month: str | None = None


class DemoCitizen(Hidden, frozen=True, kw_only=True):
    """A person one can log in as, and what they are there to show, in Danish and in English."""

    key: str
    cpr: str
    name: str
    shows_da: str
    shows_en: str
    municipality_code: str | None


class DemoStaff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member of staff one can log in as; `municipalities` are codes, or ``all``."""

    key: str
    subject: str
    name: str
    roles: tuple[Role, ...]
    municipalities: tuple[MunicipalityCode, ...] | Literal["all"]
    shows_da: str
    shows_en: str


class SenderBlock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a letter is from: `municipality` is the name in the letterhead, `written_contact` where to write to."""

    municipality_code: MunicipalityCode
    municipality: str
    department: str
    address_lines: tuple[str, ...]
    phone: str
    written_contact: str
    cvr: str
