"""What the database is told cannot be read on the way to it."""

from __future__ import annotations

import pytest

from portal.readiness import what_stops
from portal.settings import Settings


@pytest.mark.parametrize(
    ("url", "starts"),
    [
        ("sqlite:////var/lib/portal/portal.sqlite3", True),
        ("postgresql+psycopg://portal:x@localhost:5432/portal", True),
        ("postgresql+psycopg://portal:x@127.0.0.1/portal", True),
        ("postgresql+psycopg:///portal?host=/var/run/postgresql", True),
        ("postgresql+psycopg://portal:x@db.example/portal?sslmode=verify-full", True),
        ("postgresql+psycopg://portal:x@db.example/portal?sslmode=require", True),
        ("postgresql+psycopg://portal:x@db.example/portal", False),
        ("postgresql+psycopg://portal:x@10.0.0.7:5432/portal", False),
        ("postgresql+psycopg://portal:x@db.example/portal?sslmode=prefer", False),
        ("postgresql+psycopg:///portal?host=db.example", False),
        ("postgresql+psycopg://localhost/portal?host=db.example", False),
        ("postgresql+psycopg:///portal?host=localhost&host=db.example", False),
        ("postgresql+psycopg://127.0.0.1.evil.example/portal", False),
    ],
)
def test_a_database_on_another_machine_is_reached_by_tls_alone(url: str, starts: bool) -> None:
    told = [line for line in what_stops(Settings(database_url=url)) if "PORTAL_DATABASE_URL" in line]
    assert bool(told) is not starts
    assert "portal:x" not in " ".join(told)
