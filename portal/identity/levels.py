"""Levels of assurance of the Danish standard NSIS, in order."""

from __future__ import annotations

LEVELS = ("low", "substantial", "high")
NSIS = "https://data.gov.dk/concept/core/nsis/"


def reaches(level: str | None, needed: str) -> bool:
    """Whether `level` is at least `needed`; a level nobody knows reaches nothing.

    >>> reaches("high", "substantial"), reaches("low", "substantial"), reaches(None, "low")
    (True, False, False)
    """
    return level in LEVELS and LEVELS.index(level) >= LEVELS.index(needed)


def higher(one: str, other: str | None) -> str:
    """The higher of two needed levels."""
    return other if other and LEVELS.index(other) > LEVELS.index(one) else one
