"""The design system in static/vendor is the one that was fetched, whole, and asks for nothing that is not there."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSION = json.loads((ROOT / "frontend" / "package.json").read_text())["dependencies"]["dkfds"]
SHIPPED = ROOT / "static" / "vendor" / f"dkfds-{VERSION}"
SUMS = dict(reversed(line.split("  ", 1)) for line in (SHIPPED / "SHA256SUMS").read_text().splitlines())
PORTAL_CSS = ROOT / "static" / "css" / "portal.css"


@pytest.mark.parametrize("name", sorted(SUMS))
def test_a_file_is_unchanged(name: str) -> None:
    assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == SUMS[name]


def test_nothing_is_there_that_was_not_fetched() -> None:
    present = {str(path.relative_to(SHIPPED)) for path in SHIPPED.rglob("*") if path.is_file()}
    assert present == set(SUMS) | {"SHA256SUMS"}


def test_only_one_version_is_shipped() -> None:
    assert [path.name for path in (ROOT / "static" / "vendor").iterdir()] == [SHIPPED.name]


def test_the_version_is_pinned_exactly_and_the_lock_names_no_host() -> None:
    lock = (ROOT / "frontend" / "package-lock.json").read_text()
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    assert json.loads(lock)["packages"]["node_modules/dkfds"]["version"] == VERSION
    assert "://" not in lock
    assert '"resolved"' not in lock


def test_the_licences_are_beside_what_they_cover() -> None:
    assert "MIT" in (SHIPPED / "LICENSE.md").read_text()
    assert "SIL OPEN FONT LICENSE" in (SHIPPED / "fonts/IBMPlexSans/split/woff2/license.txt").read_text().upper()


def test_no_logo_and_no_source_map_is_shipped() -> None:
    assert not [name for name in SUMS if "logo" in name or name.endswith(".map")]
    assert not [name for name in SUMS if name.endswith((".css", ".js")) and b"sourceMappingURL" in (SHIPPED / name).read_bytes()]


def test_the_design_systems_style_sheet_names_no_font_file() -> None:
    assert "@font-face" not in (SHIPPED / "css" / "dkfds.min.css").read_text()


def test_every_file_the_portals_style_sheet_asks_for_is_there() -> None:
    asked = re.findall(r"url\(\"?([^)\"]+)\"?\)", PORTAL_CSS.read_text())
    assert len(asked) >= 5
    assert [url for url in asked if not (PORTAL_CSS.parent / url).resolve().is_file()] == []


def test_every_icon_the_form_controls_need_is_there() -> None:
    css = (SHIPPED / "css" / "dkfds.min.css").read_text()
    rules = re.findall(r"([^{}]*(?:form-checkbox|\.details)[^{}]*)\{[^}]*url\(\.\./([^)]+)\)", css)
    assert rules
    assert [url for _, url in rules if not (SHIPPED / url).is_file()] == []


def test_pages_and_style_sheets_ask_for_the_version_that_is_shipped() -> None:
    files = [path for folder in ("templates", "static/css") for path in (ROOT / folder).rglob("*") if path.is_file()]
    asked = {name for path in files for name in re.findall(r"dkfds-[0-9.]*[0-9]", path.read_text())}
    assert asked == {SHIPPED.name}
