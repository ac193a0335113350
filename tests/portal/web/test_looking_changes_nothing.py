"""A walk over everything that can be fetched: it changes nothing but what looking is meant to leave, and says what it is."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, Table, select

from portal.storage.database import Database
from tests.portal.fixtures import COUPLE, SELF_EMPLOYED, SINGLE

# Who looked and how often, that a session is alive, what a register said, and that a letter was opened.
LEFT_BY_LOOKING = {
    *((table, None) for table in ("audit_entry", "audit_head", "try_count", "web_session", "register_copy")),
    ("letter", "read"),
}
OTHERS = {"slug": ["free-place"], "page": ["household", "income"], "code": ["da"], "reason": ["stopped", "dead"], "version": ["1"]}
NAMED = {"draft", "application", "case", "letter", "answer_request", "document"}  # what has an address
OUTSIDE = {"session.login", "session.staff_login"}  # they ask the eID


@pytest.fixture
def portal_settings(sqlite_settings: Any) -> Any:
    """On SQLite alone: which engine it is does not matter here."""
    return sqlite_settings


@pytest.fixture
def people(login: Any, staff_login: Any, send_application: Any, worker: Any) -> dict[str, Any]:
    """A couple that waits, a case that is decided, one for a case worker, a draft; and those who look."""
    send_application("maria", COUPLE)
    send_application("sofie", SINGLE)
    send_application("soeren", SELF_EMPLOYED)
    worker.drain()
    sofie = login("sofie")
    sofie.post("/apply/free-place")
    return {"sofie": sofie, "anders": login("anders", fresh=True), "karen": staff_login("karen")}


def tables(database: Database) -> list[Table]:
    found = MetaData()
    found.reflect(database.engine)
    return list(found.tables.values())


def stored(database: Database, known: list[Table]) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database but what looking leaves."""
    content = {}
    with database.engine.connect() as connection:
        for table in known:
            if (table.name, None) not in LEFT_BY_LOOKING:
                columns = [column for column in table.columns if (table.name, column.name) not in LEFT_BY_LOOKING]
                content[table.name] = sorted(map(tuple, connection.execute(select(*columns))), key=repr)
    return content


def addresses(app: Flask, database: Database, known: list[Table]) -> Iterator[str]:
    """Every address that can be fetched, with every id there is."""
    with database.engine.connect() as connection:
        ids = {
            f"{table.name}_id": [str(uuid.UUID(row[0])) for row in connection.execute(select(table.c.id))]
            for table in known
            if "id" in table.c and table.name in NAMED
        }
    ids["request_id"] = ids["answer_request_id"]
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in OUTSIDE:
            names = sorted(rule.arguments)
            for values in itertools.product(*({**OTHERS, **ids}[name] for name in names)):
                yield adapter.build(rule.endpoint, dict(zip(names, values, strict=True)), method="GET")


def test_what_is_fetched_changes_nothing_and_says_what_it_is(portal_app: Flask, database: Database, people: dict[str, Any]) -> None:
    known = tables(database)
    before = stored(database, known)
    assert all(before[name] for name in ("draft", "case", "letter", "answer_request", "application"))
    seen, unnamed = set(), []
    for who, address in itertools.product(people, list(addresses(portal_app, database, known))):
        answer = people[who].get(address)
        seen.add((who, answer.status_code))
        kind = answer.headers.get("Content-Type", "")
        if not kind or (kind.startswith("text/") and "charset=utf-8" not in kind.lower()):
            unnamed.append((address, kind))
    assert {(who, 200) for who in people} <= seen
    assert not unnamed
    after = stored(database, known)
    assert [name for name in before if before[name] != after[name]] == []
