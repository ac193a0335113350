"""The registers behind the municipality's integration layer. docs/registers.md describes the interface."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import httpx

from portal.breaker import CircuitBreaker
from portal.months import Month
from portal.registers.connection import Connection
from portal.registers.errors import RegisterName
from portal.registers.hidden import Hidden
from portal.registers.income import IncomeMonth
from portal.registers.people import Household, Person
from portal.registers.places import Place

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class WhoQuestion(Hidden, frozen=True):
    """Body of every question that only names a person."""

    cpr: str


class MonthsQuestion(Hidden, frozen=True):
    """Body of a question for income; both months are included."""

    cpr: str
    first: Month
    last: Month


class PersonAnswer(Hidden, frozen=True):
    person: Person | None


class HouseholdAnswer(Hidden, frozen=True):
    household: Household | None


class MonthsAnswer(Hidden, frozen=True):
    cpr: str
    months: tuple[IncomeMonth, ...]


class PlacesAnswer(Hidden, frozen=True):
    cpr: str
    places: tuple[Place, ...]


class HttpPeople:
    """PeopleRegister over HTTP."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def person(self, cpr: str) -> Person | None:
        person = self._connection.ask("/v1/people/person", WhoQuestion(cpr), PersonAnswer).person
        self._connection.nonsense_unless(person is None or person.cpr == cpr)
        return person

    def household(self, cpr: str) -> Household | None:
        household = self._connection.ask("/v1/people/household", WhoQuestion(cpr), HouseholdAnswer).household
        self._connection.nonsense_unless(household is None or household.person.cpr == cpr)
        return household


class HttpIncome:
    """IncomeRegister over HTTP."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def months(self, cpr: str, until: Month, count: int = 3) -> tuple[IncomeMonth, ...]:
        first = until.plus(1 - count)
        answer = self._connection.ask("/v1/income/months", MonthsQuestion(cpr, first, until), MonthsAnswer)
        self._connection.nonsense_unless(answer.cpr == cpr and all(first <= paid.month <= until for paid in answer.months))
        return tuple(sorted(answer.months, key=lambda paid: paid.month))


class HttpPlaces:
    """PlaceRegister over HTTP."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def places(self, parent_cpr: str) -> tuple[Place, ...]:
        answer = self._connection.ask("/v1/places/of-parent", WhoQuestion(parent_cpr), PlacesAnswer)
        self._connection.nonsense_unless(answer.cpr == parent_cpr)
        return answer.places


def connect_registers(url: str, *, token: str, timeout: float) -> tuple[HttpPeople, HttpIncome, HttpPlaces]:
    """The three registers at `url`, each with its own circuit breaker. No connection is made before the first question.

    Raises ValueError for an address that is neither https nor this machine, and for a missing token.
    """
    _check_address(url)
    if not token:
        raise ValueError("PORTAL_REGISTERS_TOKEN is missing: the token for the municipality's integration layer")
    client = httpx.Client(
        base_url=url,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json"},
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        verify=ssl.create_default_context(),
    )

    def connection(register: RegisterName) -> Connection:
        return Connection(register, client, CircuitBreaker(), timeout)

    return HttpPeople(connection("people")), HttpIncome(connection("income")), HttpPlaces(connection("places"))


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("PORTAL_REGISTERS_URL must be an address that begins with https://")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("PORTAL_REGISTERS_URL must begin with https://: CPR numbers are sent to it")
