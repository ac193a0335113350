"""What time it is: asked of an object, so that the law never asks the machine."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Protocol
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class Clock(Protocol):
    """Tells the time. Both methods speak of the same moment."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""

    def today(self) -> date:
        """The date in Denmark."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(timezone.utc)

    def today(self) -> date:
        return self.now().astimezone(COPENHAGEN).date()


class ShiftedClock(SystemClock):
    """The machine's clock moved by whole days, so that the demo always begins on the date its data was made for."""

    def __init__(self, begin: date) -> None:
        self._shift = timedelta(days=(begin - SystemClock().today()).days)

    def now(self) -> datetime:
        return super().now() + self._shift


class FixedClock:
    """Stands still until it is moved; for tests and benchmarks."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.astimezone(COPENHAGEN).date()

    def move(self, **delta: float) -> None:
        """Go forward by a timedelta's arguments."""
        self.moment += timedelta(**delta)
