"""The portal starts only when it is told enough, and says why when it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import create_app
from portal.readiness import NotReady, what_stops, what_to_mend
from portal.settings import load_settings
from portal.storage.crypto import new_key
from portal.wiring import DEMO_CONTACTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """Settings that suffice outside the demo."""
    return {
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "PORTAL_SECRET_KEY": new_key(),
        "PORTAL_ENCRYPTION_KEYS": f"k1:{new_key()}",
        "PORTAL_INDEX_KEY": new_key(),
        "PORTAL_BASE_URL": "https://selvbetjening.example",
        "PORTAL_EID_ISSUER": "https://broker.example/op",
        "PORTAL_EID_CLIENT_ID": "portal",
        "PORTAL_EID_CLIENT_SECRET": "s" * 40,
        "PORTAL_STAFF_ISSUER": "https://staff.example",
        "PORTAL_STAFF_CLIENT_ID": "portal",
        "PORTAL_STAFF_CLIENT_SECRET": "s" * 40,
        "PORTAL_REGISTERS_URL": "https://integration.example",
        "PORTAL_REGISTERS_TOKEN": "t" * 40,
        "PORTAL_MUNICIPALITIES_FILE": str(DEMO_CONTACTS),
        "PORTAL_VAR": str(tmp_path / "var"),
    }


def test_these_settings_suffice(production: dict[str, str]) -> None:
    assert what_stops(load_settings(production)) == []


@pytest.mark.parametrize(
    "name",
    [
        "PORTAL_DATABASE_URL",
        "PORTAL_SECRET_KEY",
        "PORTAL_ENCRYPTION_KEYS",
        "PORTAL_INDEX_KEY",
        "PORTAL_BASE_URL",
        "PORTAL_EID_ISSUER",
        "PORTAL_EID_CLIENT_ID",
        "PORTAL_STAFF_ISSUER",
        "PORTAL_REGISTERS_URL",
        "PORTAL_REGISTERS_TOKEN",
        "PORTAL_MUNICIPALITIES_FILE",
    ],
)
def test_one_that_is_missing_is_named(production: dict[str, str], name: str) -> None:
    found = what_stops(load_settings({key: value for key, value in production.items() if key != name}))
    assert len(found) == 1
    assert name in found[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_ENCRYPTION_KEYS", "k1:bm90IGEga2V5"),
        ("PORTAL_BASE_URL", "http://selvbetjening.example"),
        ("PORTAL_EID_ISSUER", "http://127.0.0.1:8001/citizen"),
        ("PORTAL_MEMO_VERSION", "9"),
        ("PORTAL_MUNICIPALITIES_FILE", "/no/such/file"),
    ],
)
def test_one_that_is_unsafe_stops_the_portal(production: dict[str, str], name: str, value: str) -> None:
    assert what_stops(load_settings({**production, name: value}))


def test_without_settings_the_portal_does_not_start_and_says_why() -> None:
    with pytest.raises(NotReady) as stopped:
        create_app({})
    assert "PORTAL_DATABASE_URL" in str(stopped.value)
    assert "PORTAL_EID_ISSUER" in str(stopped.value)


def test_the_command_line_says_it_without_a_traceback() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    done = subprocess.run([sys.executable, "-m", "portal", "serve"], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert "The portal does not start" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_lists_the_figures_nobody_has_confirmed(production: dict[str, str]) -> None:
    told = "\n".join(what_to_mend(load_settings(production)))
    assert "scale-2026" in told
    told = "\n".join(what_to_mend(load_settings({**production, "PORTAL_FIGURES_CONFIRMED": "scale-2026"})))
    assert "scale-2026" not in told


def test_cookies_and_hosts_outside_the_demo(production: dict[str, str]) -> None:
    app = create_app(production)
    client = app.test_client()
    answer = client.get("/what-will-i-pay", base_url="https://selvbetjening.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert client.get("/", base_url="https://evil.example").status_code == 400
    app.extensions["portal"].database.close()
