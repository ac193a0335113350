"""Everything a page may know: what the person has answered and what the registers said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True)
class State:
    """`answers` by page name, `facts` as gathered, the date, and how figures are to be used (`context` is the Service's own)."""

    answers: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Any]
    today: date
    context: Any = None

    def get(self, page: str, field: str, default: Any = None) -> Any:
        """One answer, or the default when the page has not been answered."""
        return self.answers.get(page, {}).get(field, default)

    def with_answer(self, page: str, answer: Mapping[str, Any]) -> State:
        """The state as it would be with one page answered."""
        return replace(self, answers={**self.answers, page: answer})
