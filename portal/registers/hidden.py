"""Structs that can stand in any log, error or debugger without telling who they are about."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class Hidden(Struct, frozen=True, kw_only=True):
    """A frozen struct whose repr is its class's name alone."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __rich_repr__(self) -> Iterator[object]:
        return iter(())
