"""The table, as Markdown, so that it can be put into docs/speed.md as it is."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.clock import SystemClock


@dataclass(frozen=True)
class Row:
    """One line: what was measured, its figure and unit, how it compares, and its limits in words."""

    name: str
    figure: str
    to_hello: str = ""
    to_page: str = ""
    instructions: str = ""
    limit: str = ""
    over: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.over is None else "OVER" if self.over else "ok"


HEADS = ("measured", "figure", "× hello", "× bare page", "million instructions (× bare)", "limit", "")


def table(rows: Sequence[Row]) -> str:
    """The rows under their heads."""
    cells = [HEADS, *((row.name, row.figure, row.to_hello, row.to_page, row.instructions, row.limit, row.verdict) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def heading(database: str) -> str:
    """When, on what machine, with which Python."""
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    return (
        f"{SystemClock().today().isoformat()}; {os.cpu_count()} cores, {_processor()}, {_system()}; load at the end: {load}\n"
        f"Python {platform.python_version()} ({_build()}); {database}; gunicorn with 2 workers of 4 threads"
    )


def _build() -> str:
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    # A distribution profiles its Python by other means and does not say so here.
    profiled = (
        "the system's own"
        if sys.base_prefix == "/usr"
        else "profile-guided"
        if "--enable-optimizations" in arguments
        else "not profile-guided"
    )
    return f"{profiled}, {platform.python_compiler()}, {'shared' if '--enable-shared' in arguments else 'static'}, {sys.platform}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _system() -> str:
    release = platform.freedesktop_os_release()
    return release.get("PRETTY_NAME", platform.system())
