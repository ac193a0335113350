"""Whoever asks a register leaves an entry for each person asked about, also when the register is silent or the work fails."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit import purposes
from portal.audit.lookups import noted
from portal.clock import FixedClock
from portal.journey.sources import Told
from portal.settings import Settings
from portal.storage.database import Database
from portal.storage.models import AuditEntry
from portal.storage.people import ensure_person
from tests.portal.fixtures import MOMENT

ROOT = Path(__file__).resolve().parents[3]
ONE, TWO, THREE = "6101014001", "6101014002", "6101014003"


@pytest.fixture
def portal_settings(sqlite_settings: Settings) -> Settings:
    """What is written does not depend on the engine."""
    return sqlite_settings


@pytest.fixture
def people(database: Database) -> dict[str, Any]:
    with database.transaction() as session:
        return {cpr: ensure_person(session, cpr, MOMENT).id for cpr in (ONE, TWO)}


def entries(database: Database) -> list[AuditEntry]:
    with database.session(reads_only=True) as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


def answers(register: str, question: str, *args: Any) -> Told:
    return Told(None, "unavailable" if register == "income" else "unknown" if register == "places" else "ok", register, MOMENT.date())


def look(database: Database, people: dict[str, Any], ask: Any = answers) -> Any:
    return noted(ask, database.transaction, FixedClock(MOMENT), role="decider", actor="a", purpose=purposes.CASE_HANDLING, people=people)


def test_each_person_asked_about_gets_an_entry_with_what_was_asked(database: Database, people: dict[str, Any]) -> None:
    with look(database, people) as ask:
        ask("people", "household", ONE)
        ask("income", "months", ONE, "2026-08", 3)
        ask("places", "places", ONE)
        ask("income", "months", TWO, "2026-08", 3)
        ask.municipality = "0461"
    first, second = entries(database)
    assert (first.person_id, first.subject, first.results, first.verb) == (people[ONE], "registers:people,income,places", 2, "look_up")
    assert (second.person_id, second.subject, second.results) == (people[TWO], "registers:income", 0)
    assert {(each.actor_role, each.actor, each.purpose, each.municipality) for each in (first, second)} == {
        ("decider", "a", "case handling", "0461")
    }


def test_nothing_is_written_when_nothing_was_asked(database: Database, people: dict[str, Any]) -> None:
    with look(database, people):
        pass
    assert entries(database) == []


def test_what_was_looked_up_was_looked_up_whatever_came_of_it(database: Database, people: dict[str, Any]) -> None:
    def fails(*_args: Any) -> Told:
        raise ZeroDivisionError

    def looks_and_fails() -> None:
        with look(database, people) as ask:
            ask("people", "household", ONE)
            raise ZeroDivisionError

    def is_failed() -> None:
        with look(database, people, fails) as ask:
            ask("income", "months", TWO)

    for work in (looks_and_fails, is_failed):
        with pytest.raises(ZeroDivisionError):
            work()
    assert [(each.person_id, each.results) for each in entries(database)] == [(people[ONE], 1), (people[TWO], 0)]


def test_somebody_else_who_is_asked_about_is_found_or_stays_unnamed(database: Database, people: dict[str, Any]) -> None:
    with look(database, {ONE: people[ONE]}) as ask:
        ask("people", "household", TWO)
        ask("people", "household", THREE)
    assert [each.person_id for each in entries(database)] == [people[TWO], None]
    assert not any(cpr in f"{each.subject}{each.actor}{each.reason}" for each in entries(database) for cpr in (ONE, TWO, THREE))


def test_no_code_of_ours_asks_registers_in_another_way() -> None:
    """Each gather is given the `ask` of a block that notes it; only the demo's data are made without looking at anybody."""
    others = []
    for path in (ROOT / "portal").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        noting = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.With)
            and any(ast.unparse(item.context_expr).split("(")[0] in ("lookups.noted", "asking", "asking_about_me") for item in node.items)
        ]
        inside = {id(call) for block in noting for call in ast.walk(block)}
        for node in ast.walk(tree):
            is_gather = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "gather"
            if is_gather and (id(node) not in inside or ast.unparse(node.args[0]) != "ask"):
                others.append(str(path.relative_to(ROOT)))
    assert others == ["portal/cli/demo_data.py"]
