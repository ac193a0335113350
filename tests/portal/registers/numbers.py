"""CPR numbers for tests, made from a birth date so that none of them can be anybody's."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

SEVENTH_DIGITS = {
    range(1858, 1900): "5678",
    range(1900, 1937): "0123",
    range(1937, 2000): "012349",
    range(2000, 2037): "456789",
    range(2037, 2058): "5678",
}
"""Which seventh digits a year of birth can have: the table of centuries read backwards (1937-1957 and 1958-1999 share all but 5-8)."""


def number(born: date, seventh: str, rest: str = "000", *, replacement: bool = True) -> str:
    """A CPR number with this birth date; with `replacement` one that nobody can have."""
    day = born.day + (60 if replacement else 0)
    return f"{day:02d}{born.month:02d}{born.year % 100:02d}{seventh}{rest}"


@st.composite
def born_and_number(draw: st.DrawFn) -> tuple[date, str]:
    """A birth date and a fictional number that says so."""
    years, digits = draw(st.sampled_from(sorted(SEVENTH_DIGITS.items(), key=lambda item: item[0].start)))
    born = draw(st.dates(date(years.start, 1, 1), date(years.stop - 1, 12, 31)))
    rest = draw(st.text("0123456789", min_size=3, max_size=3))
    return born, number(born, draw(st.sampled_from(digits)), rest)
