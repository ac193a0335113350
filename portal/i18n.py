"""Danish and English: texts, dates and money, by Babel, without Flask, so that the worker speaks both too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.dates import get_month_names
from babel.lists import format_list as babel_list
from babel.numbers import format_decimal
from babel.support import LazyProxy, NullTranslations, Translations

from portal.clock import COPENHAGEN
from portal.months import Month

LOCALES = ("da", "en")
DEFAULT = "da"
CATALOGUES = Path(__file__).parent.parent / "translations"
NBSP = "\N{NO-BREAK SPACE}"

PLACE = re.compile(r"%(?:\((\w+)\)s|%)")

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT)


@cache
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [locale])


def get_locale() -> str:
    """The language in use: ``da`` or ``en``."""
    return _locale.get()


def set_locale(locale: str) -> None:
    """Use `locale` from here on in this context (a web request)."""
    _locale.set(locale if locale in LOCALES else DEFAULT)


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Use `locale` inside the block."""
    token = _locale.set(locale if locale in LOCALES else DEFAULT)
    try:
        yield
    finally:
        _locale.reset(token)


def gettext(message: str, **values: object) -> str:
    """The text in the language in use; ``%(name)s`` filled from `values`."""
    text = _catalogue(_locale.get()).gettext(message)
    return fill(text, values) if values else text


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """The singular or plural text; ``%(num)s`` is the number."""
    text = _catalogue(_locale.get()).ngettext(one, many, number)
    return fill(text, {"num": number, **values})


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put the values in at ``%(name)s``, and mend the sentence's punctuation where a value meets it.

    A Danish amount ends with the point of "kr.", so a sentence that ends with it needs no other. A Danish clause brings
    the comma before it: "Vælg" and ", hvem du bor sammen med". A value itself is never changed. Raises KeyError.
    """
    made, seam, after_value = "", 0, False
    for place in PLACE.finditer(text):
        made = _join(made, text[seam : place.start()], after_value=after_value)
        seam, after_value = place.end(), False
        if place[1] is None:
            made += "%"
            continue
        value = str(values[place[1]])
        sentence_before = place.start() > 0 and text[place.start() - 1] == " "
        if made.endswith(" ") and sentence_before and value.startswith(","):
            made = made[:-1]
        made, after_value = made + value, bool(value)
        if not value and sentence_before and text.startswith(",", seam):
            made = made.removesuffix(" ")
    return _join(made, text[seam:], after_value=after_value)


def _join(made: str, sentence: str, *, after_value: bool) -> str:
    """What is made so far and the next piece of the sentence, with one point where both have the point of "kr."."""
    return made + (sentence[1:] if after_value and made.endswith("kr.") and sentence.startswith(".") else sentence)


def lazy(message: str, **values: object) -> LazyProxy:
    """A text that is looked up when it is shown."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext


def format_date(day: date) -> str:
    """``3. december 2026`` or ``3 December 2026``, with spaces that do not break."""
    if isinstance(day, datetime):
        day = day.astimezone(COPENHAGEN).date()
    if get_locale() == "da":
        return f"{day.day}.{NBSP}{_month_name(day)}{NBSP}{day.year}"
    return f"{day.day}{NBSP}{_month_name(day)}{NBSP}{day.year}"


def format_datetime(moment: datetime) -> str:
    """``3. december 2026 kl. 10.14`` or ``3 December 2026 at 10:14``, Danish time."""
    local = moment.astimezone(COPENHAGEN)
    if get_locale() == "da":
        return f"{format_date(local)} kl.{NBSP}{local:%H.%M}"
    return f"{format_date(local)} at{NBSP}{local:%H:%M}"


def format_time(moment: datetime) -> str:
    """``kl. 10.14`` or ``10:14``, Danish time: an hour of today."""
    local = moment.astimezone(COPENHAGEN)
    return f"kl.{NBSP}{local:%H.%M}" if get_locale() == "da" else f"{local:%H:%M}"


def format_month(month: Month | date) -> str:
    """``december 2026`` or ``December 2026``."""
    return f"{_month_name(month if isinstance(month, date) else month.first)}{NBSP}{month.year}"


def format_kroner(amount: Decimal) -> str:
    """``1.663,62 kr.`` or ``DKK 1,663.62``; whole kroner are shown with øre too, so that columns line up."""
    number = _number(amount)
    return f"{number}{NBSP}kr." if get_locale() == "da" else f"DKK{NBSP}{number}"


def format_number(amount: Decimal | int) -> str:
    """A number with the language's separators and no decimals it does not have."""
    return format_decimal(amount, locale=get_locale()).replace("-", "\N{MINUS SIGN}")


def format_list(items: Sequence[str]) -> str:
    """Several things in a sentence: ``Ida, Emil og Ava`` or ``Ida, Emil and Ava``; the first letter of each is left alone."""
    joined: str = babel_list(list(items), locale=get_locale()) if get_locale() == "da" else babel_list(list(items), locale="en_GB")
    return joined


def _number(amount: Decimal) -> str:
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    whole, _dot, part = f"{abs(amount):,.2f}".partition(".")
    if get_locale() == "da":
        return f"{sign}{whole.replace(',', '.')},{part}"
    return f"{sign}{whole}.{part}"


@cache
def _name(month: int, locale: str) -> str:
    return get_month_names("wide", locale=locale)[month]


def _month_name(day: date) -> str:
    return _name(day.month, get_locale())
