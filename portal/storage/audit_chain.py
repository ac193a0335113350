"""What binds each audit entry to the one before it: HMAC-SHA256 over the mac before and the entry's own fields.

The key is derived from the index key, which is never changed and is not in the database: whoever can write in the
database alone cannot make a mac. Chains begin anew each year (UTC), so that a whole year can be thrown away when it need
not be kept any longer, and there are a few side by side, so that writers need not wait for one another. The form of an entry under the mac never changes; a new one would get a new number.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from portal.storage.crypto import keyring

FORM = 1
START = bytes(32)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)


class ChainKey:
    """Makes macs with the process's keys. One is made for each piece of work, so that a long one derives the key once."""

    def __init__(self) -> None:
        self._key = keyring().index("audit chain", "")

    def mac(self, before: bytes, entry: Mapping[str, Any]) -> bytes:
        """The mac of an entry that follows the one with the mac `before`. `entry` holds all columns but the mac, the reason opened."""
        return self._made(b"entry", before + canonical(entry))

    def seal(self, chain: int, sequence: int, last: bytes) -> bytes:
        """The seal on the end of a chain."""
        return self._made(b"head", f"{chain}\0{sequence}\0".encode() + last)

    def signature(self, text: str) -> bytes:
        """The signature on a line that is kept outside."""
        return self._made(b"line", text.encode())

    def _made(self, kind: bytes, content: bytes) -> bytes:
        return hmac.digest(self._key, kind + b"\0" + content, hashlib.sha256)


def chain_of(at: datetime, lane: int = 0) -> int:
    """The chain an entry of this moment belongs to: 202603 is the fourth of 2026."""
    return at.astimezone(timezone.utc).year * 100 + lane


def canonical(entry: Mapping[str, Any]) -> bytes:
    """All of an entry in one form: a JSON list, where no two different entries can look alike."""
    return msgspec.json.encode(
        [
            FORM,
            entry["chain"],
            entry["sequence"],
            _hex(entry["id"]),
            (entry["at"] - EPOCH) // MICROSECOND,
            entry["actor_role"],
            entry["actor"],
            _hex(entry["person_id"]),
            entry["verb"],
            entry["subject"],
            entry["purpose"],
            _hex(entry["case_id"]),
            entry["municipality"],
            entry["reason"],
            entry["results"],
        ]
    )


def _hex(value: uuid.UUID | str | None) -> str | None:
    # A walk over millions of entries takes an id as SQLite keeps it: making objects of them is half the time.
    return value.hex if isinstance(value, uuid.UUID) else value
