"""A few processes that live and die together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
LAST_LINES = 15


@dataclass(frozen=True)
class Child:
    """A process to run: what it is called in messages, and its command."""

    name: str
    command: Sequence[str]


class ChildDied(Exception):
    """A child that was to run on has ended. `last_lines` is the end of what it wrote."""

    def __init__(self, name: str, status: int, last_lines: str) -> None:
        super().__init__(f"{name} ended unexpectedly (status {status})")
        self.last_lines = last_lines


class Supervisor:
    """Starts children, each in a process group of its own, and stops them all; none outlives this process.

    What a child writes goes to NAME.log in `logs`. Used as a context manager, it stops the children however the block ends.
    """

    def __init__(self, environ: Mapping[str, str], logs: Path, folder: Path, grace: float = 5.0) -> None:
        self._environ = dict(environ)
        self._logs = logs
        self._folder = folder
        self._grace = grace
        self._running: list[tuple[Child, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.stop()

    def run(self, child: Child, pause: Callable[[], None]) -> None:
        """Run a child to its end, calling `pause` while it is at work; raises ChildDied when it fails."""
        process = self._spawn(child)
        entry = (child, process)
        self._running.append(entry)
        while process.poll() is None:
            pause()
        self._running.remove(entry)
        if process.returncode:
            raise ChildDied(child.name, process.returncode, self.last_lines(child))

    def start(self, child: Child) -> None:
        """Start a child that runs until it is stopped."""
        self._running.append((child, self._spawn(child)))

    def check(self) -> None:
        """Raise ChildDied when one of the children has ended."""
        for child, process in self._running:
            status = process.poll()
            if status is not None:
                raise ChildDied(child.name, status, self.last_lines(child))

    def stop(self) -> None:
        """End every child and what it started: asked first, killed when it has not ended within the grace (seconds)."""
        for _child, process in self._running:
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + self._grace
        for _child, process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
        for _child, process in self._running:
            # The group may hold grandchildren that their parent left behind.
            _signal(process, signal.SIGKILL)
            process.wait()
        self._running.clear()

    def last_lines(self, child: Child) -> str:
        """The end of what the child wrote; empty when it never began."""
        log = self._log(child)
        if not log.exists():
            return ""
        return "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *child.command]
        with self._log(child).open("wb") as log:
            return subprocess.Popen(
                command,
                env=self._environ,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _log(self, child: Child) -> Path:
        return self._logs / f"{child.name}.log"


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
