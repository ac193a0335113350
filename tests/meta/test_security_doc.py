"""docs/security.md answers every requirement of OWASP ASVS 5.0.0, levels 1 and 2, once, and what it names is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Section, the numbers of level 1 and those of level 2. Level 3 is not among them.
REQUIREMENTS = """
1.1 - 1-2   | 1.2 1-5 6-9   | 1.3 1-2 3-11  | 1.4 - 1-3     | 1.5 1 2
2.1 1 2-3   | 2.2 1-2 3     | 2.3 1 2-4     | 2.4 - 1
3.2 1-2 -   | 3.3 1 2-4     | 3.4 1-2 3-6   | 3.5 1-3 4-5   | 3.7 - 1-2
4.1 1 2-3   | 4.2 - 1       | 4.3 - 1-2     | 4.4 1 2-4
5.1 - 1     | 5.2 1-2 3     | 5.3 1-2 -     | 5.4 - 1-3
6.1 1 2-3   | 6.2 1-8 9-12  | 6.3 1-2 3-4   | 6.4 1-2 3-4   | 6.5 - 1-5     | 6.6 - 1-3     | 6.8 - 1-4
7.1 - 1-3   | 7.2 1-4 -     | 7.3 - 1-2     | 7.4 1-2 3-5   | 7.5 - 1-2     | 7.6 - 1-2
8.1 1 2     | 8.2 1-2 3     | 8.3 1 -       | 8.4 - 1
9.1 1-3 -   | 9.2 1 2-4
10.1 - 1-2  | 10.2 - 1-2    | 10.3 - 1-4    | 10.4 1-5 6-11 | 10.5 - 1-5    | 10.6 - 1-2    | 10.7 - 1-3
11.1 - 1-2  | 11.2 - 1-3    | 11.3 1-2 3    | 11.4 1 2-4    | 11.5 - 1      | 11.6 - 1
12.1 1 2-3  | 12.2 1-2 -    | 12.3 - 1-4
13.1 - 1    | 13.2 - 1-5    | 13.3 - 1-2    | 13.4 1 2-5
14.1 - 1-2  | 14.2 1 2-4    | 14.3 1 2-3
15.1 1 2-3  | 15.2 1 2-3    | 15.3 1 2-7
16.1 - 1    | 16.2 - 1-5    | 16.3 - 1-4    | 16.4 - 1-3    | 16.5 - 1-3
17.1 - 1    | 17.2 - 1-4    | 17.3 - 1-2
"""
STATES = ("met", "not applicable", "open")
NAMED = re.compile(r"`((?:tests|docs|portal|tools)/[^`\s]+|[A-Z]+\.md[^`\s]*)`")
TOLD = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def numbers(span: str) -> list[int]:
    """What 1-3, 2 or - stands for."""
    first, _dash, last = span.partition("-")
    return list(range(int(first), int(last or first) + 1)) if first else []


def wanted() -> dict[str, int]:
    """Level by requirement."""
    found = {}
    for entry in REQUIREMENTS.replace("\n", "|").split("|"):
        if entry.strip():
            section, *spans = entry.split()
            found |= {f"{section}.{number}": level for level, span in enumerate(spans, 1) for number in numbers(span)}
    return found


def rows() -> list[tuple[str, str, str, str]]:
    """Id, what is asked, state, proof or reason."""
    cells = [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for line in TOLD.splitlines()
        if re.match(r"\| \d+\.\d+\.\d+ \|", line)
    ]
    assert all(len(row) == 4 for row in cells), [row[0] for row in cells if len(row) != 4]
    return [(row[0], row[1], row[2], row[3]) for row in cells]


@cache
def names_of_tests(path: Path) -> set[str]:
    """Names of the tests in a file."""
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


def anchors(path: Path) -> set[str]:
    """Headings of a document as a link names them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_there(name: str) -> bool:
    """Whether a named test (file::test), a named part of a document (file#heading) or a file is there."""
    file, _colons, test = name.partition("::")
    file, _hash, heading = file.partition("#")
    path = ROOT / file
    if not path.exists():
        return False
    if test:
        return test.startswith("test_") and test in names_of_tests(path)
    return heading in anchors(path) if heading else True


def test_there_are_70_of_level_1_and_183_of_level_2() -> None:
    assert Counter(wanted().values()) == {1: 70, 2: 183}


def test_every_requirement_is_answered_once_in_order() -> None:
    assert [row[0] for row in rows()] == list(wanted())


def test_every_row_has_a_state_and_words_of_ours() -> None:
    assert {row[2] for row in rows()} <= set(STATES)
    assert not [row[0] for row in rows() if len(row[1]) < 8 or len(row[1].split()) > 20]


def test_what_is_met_names_a_test_or_a_document_that_is_there() -> None:
    met = {row[0]: NAMED.findall(row[3]) for row in rows() if row[2] == "met"}
    assert not [requirement for requirement, named in met.items() if not any(_proves(name) for name in named)]


def _proves(name: str) -> bool:
    return (name.startswith("tests/") and "::" in name) or name.startswith("docs/") or name.endswith(".md")


def test_whatever_is_named_is_there() -> None:
    assert not sorted({name for name in NAMED.findall(TOLD) if not is_there(name)})


def test_what_is_coming_is_not_there_yet() -> None:
    """When it is, its row says so."""
    coming = re.findall(r"\(coming: (tests/[^)\s]+)\)", TOLD)
    assert not [name for name in coming if is_there(name)]


def test_what_is_not_met_says_why() -> None:
    least = {"met": 0, "not applicable": 7, "open": 15}
    assert not [row[0] for row in rows() if len(row[3]) < least[row[2]]]


@pytest.mark.parametrize("state", STATES)
def test_the_summary_counts_the_rows(state: str) -> None:
    levels = wanted()
    told = re.search(rf"^\| {state} \| (\d+) \| (\d+) \|$", TOLD, re.MULTILINE)
    assert told is not None
    assert [int(number) for number in told.groups()] == [
        sum(row[2] == state and levels[row[0]] == level for row in rows()) for level in (1, 2)
    ]


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("tests/meta/test_security_doc.py::test_whatever_is_named_is_there", True),
        ("tests/meta/test_security_doc.py::test_that_is_nowhere", False),
        ("tests/meta/test_security_doc.py::is_there", False),
        ("tests/meta/test_nowhere.py::test_x", False),
        ("docs/operations.md#settings", True),
        ("docs/operations.md#no-such-heading", False),
    ],
)
def test_a_name_that_leads_nowhere_is_seen(name: str, there: bool) -> None:
    assert is_there(name) is there
