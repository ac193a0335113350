"""Instructions a request, by callgrind: the same to about one percent on any machine, however busy.

The process that is counted starts uncounted, warms each page, and is then counted over N and over 2N requests; the
difference divided by N is one request without what surrounds it.
"""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.pages import pages_of
from benchmarks.processes import ROOT, CannotMeasure
from benchmarks.seeding import Seeded
from benchmarks.surroundings import Surroundings

REQUESTS = 8
TIMES = 3
SECONDS = 120


def count_instructions(place: Surroundings, seeded: Seeded) -> dict[str, float]:
    """Million instructions a request, by page name; nothing where valgrind is not installed."""
    if shutil.which("valgrind") is None or shutil.which("callgrind_control") is None:
        return {}
    folder = place.folder / "callgrind"
    folder.mkdir()
    (folder / "seeded").write_bytes(pickle.dumps(seeded))
    with Counted(place.environ | {"PYTHONHASHSEED": "0"}, folder) as process:
        return {page.name: process.one_request(page.name) / 1e6 for page in pages_of(seeded)}


class Counted:
    """The counted process: told a page and a number of requests a line, it answers with a line when it is through."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self._folder = folder
        self._environ = environ
        self._dumps = 0
        # The pipes by which valgrind is spoken to lie in the run's own folder too, under names made from the environment.
        self._pipes = f"--vgdb-prefix={folder / 'pipe'}"
        valgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder / 'out'}", self._pipes]
        command = [*valgrind, sys.executable, "-m", "benchmarks.counted_loop", str(folder / "seeded")]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environ, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )

    def __enter__(self) -> Counted:
        self._hear()
        self._control("-i=on")
        return self

    def __exit__(self, *_problem: object) -> None:
        self._process.kill()
        self._process.communicate()

    def one_request(self, name: str) -> float:
        """Instructions of one request: the median, because now and then one of them does what is done once a minute."""
        self._ask(name, 3)
        return median((self._count(name, 2 * REQUESTS) - self._count(name, REQUESTS)) / REQUESTS for _time in range(TIMES))

    def _count(self, name: str, requests: int) -> int:
        self._control("-z")
        self._ask(name, requests)
        self._control("-d")
        self._dumps += 1
        text = (self._folder / f"out.{self._dumps}").read_text()
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("totals:"))

    def _ask(self, name: str, requests: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{requests} {name}\n")
        self._process.stdin.flush()
        self._hear()

    def _hear(self) -> None:
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise CannotMeasure("the process whose instructions are counted has ended")

    def _control(self, what: str) -> None:
        done = subprocess.run(
            ["callgrind_control", self._pipes, what, str(self._process.pid)],
            env=self._environ,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        if done.returncode:
            raise CannotMeasure(f"callgrind_control {what}: {done.stderr.strip()}")
