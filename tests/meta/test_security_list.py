"""The list of tests about security is whole: what it names is there, and it is what `make test-security` runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.security import PATHS, is_about_security

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_what_is_listed_is_there_once() -> None:
    assert len(set(PATHS)) == len(PATHS)
    missing = [path for path in PATHS if not (ROOT / path).exists() or (ROOT / path).is_dir() is not path.endswith("/")]
    assert not missing


def test_a_listed_test_has_the_mark_and_another_has_not(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("security")
    assert is_about_security("tests/portal/identity/test_logout.py")
    assert not is_about_security("tests/portal/identity_of_things.py")
    assert not is_about_security("tests/meta/test_catalogues.py")


def test_the_command_runs_bandit_and_what_has_the_mark() -> None:
    recipe = re.search(r"^test-security: ready-dev.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert recipe is not None
    assert "-m security" in recipe[1]
    assert "bandit" in recipe[1]
    assert "-m tests.security" in recipe[1]


def test_every_security_test_that_the_document_names_is_on_the_list() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    assert {path for path in named if not is_about_security(path)} == set()
