"""The base of all page forms."""

from __future__ import annotations

from typing import Any

from wtforms import Form

from portal.journey.fields import AskField
from portal.journey.state import State


class StepForm(Form):
    """A page's fields. CSRF is checked once for the whole site, so a form here knows nothing of the web."""

    def __init__(self, formdata: Any = None, *, saved: dict[str, Any] | None = None, state: State | None = None) -> None:
        super().__init__(formdata, data=saved or {})
        self.state = state
        if state is not None:
            self.fit(state)

    def fit(self, state: State) -> None:
        """Adapt labels and choices to the person: names of children, amounts from a register."""

    def check_together(self) -> None:
        """Check fields against each other, after each of them is right; add to `field.errors`."""

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.check_together()
        return not any(field.errors for field in self)

    def answers(self) -> dict[str, Any]:
        """What was answered, ready to be stored as JSON."""
        return {name: field.data for name, field in self._fields.items() if field.kind != "file"}

    def error_list(self) -> list[tuple[AskField, str]]:
        """All errors in the order of the page."""
        return [(field, str(error)) for field in self for error in field.errors]
