"""The kinds of field a page can ask with. They read and check; the macros of templates/macros/fields.html draw them.

Each field's `data` is a JSON value (amounts and dates as text), because answers are stored as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from portal.i18n import format_number, get_locale
from portal.journey.amounts import AmountProblem, parse_amount, typed_amount
from portal.journey.messages import message
from portal.registers.cpr import NotACprNumber, parse_cpr

MAX_MONEY = Decimal(10_000_000)


class AskField(Field):
    """What all kinds share. `thing` is the words for the field inside an error: "your pay before tax"."""

    kind = "text"
    inputmode: str | None = None
    missing = "missing"

    def __init__(
        self,
        label: Any,
        *,
        thing: Any = "",
        hint: Any = "",
        optional: bool = False,
        autocomplete: str | None = None,
        suffix: str | None = None,
        check: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.thing = thing or label
        self.optional = optional
        self.autocomplete = autocomplete
        self.suffix = suffix
        self.check = check
        self.data: Any = None
        self.typed: Any = ""

    def fail(self, code: str, **values: object) -> StopValidation:
        """The error to raise, in words from the table."""
        return StopValidation(message(code, thing=self.thing, **values))

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = self.typed or None

    def pre_validate(self, form: Any) -> None:
        if not self.typed:
            if self.optional:
                raise StopValidation()
            raise self.fail(self.missing)
        self.read(self.typed)

    def read(self, typed: Any) -> None:
        """Turn what was typed into `data`, or raise `fail(...)`."""

    def _value(self) -> str:
        return str(self.typed or (self.data if self.data is not None else ""))


class TextField(AskField):
    """One line of text."""

    limit = 200

    def read(self, typed: str) -> None:
        if len(typed) > self.limit:
            raise self.fail("too_long", limit=self.limit, length=len(typed))


class TextAreaField(TextField):
    """Several lines of text."""

    kind = "textarea"
    limit = 2000


class MoneyField(AskField):
    """Kroner and øre, as people write them."""

    kind = "money"
    inputmode = "decimal"

    def __init__(self, label: Any, *, limit: Decimal = MAX_MONEY, **kwargs: Any) -> None:
        super().__init__(label, suffix="kr.", **{"check": "money", **kwargs})
        self.limit = limit

    def read(self, typed: str) -> None:
        try:
            self.data = str(parse_amount(typed, self.limit, get_locale()))
        except AmountProblem as problem:
            raise self.fail(problem.code, limit=format_number(self.limit)) from None

    def _value(self) -> str:
        return self.typed or (typed_amount(Decimal(self.data), get_locale()) if self.data else "")


class NumberField(AskField):
    """A small whole number."""

    kind = "number"
    inputmode = "numeric"

    def __init__(self, label: Any, *, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.low, self.high = low, high

    def read(self, typed: str) -> None:
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise self.fail("number_letters")
        self.data = int(typed)
        if not self.low <= self.data <= self.high:
            raise self.fail("number_range", low=self.low, high=self.high)


class ChoiceField(AskField):
    """One of a few answers, as radio buttons."""

    kind = "choice"
    missing = "missing_choice"

    def __init__(self, label: Any, *, choices: Sequence[tuple[str, Any]] = (), choice_hints: dict[str, Any] | None = None, **kwargs: Any):
        super().__init__(label, **kwargs)
        self.choices = list(choices)
        self.choice_hints = choice_hints or {}

    def read(self, typed: str) -> None:
        if typed not in {value for value, _label in self.choices}:
            self.data = None
            raise self.fail("unknown_choice")
        self.data = typed

    def iter_choices(self) -> Iterator[tuple[str, Any, bool, dict[str, Any]]]:
        for value, label in self.choices:
            yield value, label, value == self.data, {}


class YesNoField(ChoiceField):
    """Yes or no."""

    kind = "yesno"

    def __init__(self, label: Any, *, yes: Any, no: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=[("yes", yes), ("no", no)], **kwargs)


class SelectField(ChoiceField):
    """One of many answers, as a drop-down list."""

    kind = "select"


class TicksField(ChoiceField):
    """Any number of answers, as tick boxes. With `none` given, that one stands alone."""

    kind = "ticks"
    missing = "missing_ticks"

    def __init__(self, label: Any, *, none: tuple[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.none = none
        if none:
            self.choices.append(none)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.typed = list(valuelist)
        self.data = list(valuelist)

    def read(self, typed: list[str]) -> None:
        known = [value for value, _label in self.choices]
        if any(value not in known for value in typed):
            raise self.fail("unknown_choice")
        self.data = [value for value in known if value in typed]
        if self.none and self.none[0] in self.data and len(self.data) > 1:
            raise self.fail("missing_ticks")

    def iter_choices(self) -> Iterator[tuple[str, Any, bool, dict[str, Any]]]:
        for value, label in self.choices:
            yield value, label, value in (self.data or ()), {}


class ConfirmField(AskField):
    """A box that must be ticked: a declaration. `thing` is what is declared, as a clause: "you are a single parent"."""

    kind = "confirm"

    def pre_validate(self, form: Any) -> None:
        self.data = self.typed == "yes"
        if not self.data:
            raise self.fail("missing_tick")

    @property
    def checked(self) -> bool:
        return bool(self.data)

    def _value(self) -> str:
        return "yes"


class DateField(AskField):
    """A date as three boxes: day, month, year."""

    kind = "date"
    inputmode = "numeric"

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.data = data if isinstance(data, str) else None
        self.typed = {}
        if formdata is not None and any(f"{self.name}-{part}" in formdata for part in ("day", "month", "year")):
            self.typed = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in ("day", "month", "year")}

    def parts(self) -> dict[str, str]:
        if self.typed:
            return self.typed
        if not self.data:
            return {"day": "", "month": "", "year": ""}
        year, month, day = self.data.split("-")
        return {"day": str(int(day)), "month": str(int(month)), "year": year}

    def pre_validate(self, form: Any) -> None:
        typed = [self.typed.get(part, "") for part in ("day", "month", "year")]
        if not any(typed):
            if self.optional:
                self.data = None
                raise StopValidation()
            raise self.fail("date_parts")
        if not all(text.isascii() and text.isdigit() and len(text) <= 4 for text in typed) or len(typed[2]) != 4:
            raise self.fail("date_parts")
        try:
            self.data = date(int(typed[2]), int(typed[1]), int(typed[0])).isoformat()
        except ValueError:
            raise self.fail("date_unreal") from None


class FileField(AskField):
    """One or more files. What is inside them is judged by `portal.journey.uploads` when the page is saved."""

    kind = "file"
    accept = ".pdf,.jpg,.jpeg,.png"

    def __init__(self, label: Any, *, max_mb: int = 10, max_files: int = 5, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.max_mb, self.max_files = max_mb, max_files
        self.stored: list[dict[str, Any]] = []

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.typed = [item for item in valuelist if getattr(item, "filename", "")]

    def pre_validate(self, form: Any) -> None:
        if not self.typed and not self.stored and not self.optional:
            raise self.fail("missing_choice")
        if len(self.typed) + len(self.stored) > self.max_files:
            raise self.fail("file_many", limit=self.max_files)

    def _value(self) -> str:
        return ""


class CprField(AskField):
    """A CPR number. Nothing is said of whose it is."""

    kind = "cpr"
    inputmode = "numeric"

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **{"check": "cpr", **kwargs})

    def read(self, typed: str) -> None:
        problem = cpr_problem(typed, fictional=allow_fictional_numbers)
        if problem:
            raise self.fail(problem)
        self.data = parse_cpr(typed, allow_fictional=allow_fictional_numbers)


# Only create_app sets this, in demo mode: the demo's persons have numbers that belong to nobody.
allow_fictional_numbers = False


def cpr_problem(typed: str, *, fictional: bool) -> str | None:
    """The code of what is wrong with a CPR number, or None."""
    try:
        parse_cpr(typed, allow_fictional=fictional)
    except NotACprNumber as wrong:
        return f"cpr_{wrong.reason}"
    return None
