"""What the people register (CPR) knows: a person, and who lives with them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Protocol

from msgspec import Meta

from portal.registers.hidden import Hidden

Cpr = Annotated[str, Meta(pattern=r"^[0-9]{10}\Z")]
MunicipalityCode = Annotated[str, Meta(pattern=r"^[0-9]{4}\Z")]
Line = Annotated[str, Meta(max_length=200)]

Status = Literal["resident", "greenland", "administrative", "annulled", "missing", "emigrated", "dead"]
CivilStatus = Literal["unmarried", "married", "divorced", "widowed", "partnership", "partnership_dissolved", "partnership_widowed"]


class Address(Hidden, frozen=True, kw_only=True):
    """A Danish address in its parts; `address_id` is its id in the address register (DAR)."""

    street: Line
    house_number: Line
    floor: Line | None = None
    door: Line | None = None
    postal_code: Line
    city: Line
    address_id: Line | None = None

    @property
    def lines(self) -> tuple[str, str]:
        """The address as it is written on a letter: street and number, then postal code and city."""
        flat = " ".join(part for part in (self.floor and f"{self.floor}.", self.door) if part)
        street = f"{self.street} {self.house_number}"
        return (f"{street}, {flat}" if flat else street), f"{self.postal_code} {self.city}"


class Person(Hidden, frozen=True, kw_only=True):
    """One person. `protected` is name and address protection: screens and copies use `shown_address`."""

    cpr: Cpr
    name: Line
    birth_date: date
    status: Status
    civil_status: CivilStatus
    address: Address | None
    municipality_code: MunicipalityCode | None
    protected: bool
    exempt_from_digital_post: bool
    language: Literal["da", "en"] | None = None

    @property
    def shown_address(self) -> Address | None:
        """The address, unless it is protected."""
        return None if self.protected else self.address

    def age(self, day: date) -> int:
        """Whole years on `day`; born on 29 February: a year older on 1 March."""
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


class HouseholdAdult(Hidden, frozen=True, kw_only=True):
    """Another adult at the address. ``other``: the register does not say how they belong together."""

    person: Person
    relation: Literal["spouse", "cohabitant", "other"]


class HouseholdChild(Hidden, frozen=True, kw_only=True):
    """A child under 18 at the address; `custody` is what the person asked about has: alone, shared, none, or not known."""

    person: Person
    relation: Literal["own", "step", "foster"]
    custody: Literal["sole", "joint", "none", "unknown"]


class Household(Hidden, frozen=True, kw_only=True):
    """A person, the other adults at the address, and the person's and the partner's children there."""

    person: Person
    adults: tuple[HouseholdAdult, ...]
    children: tuple[HouseholdChild, ...]

    @property
    def partner(self) -> HouseholdAdult | None:
        """The spouse or cohabitant the register names, if any."""
        return next((adult for adult in self.adults if adult.relation != "other"), None)


class PeopleRegister(Protocol):
    """Looks people up by CPR number. Both raise RegisterError; None means that the register knows nobody by it."""

    def person(self, cpr: str) -> Person | None:
        """The person with this number."""

    def household(self, cpr: str) -> Household | None:
        """The person with this number and who lives at the same address."""
