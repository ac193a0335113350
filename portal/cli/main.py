"""python -m portal VERB: one word, one thing done."""

from __future__ import annotations

import importlib
import sys

VERBS = {
    "serve": "serve the portal (PORT, default 8000)",
    "work": "do what is due: decisions, letters, reminders",
    "migrate": "bring the database to the newest form",
    "switch": "close an application or a connection, and open it again",
    "rotate-keys": "seal what is stored anew with the newest key",
    "demo": "run everything with made-up people",
    "demo-data": "fill the demo's database",
    "quote": "work out a free-place subsidy",
    "audit": "verify the log of who looked, or print where it ends",
    "check": "say what of the settings is missing or unsafe",
}


def main(arguments: list[str]) -> int:
    """Run a verb. Returns the exit status; 2 for a verb there is not."""
    verb = arguments[0] if arguments else ""
    if verb not in VERBS:
        width = max(map(len, VERBS))
        lines = [f"  {name:<{width}}  {words}" for name, words in VERBS.items()]
        stream = sys.stdout if verb in ("help", "--help", "-h") else sys.stderr
        print("python -m portal VERB\n" + "\n".join(lines), file=stream)
        return 0 if stream is sys.stdout else 2
    module = importlib.import_module(f"portal.cli.{verb.replace('-', '_')}")
    return int(module.main(arguments[1:]) or 0)
