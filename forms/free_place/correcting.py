"""What a case worker's correction is measured against: nobody gets less than they were shown without being heard and told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from portal.cases.decision import Proposal
from portal.months import Month
from portal.phrases import N_, Phrase

FULL = 100


@dataclass(frozen=True)
class Asked:
    """What the citizen applied for. shown: the percentage they saw; stated: the one their own figures give; None: unknown.

    yearly: the income behind `stated`, kroner a year. month: the first month they applied for.
    """

    shown: int | None
    stated: int | None
    yearly: Decimal | None
    month: Month

    def is_worse(self, proposal: Proposal) -> bool:
        """Whether the decision costs the citizen more than they were shown or asked for, or comes later."""
        known = [percent for percent in (self.shown, self.stated) if percent is not None]
        costs_more = bool(known) and own_percent(proposal) > min(known)
        return costs_more or any(grant.from_month > self.month for grant in proposal.grants)


def own_percent(proposal: Proposal) -> int:
    """What the citizen pays in percent when this is decided."""
    return max((int(grant.content["own_percent_now"]) for grant in proposal.grants), default=FULL)


def as_correction(proposal: Proposal, asked: Asked) -> Proposal:
    """The proposal as it is told: a grant that is worse than what was asked for is only a part of it."""
    if proposal.outcome != "granted" or not asked.is_worse(proposal):
        return proposal
    return replace(proposal, outcome="partly", headline=_headline(proposal, asked))


def _headline(proposal: Proposal, asked: Asked) -> Phrase:
    (grant,) = proposal.grants
    counted = Decimal(grant.content["income_yearly"])
    own = own_percent(proposal)
    if asked.shown is not None and own > asked.shown:
        if asked.yearly is None:
            return Phrase(
                N_("You get the subsidy, but less than your application showed. We have counted %(income)s a year."), {"income": counted}
            )
        return Phrase(
            N_("You get the subsidy, but less than your application showed. We have counted %(income)s a year instead of %(stated)s."),
            {"income": counted, "stated": asked.yearly},
        )
    if asked.stated is not None and own > asked.stated and asked.yearly is not None:
        return Phrase(
            N_("You get the subsidy, but less than your own figures give. We have counted %(income)s a year instead of %(stated)s."),
            {"income": counted, "stated": asked.yearly},
        )
    return Phrase(
        N_("You get the subsidy, but later than you applied for: from %(month)s. You pay %(own)s percent of the price."),
        {"month": grant.from_month, "own": own},
    )
