"""No library is older than the version that closed a hole known to matter here.

Advisories at hand are never complete, so this list is our own and short: a version, the advisory and what it was about. It is
looked at with each new version of a library, and grows.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    "authlib": ("1.6.9", "CVE-2026-27962, CVE-2026-28498: a token could bring its own key; at_hash of an unknown algorithm passed"),
    "cryptography": ("46.0.6", "CVE-2026-26007, CVE-2026-34073: keys on weak curves were taken; a name that was ruled out passed"),
    "gunicorn": ("23.0.0", "CVE-2024-1135, CVE-2024-6827: requests smuggled by Transfer-Encoding"),
    "h11": ("0.16.0", "CVE-2025-43859: bodies in chunks with wrong line ends were read"),
    "jinja2": ("3.1.6", "CVE-2025-27516: out of the sandbox by the attr filter"),
    "joserfc": ("1.7.2", "GHSA-5jhw-7jv7-qcqq: one token could be written in several ways"),
    "pillow": ("12.3.0", "CVE-2026-40192, CVE-2026-55379: pictures that swell"),
    "requests": ("2.33.0", "CVE-2026-25645: a file unpacked where anybody could put another"),
    "urllib3": ("2.6.3", "CVE-2025-66418, CVE-2025-66471, CVE-2026-21441: answers that swell"),
    "weasyprint": ("70.0", "GHSA-983w-rhvv-gwmv, GHSA-jf6q-chmf-3h3v (CVE-2026-55073): ways round the fetcher"),
    "werkzeug": ("3.0.6", "CVE-2024-49767: forms that fill the memory"),
}


def pinned() -> dict[str, str]:
    """Versions by name, as they are installed for real."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return {name.lower(): number for name, _sign, number in (line.partition("==") for line in lines) if number}


def too_old(versions: dict[str, str]) -> list[str]:
    """What is beneath its floor, or not there."""
    return [name for name, (floor, _why) in FLOORS.items() if Version(versions.get(name, "0")) < Version(floor)]


def test_no_library_has_a_hole_that_is_known_here() -> None:
    assert too_old(pinned()) == []


def test_what_is_installed_is_no_older() -> None:
    assert too_old({name: version(name) for name in FLOORS}) == []


def test_each_floor_says_which_hole_it_is_for() -> None:
    for name, (_floor, why) in FLOORS.items():
        assert re.match(r"(CVE-20\d\d-\d{4,6}|GHSA(-[a-z0-9]{4}){3})\b", why), name


@pytest.mark.parametrize("name", FLOORS)
def test_an_old_version_would_be_noticed(name: str) -> None:
    assert too_old({**pinned(), name: "0.9"}) == [name]
