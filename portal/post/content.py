"""A letter as data, without the means to draw it, so that whoever writes letters loads nothing heavy.

The data is kept with the decision, so that the letter can be drawn again and read on Min Side. It holds no address and
no CPR number: a protected address must not lie in a letter.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class SenderBlock:
    """Who writes: the municipality as the citizen knows it. `url` is where to write to it, `phone` as it is read aloud."""

    name: str
    address: tuple[str, ...]
    phone: str
    url: str
    cvr: str


@dataclass(frozen=True)
class Section:
    """A heading, then paragraphs, a table of (label, value), a list. With `total` the table's last row is the sum."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class LetterContent:
    """One letter in one language (da or en).

    `lead` says what was decided, in one or two sentences. `sections` come in the order they are read: the sum, what
    happens next. `appeal` says how and by when, `contact` whom to ask (None: the sender's phone and address on the
    web), `law` names the rules, one a line.
    """

    title: str
    lead: str
    case_number: str
    date: date
    sender: SenderBlock
    recipient_name: str = field(repr=False)
    language: str
    sections: tuple[Section, ...] = ()
    appeal: Section | None = None
    contact: Section | None = None
    law: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The letter as what JSON can hold."""
        return asdict(self) | {"date": self.date.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LetterContent:
        """The letter kept by `to_json`. Raises KeyError or TypeError for anything else."""
        return cls(
            **data
            | {
                "date": date.fromisoformat(data["date"]),
                "sender": SenderBlock(**data["sender"] | {"address": tuple(data["sender"]["address"])}),
                "sections": tuple(_section(each) for each in data["sections"]),
                "appeal": _section(data["appeal"]) if data["appeal"] else None,
                "contact": _section(data["contact"]) if data["contact"] else None,
                "law": tuple(data["law"]),
            }
        )


def _section(data: dict[str, Any]) -> Section:
    rows = tuple((label, value) for label, value in data["table"])
    return Section(**data | {"paragraphs": tuple(data["paragraphs"]), "table": rows, "items": tuple(data["items"])})
