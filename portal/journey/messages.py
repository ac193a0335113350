"""Every error a person can meet in a field: one table, so that the same mistake has the same words everywhere.

``%(thing)s`` is what the field asks for, in lower case and with its article ("your pay before tax").
"""

from __future__ import annotations

from portal.i18n import fill
from portal.i18n import lazy as _l
from portal.registers.words import CPR_PROBLEMS

MESSAGES = {
    "missing": _l("Write %(thing)s"),
    "missing_choice": _l("Choose %(thing)s"),
    "missing_tick": _l("Tick the box if %(thing)s"),
    "missing_ticks": _l("Tick %(thing)s"),
    "unknown_choice": _l("Choose one of the answers on the page"),
    "too_short": _l("Write a little more: at least %(least)s characters"),
    "too_long": _l("Write at most %(limit)s characters. You have written %(length)s"),
    "money_letters": _l("Write %(thing)s in digits, for example 28000 or 28,000.50"),
    "money_negative": _l("Write %(thing)s as 0 or more, without a minus sign"),
    "money_decimals": _l("Write at most two digits after the point in %(thing)s"),
    "money_mixed": _l("Use a point before the øre in %(thing)s, for example 12,500.50"),
    "money_unclear": _l("Write %(thing)s without a point, for example 12500, or with a comma between the thousands: 12,500"),
    "money_too_big": _l("Check %(thing)s. It can be at most %(limit)s kroner"),
    "more_taken_off": _l("Check %(thing)s. What is taken off is more than the pay"),
    "number_letters": _l("Write a whole number, for example 2"),
    "number_range": _l("Write a number from %(low)s to %(high)s"),
    "date_parts": _l("Write day, month and year for %(thing)s, for example 3 12 2026"),
    "date_unreal": _l("Check %(thing)s. That date does not exist"),
    **{f"cpr_{reason}": words for reason, words in CPR_PROBLEMS.items()},
    "own_number": _l("Write your partner's CPR number. This one is your own"),
    "file_type": _l("Choose a PDF, JPG or PNG file. The file you chose is something else"),
    "file_big": _l("Choose a file of at most %(limit)s MB"),
    "file_many": _l("Choose at most %(limit)s files"),
    "file_empty": _l("Choose another file. The one you chose is empty"),
    "file_broken": _l("Choose the file again. The one you sent is not a whole PDF"),
    "file_packed": _l("Print the file to a new PDF and choose that one. We cannot look into the one you chose"),
    "file_unsafe": _l("Choose another file. The one you chose looks harmful and has been thrown away"),
}


def message(code: str, **values: object) -> str:
    """The words of one error in the language in use."""
    text = str(MESSAGES[code])
    return fill(text, values) if values else text
