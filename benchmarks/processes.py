"""The servers that are measured, and what their processes have used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from portal.cli.supervisor import LEASH

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 60
STOP_SECONDS = 10
LAST_LINES = 12
TICK = 1 / os.sysconf("SC_CLK_TCK")
_fetch = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class CannotMeasure(Exception):
    """The run cannot go on; the text says why."""


@dataclass(frozen=True)
class Running:
    """A process that was started, and where it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """CPU seconds (user and system) of the process and its children so far, in steps of a tick (10 ms)."""
        return sum(cpu_of(pid) for pid in (self.process.pid, *children_of(self.process.pid)))

    def workers_cpu(self) -> float:
        """The same of its children alone: gunicorn's workers without their master."""
        return sum(cpu_of(pid) for pid in children_of(self.process.pid))

    def check(self) -> None:
        """Raises CannotMeasure when it has ended."""
        if self.process.poll() is not None:
            raise CannotMeasure(f"{self.name} ended")


@contextmanager
def running(name: str, arguments: Sequence[str], environ: dict[str, str], folder: Path) -> Iterator[Running]:
    """Run ``python ARGUMENTS`` while the block lasts. It ends with this process, however that ends."""
    log = folder / f"{name}.log"
    command = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), sys.executable, *arguments]
    with log.open("wb") as writing:
        process = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing, start_new_session=True
        )
    try:
        yield Running(name, process, log)
    except CannotMeasure as problem:
        raise CannotMeasure(f"{problem}\n--- {name} wrote last:\n{_last_lines(log)}") from problem
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(server: Running, address: str) -> None:
    """Come back when the address answers and all workers are there. Raises CannotMeasure."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        server.check()
        with suppress(OSError), _fetch(address, timeout=2):
            return
        time.sleep(0.05)
    raise CannotMeasure(f"{server.name} was not ready after {READY_SECONDS} seconds")


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:])


def children_of(pid: int) -> list[int]:
    """The process ids of its children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_of(pid: int) -> float:
    """CPU seconds of one process, by /proc/PID/stat; 0 when it has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) * TICK
