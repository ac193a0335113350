"""A PostgreSQL to test on: one that runs, or a throw-away one from the programs found on this machine."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

PROGRAMS = Path("/usr/lib/postgresql")
START_SECONDS = 30


class NoServer(Exception):
    """There is no server, and no program to start one with."""


@contextlib.contextmanager
def own_database(environ: Mapping[str, str]) -> Iterator[str]:
    """The URL of an empty database that is dropped when the block ends. Raises NoServer."""
    with contextlib.ExitStack() as stack:
        server = running_server(environ) or stack.enter_context(throw_away_server())
        name = f"portal_test_{uuid.uuid4().hex[:12]}"
        execute(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def running_server(environ: Mapping[str, str]) -> URL | None:
    """A server on this machine that lets us make databases; a URL that was asked for must work."""
    asked = environ.get("PORTAL_TEST_POSTGRES_URL")
    if asked:
        url = make_url(asked).set(drivername="postgresql+psycopg")
        execute(url, "SELECT 1")
        return url
    user = pwd.getpwuid(os.geteuid()).pw_name
    for url in (
        URL.create("postgresql+psycopg", username=user, database="postgres"),
        URL.create("postgresql+psycopg", username="postgres", host="127.0.0.1", port=5432, database="postgres"),
        URL.create("postgresql+psycopg", username=user, host="127.0.0.1", port=5432, database="postgres"),
    ):
        with contextlib.suppress(psycopg.OperationalError):
            if execute(url, "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"):
                return url
    return None


def execute(url: URL, statement: str) -> object:
    """The first value of the first row, if the statement answers with rows."""
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


@contextlib.contextmanager
def throw_away_server() -> Iterator[URL]:
    """A server of our own on a socket in a temporary folder, stopped and removed when the block ends."""
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise NoServer("PostgreSQL: no server answers, and there are no server programs under /usr/lib/postgresql")
    programs = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))  # a short path: a socket's name has at most 107 characters
    owner = unprivileged_user()
    if owner:
        shutil.chown(folder, owner)
    as_owner = {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []} if owner else {}
    run = {"cwd": folder, "stdin": subprocess.DEVNULL, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}, **as_owner}
    initdb = [programs / "initdb", "--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    server = None
    try:
        subprocess.run(initdb, check=True, capture_output=True, **run)
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=60"]
        command = [programs / "postgres", "-D", "data", *(word for setting in settings for word in ("-c", setting))]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **run)
        url = URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)})
        wait_for(url, server, folder / "log")
        yield url
    finally:
        if server is not None:
            server.terminate()
            server.wait(30)
        shutil.rmtree(folder)


def wait_for(url: URL, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            execute(url, "SELECT 1")
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}") from None
            time.sleep(0.05)  # the server tells nobody when it is ready


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; its own user is used then, or nobody."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
