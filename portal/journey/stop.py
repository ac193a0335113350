"""The end of an application that cannot be made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """Why the application ends here, and what the person can do instead."""

    title: str
    paragraphs: Sequence[str]
    links: Sequence[tuple[str, str]] = ()
