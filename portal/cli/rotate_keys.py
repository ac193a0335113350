"""python -m portal rotate-keys: seal what is stored anew with the first of PORTAL_ENCRYPTION_KEYS.

Runs beside the portal, can be stopped with Ctrl-C and started again, and says at its end which keys can be taken out. Ends with 0
when all is done, 1 when some values did not open, 130 when it was stopped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TextIO

from portal import audit
from portal.clock import SystemClock
from portal.readiness import ready_database, ready_settings
from portal.storage import proofs
from portal.storage.crypto import Keyring, keyring
from portal.storage.database import Database
from portal.storage.rotation import Progress, keys_in_use, rotate
from portal.wiring import open_database

STOPPED = 130
WIDTH = 30


def main(_arguments: list[str]) -> int:
    """Rotate, and say how it went."""
    database = ready_database(open_database(ready_settings(os.environ)))
    try:
        return run(database, keyring(), sys.stdout)
    finally:
        database.close()


def run(database: Database, ring: Keyring, out: TextIO, tell: Callable[[Progress], None] | None = None) -> int:
    """Rotate one database, telling of it on `out` or by `tell`."""
    seen = Progress(0)
    bar = tell or make_bar(out)

    def told(progress: Progress) -> None:
        nonlocal seen
        seen = progress
        bar(progress)

    print(f"Sealing anew with the key {ring.current}. The portal may run meanwhile. Ctrl-C stops; starting again goes on.", file=out)
    try:
        rotate(database, ring, told)
    except KeyboardInterrupt:
        _note(database, seen)
        print(f"\nStopped. {seen.sealed} values are sealed anew. Run the command again to go on; no key can be taken out yet.", file=out)
        return STOPPED
    unused = _let_go(database, ring)
    _note(database, seen)
    print(f"\nDone: {seen.sealed} values are sealed anew.", file=out)
    for label, number in seen.unopened.items():
        print(f"{number} in {label} did not open and are left as they are: a key is missing, or they were changed.", file=out)
    print(_about_keys(ring, unused), file=out)
    return 1 if seen.unopened else 0


def make_bar(out: TextIO) -> Callable[[Progress], None]:
    """A line that fills on a terminal; elsewhere one line for each ten percent."""
    last = -1

    def bar(progress: Progress) -> None:
        nonlocal last
        percent = min(100, 100 * progress.done // progress.rows) if progress.rows else 100
        if out.isatty():
            filled = WIDTH * percent // 100
            print(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {percent:>3} percent {progress.table:<20}", end="", file=out, flush=True)
        elif percent // 10 > last:
            last = percent // 10
            print(f"{percent} percent ({progress.done} of {progress.rows} rows)", file=out, flush=True)

    return bar


def _let_go(database: Database, ring: Keyring) -> list[str]:
    with database.transaction() as session:
        used = keys_in_use(session, ring) | {ring.current}
        unused = [key_id for key_id in ring.ids if key_id not in used]
        proofs.forget(session, unused)
    return unused


def _note(database: Database, progress: Progress) -> None:
    with database.transaction() as session:
        audit.record(
            session,
            SystemClock().now(),
            role="system",
            actor="rotate-keys",
            verb="rotate_keys",
            subject="keys:all",
            purpose="key rotation",
            results=progress.sealed,
        )


def _about_keys(ring: Keyring, unused: list[str]) -> str:
    if unused:
        return f"Nothing is sealed with {', '.join(unused)} any more: it can be taken out of PORTAL_ENCRYPTION_KEYS."
    others = [key_id for key_id in ring.ids if key_id != ring.current]
    return f"Still in use: {', '.join(others)}." if others else "There is no other key."
