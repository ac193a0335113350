"""Everything that is written in the audit log has words: an auditor can read it, and a look at somebody is told to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.web.audit.words import VERBS
from portal.web.citizen.looked import LOOKS

PORTAL = Path(__file__).resolve().parents[2] / "portal"
# Functions of ours that write an entry, and where its verb stands among what they are given.
RECORDERS = {"record": 2, "_audit": 1, "_record": 1, "_write_down": 2}


def written() -> Iterator[str]:
    """The verbs that stand as words in a call that writes an entry."""
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = [word.value for word in node.keywords if word.arg == "verb"]
            placed = node.args[RECORDERS[name] : RECORDERS[name] + 1] if name in RECORDERS else []
            for value in (*named, *placed):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def test_every_verb_of_the_log_has_words() -> None:
    verbs = set(written())
    # Given on by a function of their own, so that no call that writes holds them as a word.
    assert set(VERBS) - verbs == {"look_up", "search_audit", "export_audit"}
    assert verbs <= set(VERBS)


def test_every_way_of_looking_is_told_to_the_one_looked_at() -> None:
    assert {verb for verb in VERBS if verb.startswith(("view", "look", "reveal", "search", "export"))} == set(LOOKS)
