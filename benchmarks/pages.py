"""What is asked for, and what the issue allows it to cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.people import Somebody
from benchmarks.seeding import PAYSLIP, Seeded

# "None above twice the bare page measured in the same run."
TIMES_BARE_PAGE = 2.0


@dataclass(frozen=True)
class Page:
    """One request that is measured. `limit` is in milliseconds of CPU; a `bare` one is compared with and has no limit."""

    name: str
    path: str
    who: Somebody | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    limit: float | None = None
    bare: bool = False

    @property
    def method(self) -> str:
        return "POST" if self.form else "GET"

    @property
    def headers(self) -> dict[str, str]:
        """What a browser would send that matters here."""
        return {"Cookie": self.who.cookie} if self.who else {}


HELLO = Page("Flask says hello", "/hello", bare=True)
BARE = Page("bare page: our frame, ten fields", "/page", bare=True)


def pages_of(seeded: Seeded) -> list[Page]:
    """All pages, in the order of the table."""
    one = f"/apply/free-place/{seeded.draft}"
    whole = f"/apply/free-place/{seeded.complete}"
    who = seeded.applicant
    typed = {name: (text or "").replace(".", ",") for name, text in PAYSLIP.items()}
    # The version is higher than any this run reaches, so that saving the page over and over is never a conflict.
    form = {"csrf_token": who.csrf, "version": "999999999", **typed}
    return [
        HELLO,
        BARE,
        Page("step GET: payslip, six fields", f"{one}/payslip", who, limit=4),
        Page("step POST: payslip, saved", f"{one}/payslip", who, form, 303, limit=5),
        Page("step GET: household, one choice", f"{one}/household", who, limit=4),
        Page("check your answers", f"{whole}/check", who),
        Page("Min Side: 3 cases, 12 months", "/my-page", seeded.family, limit=6),
        Page("payments: 12 bills, 12 months ahead", "/my-page/payments", seeded.family),
        Page("case list of somebody with 872 cases", "/my-page/cases", seeded.busy),
        Page("front page", "/"),
    ]
