"""The queue gives each case to one person at a time, on both databases."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.cases import queue
from portal.storage.base import Base
from portal.storage.crypto import Keyring, new_key, use_keyring
from portal.storage.database import Database
from portal.storage.models import Application, Case, Person
from tests.portal.fixtures import MOMENT

ODENSE, AARHUS = "0461", "0751"
MANY, THREADS = 40, 8


def fill(database: Database, number: int, municipality: str = ODENSE, state: str = "informed") -> list[uuid.UUID]:
    """Cases that came a minute apart, oldest first."""
    made = []
    with database.transaction() as work:
        person = Person(cpr_index=uuid.uuid4().bytes * 2, cpr="7203914002", created=MOMENT)
        work.add(person)
        work.flush()
        for minute in range(number):
            at = MOMENT + timedelta(minutes=minute)
            application = Application(
                submit_key=uuid.uuid4(),
                service="free-place",
                schema_version=1,
                person_id=person.id,
                municipality=municipality,
                channel="test",
                data={},
                received=at,
            )
            work.add(application)
            work.flush()
            case = Case(
                number=uuid.uuid4().hex[:12],
                application_id=application.id,
                person_id=person.id,
                service="free-place",
                municipality=municipality,
                kle="28.77.08",
                language="da",
                state=state,
                why=[],
                due=None,
                created=at,
            )
            work.add(case)
            work.flush()
            made.append(case.id)
    return made


def take_next(database: Database, who: str, municipalities: set[str] | None = None, at=MOMENT) -> uuid.UUID | None:
    with database.transaction() as work:
        case = queue.take_next(work, who, municipalities, at)
        return case.id if case else None


def test_two_people_get_two_cases_the_oldest_first(database):
    cases = fill(database, 3)
    assert [take_next(database, who) for who in ("anna", "bo", "carl", "dan")] == [*cases, None]


def test_who_has_a_case_gets_it_again_and_no_other(database):
    first, _second = fill(database, 2)
    assert take_next(database, "anna") == take_next(database, "anna") == first


def test_a_case_left_alone_returns_after_half_an_hour(database):
    (only,) = fill(database, 1)
    take_next(database, "anna")
    assert take_next(database, "bo", at=MOMENT + queue.TAKEN_FOR) is None
    assert take_next(database, "bo", at=MOMENT + queue.TAKEN_FOR + timedelta(seconds=1)) == only


def test_a_case_given_back_is_free_but_only_its_holder_gives_it_back(database):
    (only,) = fill(database, 1)
    take_next(database, "anna")
    for who, next_holder in (("bo", None), ("anna", only)):
        with database.transaction() as work:
            queue.give_back(work.get_one(Case, only), who)
        assert take_next(database, "carl") == next_holder


def test_a_case_a_colleague_has_cannot_be_taken(database):
    (only,) = fill(database, 1)
    take_next(database, "anna")
    with database.transaction() as work, pytest.raises(queue.TakenBySomebodyElse):
        queue.take(work, only, "bo", None, MOMENT)
    with database.transaction() as work:
        assert queue.take(work, only, "bo", None, MOMENT + timedelta(minutes=31)) is not None


def test_other_municipalities_and_cases_that_need_nobody_are_not_in_the_queue(database):
    here = fill(database, 1)
    there = fill(database, 1, AARHUS)
    fill(database, 1, state="executed")
    with database.transaction() as work:
        assert queue.count(work, {ODENSE}) == 1
        assert queue.count(work, None) == 2
        assert queue.count(work, set()) == 0
        assert [case.id for case in queue.waiting(work, {ODENSE})] == here
        assert queue.take(work, there[0], "anna", {ODENSE}, MOMENT) is None
    assert take_next(database, "anna", {AARHUS}) == there[0]


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """The same tables on PostgreSQL."""
    use_keyring(Keyring((f"test:{new_key()}",), new_key()))
    database = Database(postgres_url)
    Base.metadata.drop_all(database.engine)
    Base.metadata.create_all(database.engine)
    yield database
    Base.metadata.drop_all(database.engine)
    database.close()


def all_at_once(database: Database) -> list[uuid.UUID]:
    """Eight people take cases as fast as they can, each under a new name, until none is left."""
    taken: list[uuid.UUID] = []
    start = threading.Barrier(THREADS)

    def work(number: int) -> None:
        start.wait()
        turn = 0
        while (case := take_next(database, f"{number}-{turn}")) is not None:
            taken.append(case)
            turn += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return taken


def test_eight_at_once_take_each_case_once_on_sqlite(database):
    cases = fill(database, MANY)
    assert sorted(all_at_once(database)) == sorted(cases)


def test_eight_at_once_take_each_case_once_on_postgresql(postgres):
    cases = fill(postgres, MANY)
    assert sorted(all_at_once(postgres)) == sorted(cases)


def same_person_at_once(database: Database) -> set[uuid.UUID]:
    """One case worker presses the button eight times at once."""
    taken: set[uuid.UUID] = set()
    start = threading.Barrier(THREADS)

    def work() -> None:
        start.wait()
        case = take_next(database, "anna")
        assert case is not None
        taken.add(case)

    threads = [threading.Thread(target=work) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return taken


def test_one_who_presses_eight_times_at_once_gets_one_case(database):
    cases = fill(database, MANY)
    assert same_person_at_once(database) == {cases[0]}
