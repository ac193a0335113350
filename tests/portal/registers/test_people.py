from __future__ import annotations

from datetime import date

import pytest

from portal.registers.demo import demo_persons
from portal.registers.people import Address
from portal.registers.places import Place
from portal.registers.registers import embedded_registers


@pytest.mark.parametrize(
    ("floor", "door", "line"),
    [
        (None, None, "Prøvevej 1"),
        ("2", "tv", "Prøvevej 1, 2. tv"),
        ("st", "th", "Prøvevej 1, st. th"),
        ("kl", None, "Prøvevej 1, kl."),
        (None, "12", "Prøvevej 1, 12"),
    ],
)
def test_an_address_as_it_is_written(floor: str | None, door: str | None, line: str) -> None:
    address = Address(street="Prøvevej", house_number="1", floor=floor, door=door, postal_code="5000", city="Odense C")
    assert address.lines == (line, "5000 Odense C")


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 9, 29), 14), (date(2026, 9, 30), 15), (date(2029, 9, 29), 17), (date(2029, 9, 30), 18)]
)
def test_one_is_a_year_older_on_the_birthday(day: date, age: int) -> None:
    lukas = embedded_registers().people.person(demo_persons()["lukas"].cpr)
    assert lukas is not None
    assert lukas.age(day) == age


def test_a_place_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Place(
            id="1",
            child_cpr="7706255002",
            kind="sfo",
            institution="Prøven",
            municipality_code="0461",
            admitted=date(2026, 1, 1),
            from_date=date(2026, 5, 1),
            until=date(2026, 4, 30),
            lunch=False,
            private=False,
            payer_cpr="7203914002",
        )
