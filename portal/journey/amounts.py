"""Reading an amount of kroner as people type it in Denmark, and never guessing."""

from __future__ import annotations

import re
from decimal import Decimal

# Spaces people type or paste between thousands.
SPACES = re.compile(r"[\s\u00a0\u202f]")
PLAIN = re.compile(r"\d+")
DANISH = re.compile(r"\d{1,3}(\.\d{3})+")
MOST_CHARACTERS = 30
CURRENCY = re.compile(r"(?i)(kr\.?|dkk)")


class AmountProblem(ValueError):
    """Why an amount cannot be read; `code` is a key of the table of messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_amount(text: str, limit: Decimal) -> Decimal:
    """Kroner from ``12500``, ``12.500``, ``12.500,50``, ``12500,5`` or ``12 500 kr.``.

    A point means thousands and a comma means øre, as in Danish. ``12,500.50`` and ``12.5`` could mean two things and
    are refused with a word on how to write them.
    """
    bare = SPACES.sub("", CURRENCY.sub("", text.strip()))
    if len(bare) > MOST_CHARACTERS or not bare.isascii():
        raise AmountProblem("money_too_big" if bare.isascii() and bare.isdigit() else "money_letters")
    if re.match(r"[-\u2212]\d", bare):
        raise AmountProblem("money_negative")
    whole, comma, part = bare.partition(",")
    if comma and not part.isdigit():
        raise AmountProblem("money_mixed" if re.fullmatch(r"[\d.,]+", bare) else "money_letters")
    if len(part) > 2:
        raise AmountProblem("money_mixed" if len(part) == 3 and "." not in whole else "money_decimals")
    if not (PLAIN.fullmatch(whole) or DANISH.fullmatch(whole)):
        raise AmountProblem("money_mixed" if re.fullmatch(r"[\d.,]+", bare) else "money_letters")
    amount = Decimal(whole.replace(".", "") + "." + (part or "0"))
    if amount > limit:
        raise AmountProblem("money_too_big")
    return amount.quantize(Decimal("0.01"))
