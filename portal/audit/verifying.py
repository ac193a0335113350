"""Walking the chains: is each entry what was written, in its place, and none gone?"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, LargeBinary, String, select, tuple_, type_coerce

from portal.audit.writing import ENTRIES, HEADS
from portal.storage.audit_chain import START, ChainKey
from portal.storage.crypto import KeyProblem, keyring
from portal.storage.database import Database
from portal.storage.models import AuditEntry

BATCH = 2000
MOST_TOLD = 50
NAMES = [column.name for column in ENTRIES.columns]
# The reason is opened here, entry by entry, so that one that does not open is told of and not fallen over. Ids stay as they lie.
AS_THEY_LIE: dict[str, Any] = {"reason": LargeBinary(), "id": String(), "person_id": String(), "case_id": String()}
COLUMNS = [type_coerce(column, AS_THEY_LIE[column.name]) if column.name in AS_THEY_LIE else column for column in ENTRIES.columns]
REASON = AuditEntry.__table__.c.reason.type.label
LINE = re.compile(r"audit-head (\S+)((?: \d+:\d+:[0-9a-f]{64})*) ([0-9a-f]{64})")


@dataclass
class Report:
    """How many entries were right, and what is wrong, in plain words."""

    right: int = 0
    problems: list[str] = field(default_factory=list)
    more: int = 0

    def tell(self, problem: str) -> None:
        """Note a problem; after many, only how many more there are."""
        if len(self.problems) < MOST_TOLD:
            self.problems.append(problem)
        else:
            self.more += 1


@dataclass
class _Walk:
    """One chain on the way: what the next entry follows. `before` is None after a gap, where that is not known."""

    chain: int
    sequence: int = 0
    before: bytes | None = START

    def tell(self, report: Report, words: str) -> None:
        report.tell(f"Chain {self.chain}, {words}")


def verify(database: Database, against: Sequence[str] = (), *, batch: int = BATCH) -> Report:
    """Walk every entry, and compare with the lines `against` that were kept outside. Reads one moment's state, a batch at a time."""
    report, key = Report(), ChainKey()
    connection = database.engine.connect().execution_options(portal_reads_only=True)
    if not database.is_sqlite:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    with connection:
        heads = {row.chain: row for row in connection.execute(select(HEADS))}
        walks = _walk(connection, key, report, batch)
        for chain in sorted(walks.keys() | heads.keys()):
            _end(report, key, walks.get(chain) or _Walk(chain), heads.get(chain))
        for line in against:
            _compare(connection, report, key, line)
    return report


def head_line(database: Database, now: datetime) -> str:
    """The ends of all chains as one signed line, to be kept where nobody who can write in the database can."""
    key = ChainKey()
    with database.session(reads_only=True) as session:
        heads = session.execute(select(HEADS).order_by(HEADS.c.chain)).all()
    for head in heads:
        if not hmac.compare_digest(head.seal, key.seal(head.chain, head.sequence, head.last)):
            raise ValueError(f"the end of chain {head.chain} has been changed: run audit verify")
    text = " ".join(["audit-head", now.isoformat(), *(f"{head.chain}:{head.sequence}:{head.last.hex()}" for head in heads)])
    return f"{text} {key.signature(text).hex()}"


def _walk(connection: Connection, key: ChainKey, report: Report, batch: int) -> dict[int, _Walk]:
    walks: dict[int, _Walk] = {}
    for row in _rows(connection, batch):
        walk = walks.setdefault(row["chain"], _Walk(row["chain"]))
        number = row["sequence"]
        if number > walk.sequence + 1:
            missing = f"entry {walk.sequence + 1} is" if number == walk.sequence + 2 else f"entries {walk.sequence + 1} to {number - 1} are"
            walk.tell(report, f"{missing} missing.")
            walk.before = None
        if number < 1:
            walk.tell(report, f"entry {number} was put in: entries are numbered from 1.")
        elif _is_right(key, walk.before, row):
            report.right += 1
        elif walk.before is None:
            walk.tell(report, f"entry {number} cannot be checked, because the one before it is missing.")
        else:
            walk.tell(report, f"entry {number} is not what was written there: it was changed, moved or put in, or follows a change.")
        walk.sequence, walk.before = max(number, walk.sequence), bytes(row["mac"])
    return walks


def _is_right(key: ChainKey, before: bytes | None, row: dict[str, Any]) -> bool:
    if before is None:
        return False
    try:
        opened = keyring().decrypt(row["reason"], REASON).decode() if row["reason"] is not None else None
    except (KeyProblem, IndexError, UnicodeDecodeError):
        return False
    return hmac.compare_digest(key.mac(before, {**row, "reason": opened}), bytes(row["mac"]))


def _rows(connection: Connection, batch: int) -> Iterator[dict[str, Any]]:
    place = tuple_(ENTRIES.c.chain, ENTRIES.c.sequence)
    query = select(*COLUMNS).order_by(ENTRIES.c.chain, ENTRIES.c.sequence).limit(batch)
    rows = connection.execute(query).all()
    while rows:
        for row in rows:
            yield dict(zip(NAMES, row, strict=True))
        last = dict(zip(NAMES, rows[-1], strict=True))
        rows = connection.execute(query.where(place > (last["chain"], last["sequence"]))).all()


def _end(report: Report, key: ChainKey, walk: _Walk, head: Any) -> None:
    if head is None:
        walk.tell(report, f"the note of where it ends is gone. {walk.sequence} entries are there.")
    elif not hmac.compare_digest(bytes(head.seal), key.seal(head.chain, head.sequence, head.last)):
        walk.tell(report, "the note of where it ends was changed.")
    elif head.sequence > walk.sequence:
        walk.tell(report, f"the end is cut off: entry {walk.sequence + 1} and all after it, to {head.sequence}, are missing.")
    elif head.sequence < walk.sequence:
        walk.tell(report, f"entry {head.sequence + 1} and all after it, to {walk.sequence}, were put in after the end.")
    elif walk.before is not None and not hmac.compare_digest(bytes(head.last), walk.before):
        walk.tell(report, f"entry {walk.sequence}, the last one, is another than the one that was written.")


def _compare(connection: Connection, report: Report, key: ChainKey, line: str) -> None:
    found = LINE.fullmatch(line.strip())
    if found is None or not hmac.compare_digest(key.signature(line.strip().rpartition(" ")[0]).hex(), found[3]):
        report.tell("A line that was kept outside is not one of ours, or was changed.")
        return
    for noted in found[2].split():
        chain, sequence, mac = noted.split(":")
        there = select(ENTRIES.c.mac).where(ENTRIES.c.chain == int(chain), ENTRIES.c.sequence == int(sequence))
        kept = connection.execute(there).scalar()
        if kept is None:
            report.tell(f"Chain {chain}, entry {sequence} was there at {found[1]} and is gone, and what came after it.")
        elif not hmac.compare_digest(bytes(kept).hex(), mac):
            report.tell(f"Chain {chain}, entry {sequence} is another than the one noted outside at {found[1]}.")
