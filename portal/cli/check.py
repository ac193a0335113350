"""python -m portal check: in plain words, what is missing or unsafe. Exit 1 when the portal would not start."""

from __future__ import annotations

import os
from contextlib import suppress

from portal.identity.issuers import issuer_problems
from portal.readiness import database_problems, what_stops, what_to_mend
from portal.settings import Settings, load_settings
from portal.wiring import load_contacts, open_database


def main(_arguments: list[str]) -> int:
    """Print what stops the portal, then what should be known."""
    try:
        settings = load_settings(os.environ)
    except ValueError as error:
        print(f"Stops the portal: {error}")
        return 1
    # A file that cannot be read is among what stops the portal.
    with suppress(OSError, KeyError, ValueError):
        load_contacts(settings)
    stops = what_stops(settings) or [*issuer_problems(settings, ask=True), *_of_the_database(settings)]
    for line in stops:
        print(f"Stops the portal: {line}")
    for line in what_to_mend(settings):
        print(f"Should be known: {line}")
    if not stops:
        print("The portal can start.")
    return 1 if stops else 0


def _of_the_database(settings: Settings) -> list[str]:
    database = open_database(settings)
    try:
        return database_problems(database)
    finally:
        database.close()
