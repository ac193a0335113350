"""What the web is closed for, and how often somebody has tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base


class Switch(Base):
    """Something that is switched off while its row is here: an application or a connection to the outside.

    `words_da` and `words_en` are what people read; without them they read the portal's own words. `until` is when it is
    expected to be open again.
    """

    __tablename__ = "switch"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    words_da: Mapped[str | None] = mapped_column(String(500))
    words_en: Mapped[str | None] = mapped_column(String(500))


class TryCount(Base):
    """How often somebody has done something within a window of time. `key_hash` is keyed: it names nobody."""

    __tablename__ = "try_count"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    ends: Mapped[datetime] = mapped_column(index=True)
