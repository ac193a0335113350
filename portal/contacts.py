"""Whom a person can turn to, and who signs a letter: the municipality's own words, from a file named in the settings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from portal.municipalities import municipality


@dataclass(frozen=True)
class Contact:
    """One municipality's way in: `write` is a written contact, `address` the lines of a letterhead, `cvr` eight digits."""

    name: str
    department: str
    address: tuple[str, ...]
    phone: str
    write: str
    cvr: str

    @property
    def complete(self) -> bool:
        """Whether a letter can be signed and a person helped."""
        return bool(self.phone and self.write and self.cvr)


_known: dict[str, Contact] = {}


def use_contacts(path: Path) -> None:
    """Read the file (see docs/operations.md). Raises KeyError or OSError when it cannot be used."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["municipalities"]
    _known.clear()
    _known.update(
        {
            row["municipality_code"]: Contact(
                row["municipality"], row["department"], tuple(row["address_lines"]), row["phone"], row["written_contact"], row["cvr"]
            )
            for row in rows
        }
    )


def contact(code: str) -> Contact:
    """The municipality's contact; for one that is not in the file only its name is known."""
    return _known.get(code) or Contact(f"{municipality(code).name} Kommune", "", (), "", "", "")


def known() -> tuple[str, ...]:
    """Codes of the municipalities the file tells of."""
    return tuple(_known)
