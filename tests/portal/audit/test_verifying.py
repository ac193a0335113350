"""Whatever is changed, removed, put in or moved behind the portal's back is found, and where it was is said."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from portal import audit
from portal.audit.verifying import head_line, verify
from portal.audit.writing import ENTRIES, HEADS
from portal.settings import Settings
from portal.storage.audit_chain import ChainKey
from portal.storage.crypto import Keyring, keyring, new_key, use_keyring
from portal.storage.database import Database
from tests.portal.fixtures import MOMENT

SIX = 6
CHAIN = 202600
OTHER = {
    "id": uuid.uuid4(),
    "at": MOMENT + timedelta(microseconds=1),
    "actor_role": "citizen",
    "actor": "somebody else",
    "person_id": uuid.uuid4(),
    "verb": "list",
    "subject": "case:2",
    "purpose": "curiosity",
    "case_id": None,
    "municipality": "0101",
    "reason": "another reason",
    "results": 7,
    "chain": CHAIN + 1,
    "sequence": 77,
    "mac": bytes(32),
}


@pytest.fixture
def portal_settings(sqlite_settings: Settings) -> Settings:
    """The chain is the same on both engines; `test_writing` writes it on both."""
    return sqlite_settings


@pytest.fixture
def log(database: Database) -> Database:
    """Six entries in six transactions, open to somebody who has removed the triggers."""
    for number in range(SIX):
        with database.transaction() as session:
            look(session, number)
    with database.engine.begin() as connection:
        for name in ("audit_entry_kept", "audit_entry_there", "audit_head_there"):
            connection.execute(text(f"DROP TRIGGER {name}"))
    assert verify(database).right == SIX
    return database


def look(session: Any, number: int) -> None:
    audit.record(
        session,
        MOMENT + timedelta(minutes=number),
        role="case_worker",
        actor="demo#staff-karen",
        verb="view",
        subject="case:1",
        person_id=uuid.UUID(int=number + 1),
        case_id=uuid.UUID(int=9),
        purpose="case handling",
        municipality="0461",
        reason="the citizen asked",
        results=number,
    )


def tamper(database: Database, *statements: Any) -> list[str]:
    """What is said of the log after these statements."""
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    return verify(database, batch=2).problems


def entry(number: int) -> Any:
    return ENTRIES.c.sequence == number


def test_what_was_written_is_right_in_batches_of_any_size(log: Database) -> None:
    for batch in (1, 2, 5, SIX, 1000):
        report = verify(log, batch=batch)
        assert (report.right, report.problems) == (SIX, [])


@pytest.mark.parametrize("column", [column.name for column in ENTRIES.columns])
def test_a_change_of_any_column_is_found(log: Database, column: str) -> None:
    assert set(OTHER) == {each.name for each in ENTRIES.columns}
    problems = tamper(log, update(ENTRIES).where(entry(3)).values({column: OTHER[column]}))
    assert any("entry 3" in problem for problem in problems), problems


@pytest.mark.parametrize("column", ["actor", "person_id", "purpose", "municipality", "reason", "results"])
def test_a_column_that_is_emptied_is_found(log: Database, column: str) -> None:
    assert tamper(log, update(ENTRIES).where(entry(3)).values({column: None})) == [
        f"Chain {CHAIN}, entry 3 is not what was written there: it was changed, moved or put in, or follows a change."
    ]


def test_a_reason_that_does_not_open_is_found(log: Database) -> None:
    assert "entry 3 is not" in tamper(log, text("UPDATE audit_entry SET reason = x'00' WHERE sequence = 3"))[0]
    assert "entry 3 is not" in tamper(log, text("UPDATE audit_entry SET reason = x'' WHERE sequence = 3"))[0]


@pytest.mark.parametrize(("number", "words"), [(1, "entry 1 is missing"), (3, "entry 3 is missing"), (SIX, "the end is cut off: entry 6")])
def test_an_entry_that_was_removed_is_found(log: Database, number: int, words: str) -> None:
    assert words in tamper(log, delete(ENTRIES).where(entry(number)))[0]


def test_a_gap_that_was_closed_is_found(log: Database) -> None:
    moved = update(ENTRIES).where(entry(4)).values(sequence=3)
    assert "entry 3 is not" in tamper(log, delete(ENTRIES).where(entry(3)), moved)[0]


def test_two_entries_that_changed_places_are_found(log: Database) -> None:
    places = [update(ENTRIES).where(entry(old)).values(sequence=new) for old, new in ((3, 99), (4, 3), (99, 4))]
    problems = tamper(log, *places)
    assert ["entry 3 is not" in problems[0], "entry 4 is not" in problems[1]] == [True, True]


def test_entries_that_were_put_in_are_found(log: Database) -> None:
    with log.session() as session:
        last = dict(session.execute(select(ENTRIES).where(entry(SIX))).mappings().one())
    assert "entry 7 is not" in tamper(log, insert(ENTRIES).values({**last, "id": uuid.uuid4(), "sequence": 7}))[0]
    assert "entry 0 was put in" in tamper(log, insert(ENTRIES).values({**last, "id": uuid.uuid4(), "sequence": 0}))[0]


def test_a_change_that_the_mac_was_made_anew_for_without_the_key_is_found(log: Database) -> None:
    with log.session() as session:
        rows = [dict(row) for row in session.execute(select(ENTRIES).order_by(ENTRIES.c.sequence)).mappings()]
    mine, kept = Keyring((f"test:{new_key()}",), new_key()), keyring()
    use_keyring(mine)
    forger, last, statements = ChainKey(), rows[1]["mac"], []
    for row in rows[2:]:
        last = forger.mac(last, {**row, "actor": "innocent"})
        statements.append(update(ENTRIES).where(entry(row["sequence"])).values(actor="innocent", mac=last))
    statements.append(update(HEADS).values(last=last, seal=forger.seal(CHAIN, SIX, last)))
    use_keyring(kept)
    problems = tamper(log, *statements)
    assert "entry 3 is not" in problems[0]
    assert "the note of where it ends was changed" in problems[-1]


def cut(log: Database, left: int) -> list[Any]:
    """The statements of somebody who removes the newest entries and makes the head point at what is left, without the key."""
    with log.session() as session:
        last = session.scalar(select(ENTRIES.c.mac).where(entry(left)))
    return [delete(ENTRIES).where(ENTRIES.c.sequence > left), update(HEADS).values(sequence=left, last=last)]


def test_a_tail_cut_off_together_with_its_head_is_found(log: Database) -> None:
    assert tamper(log, *cut(log, 4)) == [f"Chain {CHAIN}, the note of where it ends was changed."]


def test_a_cut_stays_visible_when_more_is_written_after_it(log: Database) -> None:
    tamper(log, *cut(log, 4))
    with log.transaction() as session:
        look(session, 5)
    assert [problem.split(":")[0] for problem in verify(log).problems] == [f"Chain {CHAIN}, entry 5 is not what was written there"]


def test_an_older_head_put_back_is_found_against_a_line_kept_outside(log: Database) -> None:
    with log.session() as session:
        older = dict(session.execute(select(HEADS)).mappings().one())
    with log.transaction() as session:
        look(session, 6)
    line = head_line(log, MOMENT)
    assert verify(log, [line]).problems == []
    assert tamper(log, delete(ENTRIES).where(entry(7)), update(HEADS).values(older)) == []
    assert "entry 7 was there" in verify(log, [line]).problems[0]
    with log.transaction() as session:
        look(session, 7)
    assert "entry 7 is another" in verify(log, [line]).problems[0]


def test_a_whole_chain_that_is_gone_is_found_against_a_line_kept_outside(log: Database) -> None:
    line = head_line(log, MOMENT)
    assert tamper(log, delete(ENTRIES), delete(HEADS)) == []
    assert "is gone" in verify(log, [line]).problems[0]


def test_a_head_that_is_gone_is_found_also_when_more_is_written(log: Database) -> None:
    assert "the note of where it ends is gone" in tamper(log, delete(HEADS))[0]
    with log.transaction() as session:
        look(session, 6)
    assert "entry 7 is not" in verify(log).problems[0]


def test_entries_without_their_chain_are_found(log: Database) -> None:
    assert tamper(log, delete(ENTRIES))[0].startswith(f"Chain {CHAIN}, the end is cut off: entry 1")


def test_a_line_kept_outside_that_was_changed_is_found(log: Database) -> None:
    line = head_line(log, MOMENT)
    for changed in (line.replace(f"{CHAIN}:6", f"{CHAIN}:5"), line.replace("2026-11", "2026-10"), line[:-1], "something else"):
        assert verify(log, [changed]).problems == ["A line that was kept outside is not one of ours, or was changed."]


def test_no_line_is_given_of_a_head_that_was_changed(log: Database) -> None:
    tamper(log, update(HEADS).values(sequence=4))
    with pytest.raises(ValueError, match="chain 202600"):
        head_line(log, MOMENT)


def test_new_encryption_keys_do_not_break_the_chain(log: Database, portal_settings: Settings) -> None:
    use_keyring(Keyring((f"new:{new_key()}", *portal_settings.encryption_keys), portal_settings.index_key))
    with log.session() as session:
        before = session.scalar(text("SELECT reason FROM audit_entry WHERE sequence = 3"))
    assert tamper(log, update(ENTRIES).where(entry(3)).values(reason="the citizen asked")) == []
    with log.session() as session:
        after = session.scalar(text("SELECT reason FROM audit_entry WHERE sequence = 3"))
    assert (before[1:5], after[1:4]) == (b"test", b"new")


def test_much_that_is_wrong_is_told_of_shortly(log: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.audit.verifying.MOST_TOLD", 2)
    with log.engine.begin() as connection:
        connection.execute(update(ENTRIES).values(verb="list"))
    report = verify(log)
    assert (len(report.problems), report.more, report.right) == (2, 4, 0)
