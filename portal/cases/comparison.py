"""What was said beside what the registers say now: the vocabulary of the case page. Pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One answer: what was said (lines), from where, what the register says now (None: no register knows), and whether they differ."""

    label: str
    said: Sequence[str]
    source: str = ""
    now: Sequence[str] | None = None
    differs: bool = False


@dataclass(frozen=True)
class Table:
    """A part of the application."""

    title: str
    rows: Sequence[Row]
