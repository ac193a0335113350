"""What tells the right keys from wrong ones before anything is read or written with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.storage.base import Base


class KeyProof(Base):
    """A known text sealed with one encryption key; under the name of the index key, its keyed hash.

    `proof` is plain bytes and no sealed column: sealed anew with another key, it would prove nothing of its own.
    """

    __tablename__ = "key_proof"

    name: Mapped[str] = mapped_column(String(260), primary_key=True)
    proof: Mapped[bytes] = mapped_column(LargeBinary)
    made: Mapped[datetime]
