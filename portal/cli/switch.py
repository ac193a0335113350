"""python -m portal switch: close an application or a connection while something is looked at, and open it again.

    switch list
    switch off NAME --because "…" [--da "…" --en "…"] [--until "2026-12-01 08:00"]
    switch on NAME --because "…"

It works in every process within ten seconds. NAME is one of those that `list` names; `--because` is for the record and is
shown to nobody else; `--da` and `--en` are what people read, else the portal says it in its own words; `--until` is when it
is expected to be open again, in Danish time.
"""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Iterable
from datetime import datetime

from portal import audit
from portal.clock import COPENHAGEN, SystemClock
from portal.readiness import ready_settings
from portal.storage.database import Database
from portal.storage.switches import known_names, read, switch_off, switch_on
from portal.wiring import make_services, open_database

LONGEST = 500


def main(arguments: list[str]) -> int:
    """List, close or open. Ends with 2 for what cannot be understood."""
    asked = _parser().parse_args(arguments)
    settings = ready_settings(os.environ)
    names, database = known_names(make_services(settings)), open_database(settings)
    try:
        return run(asked, names, database)
    finally:
        database.close()


def run(asked: argparse.Namespace, names: Iterable[str], database: Database) -> int:
    """Do what was asked, and print what is true afterwards."""
    known = tuple(names)
    if asked.verb == "list":
        _print(known, database)
        return 0
    if asked.name not in known:
        print(f"There is no switch {asked.name!r}. There are: {', '.join(known)}")
        return 2
    if asked.verb == "off":
        return _close(asked, database)
    with database.transaction() as work:
        was_off = switch_on(work, asked.name)
        if was_off:
            _record(work, "switch_on", asked)
    print(f"{asked.name} is open." if was_off else f"{asked.name} was open already.")
    return 0


def _close(asked: argparse.Namespace, database: Database) -> int:
    if bool(asked.da) != bool(asked.en):
        print("Give the words in both languages, --da and --en, or in neither.")
        return 2
    now = SystemClock().now()
    if asked.until is not None and asked.until <= now:
        print("--until must be a time to come.")
        return 2
    with database.transaction() as work:
        switch_off(work, asked.name, now, until=asked.until, words_da=asked.da, words_en=asked.en)
        _record(work, "switch_off", asked)
    print(f"{asked.name} is closed, everywhere within ten seconds.")
    return 0


def _record(work: object, verb: str, asked: argparse.Namespace) -> None:
    actor = f"shell:{getpass.getuser()}"[:80]
    audit.record(
        work,  # type: ignore[arg-type]
        SystemClock().now(),
        role="system",
        actor=actor,
        verb=verb,
        subject=f"switch:{asked.name}",
        reason=asked.because,
    )


def _print(names: tuple[str, ...], database: Database) -> None:
    closed, width = read(database), max(map(len, names))
    for name in names:
        off = closed.get(name)
        until = f", expected open {off.until.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}" if off and off.until else ""
        print(f"{name:<{width}}  " + (f"CLOSED since {off.since.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}{until}" if off else "open"))
    for name in sorted(set(closed) - set(names)):
        print(f"{name:<{width}}  closed, and known no longer")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m portal switch", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list")
    off, on = verbs.add_parser("off"), verbs.add_parser("on")
    for each in (off, on):
        each.add_argument("name")
        each.add_argument("--because", required=True, type=_words)
    off.add_argument("--da", type=_words)
    off.add_argument("--en", type=_words)
    off.add_argument("--until", type=_moment)
    return parser


def _words(text: str) -> str:
    if not text.strip() or len(text) > LONGEST:
        raise argparse.ArgumentTypeError(f"1 to {LONGEST} characters")
    return text.strip()


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=COPENHAGEN)
    except ValueError:
        raise argparse.ArgumentTypeError("a time in Danish time, written YYYY-MM-DD HH:MM") from None
