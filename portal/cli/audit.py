"""python -m portal audit: is the log of who looked and who did what was written?

audit verify                  walk all entries; exit 1 when one was changed, removed, put in or moved
audit verify --against FILE   and compare with the lines that `audit head` gave earlier, one a line
audit head                    print where the log ends, signed, to be kept outside the database
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from portal.audit.verifying import head_line, verify
from portal.clock import SystemClock
from portal.readiness import ready_settings
from portal.storage.database import Database
from portal.wiring import open_database

USAGE = 2


def main(arguments: list[str]) -> int:
    """Verify the log, or print its end. 1 when something is wrong with it, 2 when the words are."""
    match arguments:
        case ["verify"]:
            against: list[str] = []
        case ["verify", "--against", name]:
            try:
                against = [line for line in Path(name).read_text(encoding="utf-8").splitlines() if line.strip()]
            except (OSError, UnicodeDecodeError):
                print(f"{name} cannot be read.", file=sys.stderr)
                return USAGE
        case ["head"]:
            against = []
        case _:
            print(__doc__, file=sys.stderr)
            return USAGE
    database = open_database(ready_settings(os.environ))
    try:
        return _head(database) if arguments == ["head"] else _verify(database, against)
    finally:
        database.close()


def _verify(database: Database, against: list[str]) -> int:
    report = verify(database, against)
    for problem in report.problems:
        print(problem)
    if report.more:
        print(f"And {report.more} more.")
    print(
        f"{report.right} entries are right."
        if not report.problems
        else f"{report.right} entries are right; the log has been tampered with."
    )
    return 1 if report.problems else 0


def _head(database: Database) -> int:
    try:
        print(head_line(database, SystemClock().now()))
    except ValueError as problem:
        print(f"No line is given: {problem}.", file=sys.stderr)
        return 1
    return 0
