"""The registers of the demo: answers worked out from the TOML files in portal/registers/demo."""

from __future__ import annotations

from portal.months import Month
from portal.registers.cpr import birth_date
from portal.registers.demo import DEMO_DATE, demo_homes, demo_income, demo_persons, demo_places
from portal.registers.demo.rows import IncomeRow, PersonRow, PlaceRow
from portal.registers.income import IncomeMonth
from portal.registers.people import Household, HouseholdAdult, HouseholdChild, Person
from portal.registers.places import Place

ADULT = 18


class EmbeddedPeople:
    """PeopleRegister on persons.toml and homes.toml. Who is a child is settled on the demo's date."""

    def __init__(self) -> None:
        self._rows = {key: row for key, row in demo_persons().items() if row.registered}
        self._persons = {key: _person(row) for key, row in self._rows.items()}
        self._key_by_cpr = {row.cpr: key for key, row in self._rows.items()}

    def person(self, cpr: str) -> Person | None:
        key = self._key_by_cpr.get(cpr)
        return self._persons[key] if key else None

    def household(self, cpr: str) -> Household | None:
        key = self._key_by_cpr.get(cpr)
        if key is None:
            return None
        row = self._rows[key]
        others = [other for other in self._rows.values() if row.home and other.home == row.home and other is not row]
        return Household(
            person=self._persons[key],
            adults=tuple(self._adult(row, other) for other in others if not self._is_child(other)),
            children=tuple(self._child(row, other) for other in others if self._is_child(other) and _relation(row, other)),
        )

    def _is_child(self, row: PersonRow) -> bool:
        return self._persons[row.key].age(DEMO_DATE) < ADULT

    def _adult(self, row: PersonRow, other: PersonRow) -> HouseholdAdult:
        relation = row.partner_relation if row.partner == other.key else "other"
        return HouseholdAdult(person=self._persons[other.key], relation=relation)

    def _child(self, row: PersonRow, child: PersonRow) -> HouseholdChild:
        relation = _relation(row, child)
        custody = child.custody if relation == "own" else "none"
        return HouseholdChild(person=self._persons[child.key], relation=relation, custody=custody)


class EmbeddedIncome:
    """IncomeRegister on income.toml: the same pay every month, so that it is fresh whenever it is asked for."""

    def __init__(self) -> None:
        persons = demo_persons()
        self._rows: dict[str, list[IncomeRow]] = {}
        for row in demo_income():
            self._rows.setdefault(persons[row.person].cpr, []).append(row)

    def months(self, cpr: str, until: Month, count: int = 3) -> tuple[IncomeMonth, ...]:
        rows = self._rows.get(cpr, [])
        asked = [until.plus(-back) for back in reversed(range(count))]
        return tuple(_income(row, month) for month in asked for row in rows if _paid_in(row, month))


class EmbeddedPlaces:
    """PlaceRegister on places.toml."""

    def __init__(self) -> None:
        self._persons = demo_persons()
        self._rows = demo_places()

    def places(self, parent_cpr: str) -> tuple[Place, ...]:
        return tuple(self._place(row) for row in self._rows if parent_cpr in self._parents(row))

    def _parents(self, row: PlaceRow) -> set[str]:
        return {self._persons[key].cpr for key in (row.payer, *self._persons[row.child].parents)}

    def _place(self, row: PlaceRow) -> Place:
        return Place(
            id=row.id,
            child_cpr=self._persons[row.child].cpr,
            kind=row.kind,
            institution=row.institution,
            municipality_code=row.municipality_code,
            admitted=row.admitted,
            from_date=row.from_date or row.admitted,
            until=row.until,
            lunch=row.lunch,
            private=row.private,
            payer_cpr=self._persons[row.payer].cpr,
            hours=row.hours,
            last_subsidy_month=Month.parse(row.last_subsidy_month) if row.last_subsidy_month else None,
        )


def _person(row: PersonRow) -> Person:
    address, municipality_code = demo_homes()[row.home] if row.home else (None, None)
    return Person(
        cpr=row.cpr,
        name=row.name,
        birth_date=birth_date(row.cpr),
        status=row.status,
        civil_status=row.civil_status,
        address=address,
        municipality_code=municipality_code,
        protected=row.protected,
        exempt_from_digital_post=row.exempt_from_digital_post,
        language=row.language,
    )


def _relation(adult: PersonRow, child: PersonRow) -> str | None:
    if adult.key in child.parents:
        return "own"
    if adult.key in child.foster_parents:
        return "foster"
    return "step" if adult.partner in child.parents else None


def _income(row: IncomeRow, month: Month) -> IncomeMonth:
    return IncomeMonth(month=month, gross=row.gross, am=row.am, atp=row.atp, pension=row.pension, kind=row.kind)


def _paid_in(row: IncomeRow, month: Month) -> bool:
    started = row.since is None or Month.parse(row.since) <= month
    return started and (row.until is None or month <= Month.parse(row.until))
