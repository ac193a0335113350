"""The errors the rules declare; nothing else may come out of them."""

from __future__ import annotations

from forms.free_place.figures import MissingFigures

__all__ = ["ImpossibleInput", "MissingFigures"]


class ImpossibleInput(ValueError):
    """A value no household can have. `field` names it; the value itself is never in the message."""

    def __init__(self, field: str) -> None:
        super().__init__(f"impossible value: {field}")
        self.field = field
