"""The CPR number as the portal treats it: ten digits, a real date, and never turned away for its check digit.

Rules: https://www.cpr.dk/cpr-systemet/opbygning-af-cpr-nummeret; since 2007 numbers without a valid check digit are
handed out and are as good as any. The date and the check sum are python-stdnum's; its `validate` is not used, because
it asks the machine's clock and refuses every replacement number.
"""

from __future__ import annotations

from datetime import date

from stdnum.dk import cpr as stdnum_cpr
from stdnum.exceptions import InvalidComponent

REPLACEMENT_DAYS = 60
HIDDEN = "\N{BULLET}" * 4
LONGEST = 40


class NotACprNumber(ValueError):
    """The text is no CPR number. `reason` is one of empty, characters, length, date, unborn, replacement."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_cpr(text: str, *, allow_fictional: bool = False, today: date | None = None) -> str:
    """The ten digits of a number written with or without hyphen and spaces.

    Replacement numbers (day + 60) belong to nobody in the people register: they are refused with the reason
    ``replacement``, except with `allow_fictional`, when they stand for the demo's persons. With `today` a birth date
    in the future is refused too. Raises NotACprNumber; the text itself is never in the error.
    """
    if not text.strip():
        raise NotACprNumber("empty")
    if len(text) > LONGEST:
        raise NotACprNumber("length")
    number = stdnum_cpr.compact(text)
    if not (number.isascii() and number.isdigit()):
        raise NotACprNumber("characters")
    if len(number) != 10:
        raise NotACprNumber("length")
    born = _date_in(number)
    if born is None:
        raise NotACprNumber("date")
    if is_replacement(number) and not allow_fictional:
        raise NotACprNumber("replacement")
    if today is not None and born > today:
        raise NotACprNumber("unborn")
    return number


def birth_date(cpr: str) -> date:
    """The date of birth in a number that `parse_cpr` has accepted; the seventh digit tells the century."""
    born = _date_in(cpr)
    if born is None:
        raise NotACprNumber("date")
    return born


def is_replacement(cpr: str) -> bool:
    """Whether the day has 60 added: a replacement number (erstatningspersonnummer), which no person has."""
    return int(cpr[:2]) > REPLACEMENT_DAYS


def has_check_digit(cpr: str) -> bool:
    """Whether the number passes modulus 11. One that does not may be right: at most a reason to look once more."""
    return stdnum_cpr.checksum(cpr) == 0


def could_be_real(cpr: str) -> bool:
    """Whether somebody may have this number, now or later: ten digits that begin with a real date."""
    return len(cpr) == 10 and cpr.isascii() and cpr.isdigit() and not is_replacement(cpr) and _date_in(cpr) is not None


def mask(cpr: str) -> str:
    """The number as screens show it: date of birth, and four dots."""
    return f"{cpr[:6]}-{HIDDEN}"


def _date_in(number: str) -> date | None:
    day = int(number[:2])
    if day > REPLACEMENT_DAYS:
        number = f"{day - REPLACEMENT_DAYS:02d}{number[2:]}"
    try:
        return stdnum_cpr.get_birth_date(number)
    except InvalidComponent:
        return None
