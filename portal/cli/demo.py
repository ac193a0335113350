"""``python -m portal demo``: the whole portal on one machine, with people who do not exist.

Makes the database and the demo's data, then runs the portal, its worker and the eID stand-in until it is told to stop.
``--check`` starts it from nothing, fetches the front page, stops it, and does it again to say how long a second start takes.
Ends with 0 when it was stopped, 1 when something in it failed, 2 when it could not start.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal.cli.demo_settings import HOST, CannotStart, chosen_port, demo_environment, free_port
from portal.cli.supervisor import Child, ChildDied, Supervisor
from portal.registers.demo import demo_citizens, demo_staff

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
POLL_SECONDS = 0.05
# Straight to this machine, whatever proxy the environment names.
_fetch = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class Stopped(Exception):
    """Somebody asked the demo to stop."""


@dataclass(frozen=True)
class Plan:
    """What a demo is made of: `prepare` runs to its end, one after the other; `serve` runs until the demo is stopped."""

    prepare: Sequence[Child]
    serve: Sequence[Child]
    address: str
    environ: Mapping[str, str]


def portal_plan(environ: Mapping[str, str], folder: Path, port: int) -> Plan:
    """The portal on `port` with its data in `folder`; the eID stand-in gets the next free port."""
    address = f"http://{HOST}:{port}"
    eid_port = free_port(port + 1)
    portal = [sys.executable, "-m", "portal"]
    stand_in = [sys.executable, "-m", "stand_ins.eid", "--port", str(eid_port), "--portal", address]
    return Plan(
        prepare=[Child("migrate", [*portal, "migrate"]), Child("demo-data", [*portal, "demo-data"])],
        serve=[Child("eid", stand_in), Child("serve", [*portal, "serve"]), Child("work", [*portal, "work"])],
        address=address,
        environ=demo_environment(environ, folder, port, eid_port),
    )


def main(argv: Sequence[str]) -> int:
    """Run the demo, or with ``--check`` try it."""
    if list(argv) not in ([], ["--check"]):
        print("usage: python -m portal demo [--check]", file=sys.stderr)
        return 2
    try:
        return check_demo(os.environ) if argv else run_demo(os.environ)
    except CannotStart as reason:
        print(f"portal: {reason}", file=sys.stderr)
        return 2


def run_demo(environ: Mapping[str, str]) -> int:
    """The demo on PORT, with its data in var/demo, until it is stopped."""
    folder = ROOT / "var" / "demo"
    plan = portal_plan(environ, folder, chosen_port(environ))
    print("portal: starting", flush=True)
    return run(plan, folder, lambda: print(greeting(plan.address), flush=True))


def check_demo(environ: Mapping[str, str]) -> int:
    """Start a demo of its own twice, from nothing and again, and fetch its front page each time."""
    folder = ROOT / "var" / "demo-check"
    shutil.rmtree(folder, ignore_errors=True)
    port = chosen_port(environ) if environ.get("PORT") else free_port(18000)
    for which in ("first", "second"):
        begin = time.monotonic()
        plan = portal_plan(environ, folder, port)
        status = run(plan, folder, partial(_look, plan.address, which, begin))
        if status:
            return status
    shutil.rmtree(folder)
    return 0


def _look(address: str, which: str, begin: float) -> None:
    seconds = time.monotonic() - begin
    with _fetch(address + "/", timeout=10) as answer:
        size = len(answer.read())
    print(f"portal: the {which} start took {seconds:.1f} s, and the front page has {size} bytes", flush=True)
    raise Stopped


def run(plan: Plan, folder: Path, ready: Callable[[], None], grace: float = 5.0) -> int:
    """Prepare and serve `plan`, call `ready` when it answers, and stay until a signal or a child's end."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    try:
        with StopRequest() as stop, Supervisor(plan.environ, logs, ROOT, grace) as supervisor:
            for child in plan.prepare:
                supervisor.run(child, stop.pause)
            for child in plan.serve:
                supervisor.start(child)
            wait_until_ready(plan.address, supervisor, stop)
            ready()
            while True:
                supervisor.check()
                stop.pause()
    except Stopped:
        print("portal: stopped", flush=True)
        return 0
    except ChildDied as death:
        print(f"portal: {death}; the last it wrote (all of it is in {logs}):\n{death.last_lines}", file=sys.stderr, flush=True)
        return 1
    except OSError as problem:
        wrote = "\n".join(f"--- {child.name}\n{supervisor.last_lines(child)}" for child in plan.serve)
        print(f"portal: {problem}; the last that was written (all of it is in {logs}):\n{wrote}", file=sys.stderr, flush=True)
        return 1


def wait_until_ready(address: str, supervisor: Supervisor, stop: StopRequest) -> None:
    """Come back when the portal says that it is ready; raises ChildDied, Stopped or TimeoutError."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        supervisor.check()
        try:
            with _fetch(address + "/health/ready", timeout=2):
                return  # any answer but a good one is an error, and it is asked again until its time is up
        except OSError:
            stop.pause()
    raise TimeoutError(f"the portal was not ready after {READY_SECONDS} seconds")


class StopRequest:
    """Hears the signals that ask for a stop, and raises Stopped at the next pause.

    Not where the signal arrives: an exception in the middle of the standard library's own book-keeping can leave a lock
    held, and the stop would then wait for it for ever.
    """

    _numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __enter__(self) -> StopRequest:
        self._heard = False
        self._before = {number: signal.signal(number, self._hear) for number in self._numbers}
        return self

    def __exit__(self, *_problem: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, _number: int, _frame: object) -> None:
        self._heard = True

    def pause(self) -> None:
        """Wait a moment, unless a stop was asked for."""
        if not self._heard:
            time.sleep(POLL_SECONDS)
        if self._heard:
            raise Stopped


def greeting(address: str) -> str:
    """What a newcomer needs: where it is, who to be, what to try, how to stop."""
    citizens = demo_citizens()
    staff = demo_staff()
    width = max(len(person.name) for person in [*citizens, *staff])
    lines = [
        "",
        f"  The portal is ready:  {address}",
        "",
        "  Log in as one of these (nobody here exists, and nothing leaves this machine):",
        *(f"    {person.name:<{width}}  {person.shows_en}" for person in citizens),
        "",
        f"  Staff log in at {address}/back-office (case workers, deciders and the auditor have pages so far):",
        *(f"    {person.name:<{width}}  {person.shows_en}" for person in staff),
        "",
        "  Try: log in as the first, apply for a free place, log out, log in as the partner and consent, log in as the first",
        "  again, and find the decision, the letter and the coming months under Min Side. Then apply as Søren, and decide it",
        "  as Karen in the back office.",
        "",
        "  Ctrl-C stops everything. The data stay in var/demo; remove that folder to begin anew.",
    ]
    return "\n".join(lines)
