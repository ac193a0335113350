"""python -m portal migrate: bring the database to the newest form, forward only."""

from __future__ import annotations

import os

from portal.readiness import ready_settings
from portal.storage.migrations import migrate
from portal.wiring import open_database


def main(_arguments: list[str]) -> int:
    """Migrate and say from where to where."""
    database = open_database(ready_settings(os.environ))
    before, after = migrate(database)
    print(f"The database is at {after}." if before == after else f"The database went from {before or 'empty'} to {after}.")
    return 0
