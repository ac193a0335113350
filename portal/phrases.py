"""A sentence kept as data, so that it can be said later, in either language.

A stored decision or event holds the English message and its values; the words are found when somebody reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portal.i18n import fill, format_date, format_kroner, format_month, gettext
from portal.months import Month


def N_(message: str) -> str:  # noqa: N802 - the name the extractor of messages knows
    """Mark a message for the catalogues without translating it yet."""
    return message


@dataclass(frozen=True)
class Phrase:
    """A message and its values. Dates, months and kroner among the values are written as the language does."""

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        text = gettext(self.message)
        return fill(text, {name: _written(value) for name, value in self.values.items()}) if self.values else text

    def to_json(self) -> dict[str, Any]:
        """A JSON form that `from_json` reads back."""
        return {"m": self.message, "v": {name: _packed(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Phrase:
        """The phrase that `to_json` wrote."""
        return cls(data["m"], {name: _unpacked(value) for name, value in data.get("v", {}).items()})


def _written(value: Any) -> str:
    if isinstance(value, Decimal):
        return format_kroner(value)
    if isinstance(value, Month):
        return format_month(value)
    if isinstance(value, date):
        return format_date(value)
    return str(value)


def _packed(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"kroner": str(value)}
    if isinstance(value, Month):
        return {"month": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Phrase):
        return {"phrase": value.to_json()}
    return value if isinstance(value, int | str) else str(value)


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    (kind, text), *_rest = value.items()
    if kind == "phrase":
        return Phrase.from_json(text)
    return {"kroner": Decimal, "month": Month.parse, "date": date.fromisoformat}[kind](text)
