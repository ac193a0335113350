"""docs/promises.md names tests; each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
NAMED = re.compile(r"`([\w/.]+(?:\.py|/))`")


def test_every_test_that_a_promise_names_is_there() -> None:
    text = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    proven = text.split("## Proven by tests")[1].split("\n## ")[0]
    missing = []
    for row in (line for line in proven.splitlines() if line.startswith("| ") and "---" not in line):
        folder = TESTS
        for name in NAMED.findall(row.rsplit("|", 2)[1]):
            # A bare name stands in the folder of the one before it.
            path = TESTS / name if "/" in name or not (folder / name).exists() else folder / name
            folder = path if path.is_dir() else path.parent
            if not path.exists():
                missing.append(name)
    assert not missing
