"""A folder, keys, ports and a database of the run's own, gone when it ends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal import create_app
from portal.cli.demo_settings import HOST, demo_environment, free_port
from portal.settings import load_settings
from portal.storage.migrations import migrate
from portal.web.parts import Parts
from portal.wiring import open_database

FIRST_PORT = 19_000
WORKERS = 2


@dataclass(frozen=True)
class Surroundings:
    """Where everything of one run lies. `environ` is what its processes are told."""

    folder: Path
    environ: dict[str, str]
    portal_port: int
    bare_port: int


@contextmanager
def surroundings(postgres: str | None = None) -> Iterator[Surroundings]:
    """Make them; with `postgres` the data goes to that database, which must be empty."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name) / "var"
        portal = free_port(FIRST_PORT)
        bare = free_port(portal + 1)
        environ = demo_environment(os.environ, folder, portal, free_port(bare + 1))
        environ |= {"HOST": HOST, "PORTAL_WEB_WORKERS": str(WORKERS), "PYTHONWARNINGS": "ignore"}
        if postgres:
            environ["PORTAL_DATABASE_URL"] = postgres
        yield Surroundings(folder, environ, portal, bare)


def open_portal(environ: dict[str, str]) -> Parts:
    """The portal in this process, its database brought to the newest form."""
    database = open_database(load_settings(environ))
    migrate(database)
    database.close()
    parts: Parts = create_app(environ).extensions["portal"]
    return parts
