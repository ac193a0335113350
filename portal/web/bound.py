"""What is sealed for one row, found by the hash of a secret: copied to another row, it is nothing.

A column's seal knows the column and not the row. Where the row's name is known before it is written, it stands within the
seal; who can write to the database then gains nothing by copying one person's row into another's. See docs/decisions/014.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

import structlog

log = structlog.get_logger("bound")
ROW = "row"


def bound(row: bytes, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be sealed for the row with this hash."""
    return {**data, ROW: row.hex()}


def opened(row: bytes, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was sealed for this row; None, and a line in the log, when it was sealed for another or for none."""
    if not hmac.compare_digest(str(data.get(ROW, "")).encode(), row.hex().encode()):
        log.error("sealed_for_another_row")
        return None
    return {name: value for name, value in data.items() if name != ROW}
