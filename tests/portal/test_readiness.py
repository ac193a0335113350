"""The portal starts only when it is told enough, and says why when it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal import create_app
from portal.cli.serve import host
from portal.readiness import NotReady, what_stops, what_to_mend
from portal.settings import load_settings
from portal.storage.crypto import new_key
from portal.storage.database import Database
from portal.storage.migrations import migrate
from portal.wiring import DEMO_CONTACTS, open_database

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


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRUSTED_PROXIES", "-1"), ("TRUSTED_PROXIES", "50"), ("RATE_LIMIT_STORAGE", "memcached://x"), ("RATE_LIMIT_STORAGE", "off")],
)
def test_limits_that_would_not_hold_stop_the_portal(production: dict[str, str], name: str, value: str) -> None:
    (problem,) = what_stops(load_settings({**production, f"PORTAL_{name}": value}))
    assert f"PORTAL_{name}" in problem


def test_limits_of_each_process_for_itself_should_be_known(production: dict[str, str]) -> None:
    settings = load_settings({**production, "PORTAL_RATE_LIMIT_STORAGE": "memory://"})
    assert what_stops(settings) == []
    assert any("memory://" in line for line in what_to_mend(settings))


def test_visitors_behind_a_proxy_that_is_not_told_of_should_be_known(production: dict[str, str]) -> None:
    def told(**changes: str) -> bool:
        return any("PORTAL_TRUSTED_PROXIES" in line for line in what_to_mend(load_settings({**production, **changes})))

    assert [told(), told(PORTAL_TRUSTED_PROXIES="1"), told(PORTAL_DEMO="1")] == [True, False, False]


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
        ("PORTAL_SECRET_KEY", "x" * 40),
        ("PORTAL_SECRET_KEY", "ab" * 20),
        ("PORTAL_BASE_URL", "https://"),
        ("PORTAL_BASE_URL", "https://somebody@selvbetjening.example"),
        ("PORTAL_BASE_URL", "https://selvbetjening.example:many"),
        ("PORTAL_ENCRYPTION_KEYS", "k1:bm90IGEga2V5"),
        ("PORTAL_BASE_URL", "http://selvbetjening.example"),
        ("PORTAL_EID_ISSUER", "http://127.0.0.1:8001/citizen"),
        ("PORTAL_MEMO_VERSION", "9"),
        ("PORTAL_MUNICIPALITIES_FILE", "/no/such/file"),
    ],
)
def test_one_that_is_unsafe_stops_the_portal(production: dict[str, str], name: str, value: str) -> None:
    assert what_stops(load_settings({**production, name: value}))


@pytest.mark.parametrize(
    ("address", "starts"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.0.0.1", True),
        ("http://127.0.0.1.evil.example", False),
        ("http://127.0.0.1@evil.example", False),
        ("http://127.0.0.1:8000@evil.example", False),
        ("http://127.0.0.12:8000", False),
        ("http://0.0.0.0:8000", False),
        ("https://selvbetjening.example", False),
        ("", False),
    ],
)
def test_the_demo_starts_on_this_machine_alone(production: dict[str, str], address: str, starts: bool) -> None:
    issuers = {"PORTAL_EID_ISSUER": "http://127.0.0.1:8001/citizen", "PORTAL_STAFF_ISSUER": "http://127.0.0.1:8001/staff"}
    found = what_stops(load_settings({**production, **issuers, "PORTAL_DEMO": "1", "PORTAL_BASE_URL": address}))
    assert [line for line in found if "PORTAL_BASE_URL" in line] == ([] if starts else found)


def test_the_demo_listens_to_this_machine_alone(production: dict[str, str]) -> None:
    settings = load_settings(production)
    assert host(settings, {"HOST": "0.0.0.0"}) == "0.0.0.0"
    assert host(settings, {}) == "127.0.0.1"
    assert host(replace(settings, demo=True), {"HOST": "0.0.0.0"}) == "127.0.0.1"


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_an_error_of_the_database_names_no_value(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> None:
    url = f"sqlite:///{tmp_path / 'one.sqlite3'}" if engine == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(url)
    with pytest.raises(SQLAlchemyError) as failed, database.session() as session:
        session.execute(text("SELECT * FROM no_such_table WHERE name = :name"), {"name": "Fantasinavn"})
    database.close()
    assert "no_such_table" in str(failed.value)
    assert "Fantasinavn" not in str(failed.value)


def migrated(production: dict[str, str]) -> dict[str, str]:
    """The same settings, with a database that may be worked on."""
    settings = load_settings(production)
    database = open_database(settings)
    migrate(database)
    database.close()
    return production


def test_any_server_that_runs_the_portal_logs_lines_of_json_without_numbers(production: dict[str, str]) -> None:
    program = """
import structlog
import wsgi
structlog.get_logger("x").warning("somebody", typed="720391-4002")
assert wsgi.app.test_client().get("/health/live", base_url="https://selvbetjening.example").status_code == 200
"""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env={**bare, **migrated(production)}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line.get("typed") for line in lines if line["event"] == "somebody"] == ["[cpr]"]
    assert [line["rule"] for line in lines if line["event"] == "request"] == ["/health/live"]


def test_without_settings_the_portal_does_not_start_and_says_why() -> None:
    with pytest.raises(NotReady) as stopped:
        create_app({})
    assert "PORTAL_DATABASE_URL" in str(stopped.value)
    assert "PORTAL_EID_ISSUER" in str(stopped.value)


def test_the_command_line_says_it_without_a_traceback() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    done = subprocess.run(
        [sys.executable, "-m", "portal", "serve"], cwd=ROOT, env=bare, capture_output=True, check=False, text=True, timeout=30
    )
    assert done.returncode != 0
    assert "The portal does not start" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_lists_the_figures_nobody_has_confirmed(production: dict[str, str]) -> None:
    told = "\n".join(what_to_mend(load_settings(production)))
    assert "scale-2026" in told
    told = "\n".join(what_to_mend(load_settings({**production, "PORTAL_FIGURES_CONFIRMED": "scale-2026"})))
    assert "scale-2026" not in told


def test_cookies_and_hosts_outside_the_demo(production: dict[str, str]) -> None:
    app = create_app(migrated(production))
    client = app.test_client()
    answer = client.get("/what-will-i-pay", base_url="https://selvbetjening.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert client.get("/", base_url="https://evil.example").status_code == 400
    app.extensions["portal"].database.close()


def test_what_an_earlier_secret_key_signed_holds_while_it_is_a_fallback(production: dict[str, str]) -> None:
    earlier = production["PORTAL_SECRET_KEY"]

    def form_sent_with(environ: dict[str, str], cookie: str, token: str) -> int:
        app = create_app(environ)
        site = "https://selvbetjening.example"
        headers = {"Cookie": f"__Host-portal={cookie}", "Referer": f"{site}/what-will-i-pay"}
        client = app.test_client(use_cookies=False)
        answer = client.post("/what-will-i-pay", data={"csrf_token": token}, base_url=site, headers=headers)
        app.extensions["portal"].database.close()
        return answer.status_code

    app = create_app(migrated(production))
    client = app.test_client()
    page = client.get("/what-will-i-pay", base_url="https://selvbetjening.example")
    cookie = page.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    app.extensions["portal"].database.close()
    assert token
    rotated = {**production, "PORTAL_SECRET_KEY": new_key()}
    told = [
        form_sent_with(environ, cookie, token) for environ in (production, {**rotated, "PORTAL_SECRET_KEY_FALLBACKS": earlier}, rotated)
    ]
    assert told[0] == told[1] != 400
    assert told[2] == 400
