"""A case worker's correction: what is worse than shown or asked for is never told as the whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forms.free_place.correcting import Asked, as_correction
from portal.cases.decision import GrantSpec, Proposal
from portal.i18n import use_locale
from portal.months import Month
from portal.phrases import Phrase

DECEMBER = Month(2026, 12)


def granted(own, month=DECEMBER, yearly=400_000):
    return Proposal("granted", Phrase("x"), (), (), (), (GrantSpec(month, {"own_percent_now": own, "income_yearly": yearly}),))


def asked(shown=6, stated=6, yearly=Decimal(300_000)):
    return Asked(shown, stated, yearly, DECEMBER)


@pytest.mark.parametrize(
    ("proposal", "before", "worse"),
    [
        (granted(6), asked(), False),
        (granted(5), asked(), False),
        (granted(7), asked(), True),
        (granted(7), asked(shown=None), True),
        (granted(7), asked(stated=None), True),
        (granted(7), asked(shown=10), True),
        (granted(7), asked(shown=None, stated=None), False),
        (granted(6, Month(2027, 1)), asked(), True),
        (granted(6, Month(2026, 10)), asked(), False),
        (Proposal("refused", Phrase("x"), (), (), ()), asked(), True),
        (Proposal("refused", Phrase("x"), (), (), ()), asked(shown=100, stated=100), False),
    ],
)
def test_what_is_worse(proposal, before, worse):
    assert before.is_worse(proposal) is worse
    if proposal.outcome == "granted":
        assert as_correction(proposal, before).outcome == ("partly" if worse else "granted")


@pytest.mark.parametrize(
    ("proposal", "before", "said"),
    [
        (granted(26), asked(), "less than your application showed. We have counted DKK 400,000.00 a year instead of DKK 300,000.00."),
        (granted(26), asked(yearly=None, stated=None), "less than your application showed. We have counted DKK 400,000.00 a year."),
        (
            granted(26),
            asked(shown=None),
            "less than your own figures give. We have counted DKK 400,000.00 a year instead of DKK 300,000.00.",
        ),
        (granted(6, Month(2027, 1)), asked(), "later than you applied for: from January 2027. You pay 6 percent of the price."),
    ],
)
def test_the_headline_says_what_is_less(proposal, before, said):
    with use_locale("en"):
        headline = str(as_correction(proposal, before).headline).replace("\N{NO-BREAK SPACE}", " ")
    assert headline == f"You get the subsidy, but {said}"
