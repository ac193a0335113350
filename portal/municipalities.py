"""The 98 Danish municipalities by their four-digit code, as the registers write it (``0461`` is Odense)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, order=True)
class Municipality:
    """One municipality: four-digit code, Danish name, region."""

    code: str
    name: str
    region: str


def _read(path: Path) -> Mapping[str, Municipality]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Municipality(row["code"], row["name"], row["region"]) for row in csv.DictReader(file)]
    return MappingProxyType({row.code: row for row in rows})


ALL: Mapping[str, Municipality] = _read(Path(__file__).with_suffix(".csv"))
"""Every municipality by code, in the order of the codes."""


def municipality(code: str) -> Municipality:
    """The municipality with this four-digit code. Raises KeyError for any other text."""
    return ALL[code]
