"""What the demo tells its processes: keys of its own, made-up outside systems, a date its people were made for."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from portal.registers.demo import DEMO_DATE
from portal.storage.crypto import new_key
from stand_ins.eid.clients import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
KEYS = ("PORTAL_SECRET_KEY", "PORTAL_ENCRYPTION_KEYS", "PORTAL_INDEX_KEY")
# Ports from here on are handed out by the system to whoever asks: a client that keeps trying one of them can meet itself.
HANDED_OUT = 32768


class CannotStart(Exception):
    """The demo cannot start; the text says why in one line."""


def chosen_port(environ: Mapping[str, str]) -> int:
    """The portal's port: PORT, or 8000. Raises CannotStart when it is no port or is taken."""
    text = environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}")
    if not is_free(int(text)):
        raise CannotStart(f"port {text} is taken or not allowed: stop what uses it, or choose another with PORT=8080 make demo")
    return int(text)


def free_port(first: int) -> int:
    """A free port, the first from `first` on, so that a demo that starts again mostly gets the same one."""
    start = first if first < HANDED_OUT else DEFAULT_PORT + 1
    for port in range(start, HANDED_OUT):
        if is_free(port):
            return port
    raise CannotStart("no port is free for the eID stand-in")


def is_free(port: int) -> bool:
    """Whether we could serve on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def demo_environment(environ: Mapping[str, str], folder: Path, port: int, eid_port: int) -> dict[str, str]:
    """The environment of the demo's processes.

    No PORTAL_ setting is passed on but the date: a shell set up for production must not lend the demo its database.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith("PORTAL_")}
    eid = f"http://{HOST}:{eid_port}"
    return {
        **kept,
        **own_keys(folder),
        "PYTHONUNBUFFERED": "1",
        "PORT": str(port),
        "PORTAL_DEMO": "1",
        "PORTAL_DEMO_DATE": environ.get("PORTAL_DEMO_DATE") or DEMO_DATE.isoformat(),
        "PORTAL_VAR": str(folder),
        "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "PORTAL_BASE_URL": f"http://{HOST}:{port}",
        "PORTAL_EID_ISSUER": f"{eid}/citizen",
        "PORTAL_EID_CLIENT_ID": DEMO_CLIENT_ID,
        "PORTAL_EID_CLIENT_SECRET": DEMO_CLIENT_SECRET,
        "PORTAL_STAFF_ISSUER": f"{eid}/staff",
        "PORTAL_STAFF_CLIENT_ID": DEMO_CLIENT_ID,
        "PORTAL_STAFF_CLIENT_SECRET": DEMO_CLIENT_SECRET,
    }


def own_keys(folder: Path) -> dict[str, str]:
    """The demo's keys, made at its first start and kept beside its data, for its owner's eyes alone."""
    file = folder / "keys"
    if file.exists():
        keys = dict(line.split("=", 1) for line in file.read_text().splitlines())
        if set(keys) == set(KEYS):
            return keys
    # Without its keys the data cannot be read: begin anew.
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    keys = dict(zip(KEYS, (new_key(), f"demo:{new_key()}", new_key()), strict=True))
    fresh = folder / "keys.new"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writing:
        writing.writelines(f"{name}={value}\n" for name, value in keys.items())
    fresh.rename(file)
    return keys
