"""What people read when a CPR number is wrong or a register is away."""

from __future__ import annotations

from portal.i18n import lazy as _l

CPR_PROBLEMS = {
    "empty": _l("Write a CPR number with 10 digits"),
    "characters": _l("Write only digits in the CPR number. A hyphen is fine too"),
    "length": _l("Write exactly 10 digits in the CPR number"),
    "date": _l("The first six digits must be a date of birth: day, month and year"),
    "unborn": _l("The CPR number has a date of birth in the future. Check the first six digits"),
    "replacement": _l("This is a replacement number. Contact the municipality and they will help you"),
}
"""By the reason of NotACprNumber."""

CPR_LOOK_ONCE_MORE = _l("Check the number once more. It may be right, but most CPR numbers are put together differently.")

REGISTER_AWAY = {
    "people": _l("We can't get your household from the people register (CPR) right now. You can write it yourself and continue."),
    "income": _l("We can't get the income from the income register right now. You can write it yourself, for example from a payslip."),
    "places": _l("We can't get the children's places right now. You can write them yourself and continue."),
}
"""By the register of a RegisterError."""
