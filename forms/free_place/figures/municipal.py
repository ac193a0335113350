"""What a municipality decides itself about payment and subsidies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.months import Month

Billing = Literal["advance", "arrears"]
DearestPlace = Literal["highest_rate", "gross_cost", "net_cost"]


@dataclass(frozen=True)
class MunicipalSettings:
    """One municipality's settings; municipalities.toml says what each field means.

    assumed: names of the fields nobody has confirmed. source: where the known ones were read ("" when none is).
    """

    code: str
    free_months: frozenset[int]
    free_months_sfo: frozenset[int]
    billing: Billing
    due_day: int
    dearest_place: DearestPlace
    sfo_of_private_school: bool
    klub_in_sibling: bool
    lunch_in_sibling: bool
    back_dating_limit_months: int | None
    kindergarten_rate_age_months: int
    dagpleje_rate_drops: bool
    objection_days: int
    hearing_days: int
    assumed: frozenset[str]
    source: str

    def months_a_year(self, kind: str) -> int:
        """How many months a year are paid for."""
        return 12 - len(self._free(kind))

    def is_free(self, kind: str, month: Month) -> bool:
        """Whether nothing is paid for this kind of place in this calendar month."""
        return month.month in self._free(kind)

    def due(self, month: Month) -> date:
        """When the bill for `month` falls due."""
        pay_in = month if self.billing == "advance" else month.plus(1)
        return pay_in.first.replace(day=min(self.due_day, pay_in.last.day))

    def kind_charged(self, kind: str, born: date, month: Month) -> str:
        """The kind whose rate holds for this child in this month: the kindergarten's from the municipality's age."""
        drops = kind == "vuggestue" or (kind == "dagpleje" and self.dagpleje_rate_drops)
        if drops and month >= Month.of(born).plus(self.kindergarten_rate_age_months):
            return "boernehave"
        return kind

    def _free(self, kind: str) -> frozenset[int]:
        return self.free_months_sfo if kind in ("sfo", "klub") else self.free_months
