"""python -m portal migrate: bring the database to the newest form, forward only."""

from __future__ import annotations

import os

from portal.readiness import NotReady, ready_database, ready_settings
from portal.storage import proofs
from portal.storage.crypto import keyring
from portal.storage.migrations import migrate
from portal.wiring import open_database


def main(_arguments: list[str]) -> int:
    """Migrate and say from where to where. A database that other keys belong to is left as it is."""
    database = open_database(ready_settings(os.environ))
    try:
        wrong = proofs.key_problems(database, keyring())
        if wrong:
            raise NotReady([f"{line}." for line in wrong])
        before, after = migrate(database)
        ready_database(database)
    finally:
        database.close()
    print(f"The database is at {after}." if before == after else f"The database went from {before or 'empty'} to {after}.")
    return 0
