"""No file of the repository holds a number that could be somebody's CPR number."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.registers.cpr import could_be_real
from portal.registers.demo import demo_persons

ROOT = Path(__file__).resolve().parents[2]

ALLOWED: dict[tuple[str, str], str] = {}
"""(file, the ten digits) -> why it is no CPR number. Keep it short: a made-up number has 60 added to its day."""

HYPHENS = "\u2010\u2011\u2012\u2013\u2014-"
# Six and four digits that stand alone: not inside a word, a longer number, a hash or a UUID, and no part of a decimal number.
CPR_SHAPED = re.compile(rf"(?<![^\W_])(?<!\.)([0-9]{{6}})[{HYPHENS}]?([0-9]{{4}})(?![^\W_])(?!\.\d)")


def numbers_in(text: str) -> Iterator[str]:
    """Numbers in the text that somebody could have."""
    return (cpr for first, last in CPR_SHAPED.findall(text) if could_be_real(cpr := first + last))


def lines_with_numbers(text: str) -> Iterator[tuple[int, str]]:
    """The same, each with its line; line 0 is the file's name."""
    return ((line, cpr) for line, content in enumerate(text.split("\n")) for cpr in numbers_in(content))


def texts() -> Iterator[tuple[str, str]]:
    """All text files that git tracks or would add, by path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            content = path.read_bytes()
            if b"\0" not in content:
                yield name, content.decode("utf-8", errors="replace")


def test_no_file_has_a_number_that_could_be_somebodys() -> None:
    found = {(name, cpr): line for name, text in texts() for line, cpr in lines_with_numbers(f"{name}\n{text}")}
    new = sorted(f"{key[0]}, line {line}" for key, line in found.items() if key not in ALLOWED)
    assert not new, "add 60 to the day, or say in ALLOWED why it is no CPR number"
    assert found.keys() == ALLOWED.keys(), "an exception nobody needs any more"


def test_the_demo_is_among_what_is_scanned() -> None:
    scanned = dict(texts())
    assert all(row.cpr in scanned["portal/registers/demo/persons.toml"] for row in demo_persons().values())


# Put together here, so that this file does not hold what it looks for.
SOMEBODY = "120391" + "4002"


@pytest.mark.parametrize(
    "text",
    [
        SOMEBODY,
        f"{SOMEBODY[:6]}-{SOMEBODY[6:]}",
        f"{SOMEBODY[:6]}\N{NON-BREAKING HYPHEN}{SOMEBODY[6:]}",
        f'cpr = "{SOMEBODY}"',
        f"/borger/{SOMEBODY}?",
        f"<td>{SOMEBODY}</td>",
        f"CPR: {SOMEBODY}.",
        f"({SOMEBODY}, {SOMEBODY})",
        f"{SOMEBODY},7203914002",
        f"7203914002,{SOMEBODY}",
        f"person-{SOMEBODY}.json",
        f"person_{SOMEBODY}_1",
    ],
)
def test_a_number_is_found(text: str) -> None:
    assert SOMEBODY in numbers_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "7203914002",
        f"1{SOMEBODY}",
        f"{SOMEBODY}0",
        f"deadbeef{SOMEBODY}cafe",
        f"0.{SOMEBODY}",
        f"M.{SOMEBODY}z",
        f"{SOMEBODY}.25",
        f"01234567-89ab-cdef-0123-{SOMEBODY}ab",
        f"01{SOMEBODY[:6]}-{SOMEBODY[6:]}-4a02-8f3e-0123456789ab",
        "3113990000",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert list(numbers_in(text)) == []
