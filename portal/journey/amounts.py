"""Reading an amount of kroner as people type it in Danish or English, and never guessing."""

from __future__ import annotations

import re
from decimal import Decimal

# Spaces people type or paste between thousands.
SPACES = re.compile(r"[\s\u00a0\u202f]")
PLAIN = re.compile(r"\d+")
GROUPED = {".": re.compile(r"\d{1,3}(\.\d{3})+"), ",": re.compile(r"\d{1,3}(,\d{3})+")}
DIGITS_AND_MARKS = re.compile(r"[\d.,]+")
# Twelve thousand five hundred to a Dane; on an English page it could be twelve and a half with a nought too many.
UNCLEAR_IN_ENGLISH = re.compile(r"\d{1,3}\.\d{3}")
MOST_CHARACTERS = 30
CURRENCY = re.compile(r"(?i)(kr\.?|dkk)")


class AmountProblem(ValueError):
    """Why an amount cannot be read; `code` is a key of the table of messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_amount(text: str, limit: Decimal, language: str = "da") -> Decimal:
    """Kroner from what is typed on a page in `language`, ``da`` or ``en``. Raises AmountProblem.

    Danish: ``12500``, ``12.500``, ``12.500,50``, ``12500,5`` or ``12 500 kr.``; a point means thousands and a comma means
    øre. English: the other way round, ``12,500.50``; what can only be Danish (``12.500,50``) is read too, because it
    stands so on Danish payslips. What could mean two things is refused with a word on how to write it: ``12,500.50`` and
    ``12.5`` in Danish, ``12.500`` in English.
    """
    bare = SPACES.sub("", CURRENCY.sub("", text.strip()))
    if len(bare) > MOST_CHARACTERS or not bare.isascii():
        raise AmountProblem("money_too_big" if bare.isascii() and bare.isdigit() else "money_letters")
    if re.match(r"[-\u2212]\d", bare):
        raise AmountProblem("money_negative")
    amount = _english(bare) if language == "en" else _read(bare, thousands=".", decimals=",")
    if amount > limit:
        raise AmountProblem("money_too_big")
    return amount.quantize(Decimal("0.01"))


def _english(bare: str) -> Decimal:
    if UNCLEAR_IN_ENGLISH.fullmatch(bare):
        raise AmountProblem("money_unclear")
    try:
        return _read(bare, thousands=",", decimals=".")
    except AmountProblem as problem:
        try:
            return _read(bare, thousands=".", decimals=",")
        except AmountProblem:
            raise problem from None


def _read(bare: str, *, thousands: str, decimals: str) -> Decimal:
    """The amount with these two marks. A single mark before three digits is never taken for øre."""
    whole, mark, part = bare.partition(decimals)
    if mark and not part.isdigit():
        raise AmountProblem("money_mixed" if DIGITS_AND_MARKS.fullmatch(bare) else "money_letters")
    if len(part) > 2:
        raise AmountProblem("money_mixed" if len(part) == 3 and thousands not in whole else "money_decimals")
    if not (PLAIN.fullmatch(whole) or GROUPED[thousands].fullmatch(whole)):
        raise AmountProblem("money_mixed" if DIGITS_AND_MARKS.fullmatch(bare) else "money_letters")
    return Decimal(whole.replace(thousands, "") + "." + (part or "0"))


def typed_amount(amount: Decimal, language: str) -> str:
    """An amount as it stands in a field: read back as the same by `parse_amount`, without øre when there are none."""
    text = f"{amount:.2f}".removesuffix(".00")
    return text if language == "en" else text.replace(".", ",")
