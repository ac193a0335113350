"""Column types: moments in UTC and sealed values."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import msgspec
from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.types import TypeDecorator

from portal.storage.crypto import keyring


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; naive ones are refused. SQLite forgets the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must know its zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes sealed with the process's keys. `label` (table.column) is authenticated with the value."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def process_bind_param(self, value: bytes | None, dialect: Any) -> bytes | None:
        return None if value is None else keyring().encrypt(value, self.label)

    def process_result_value(self, value: bytes | None, dialect: Any) -> bytes | None:
        return None if value is None else keyring().decrypt(value, self.label)


class EncryptedText(EncryptedBytes):
    """Text, sealed."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else super().process_bind_param(value.encode(), dialect)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        opened = super().process_result_value(value, dialect)
        return None if opened is None else opened.decode()


class EncryptedJSON(EncryptedBytes):
    """A JSON value, sealed. A changed value is assigned anew, never changed in place."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        return None if value is None else super().process_bind_param(msgspec.json.encode(value), dialect)

    def process_result_value(self, value: bytes | None, dialect: Any) -> Any:
        opened = super().process_result_value(value, dialect)
        return None if opened is None else msgspec.json.decode(opened)
