"""A decision in words and figures: granted, refused or stopped, with the sum behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from forms.free_place.context import Context, month_with
from forms.free_place.household import Household
from forms.free_place.percent import Percent
from forms.free_place.words import KIND_INSIDE, STEPS, is_raised, scale_phrase, step_message
from portal.cases.decision import GrantSpec, Proposal
from portal.months import Month
from portal.payments.lines import PlanLine, PlanMonth
from portal.phrases import N_, Phrase

LAW = (
    Phrase(N_("Day-care Act (dagtilbudsloven) § 43: the free-place subsidy and the sibling subsidy")),
    Phrase(N_("Day-care Regulation (dagtilbudsbekendtgørelsen) § 27: household, income and the scale")),
    Phrase(N_("Day-care Regulation (dagtilbudsbekendtgørelsen) § 28: which income counts")),
    Phrase(N_("Day-care Regulation (dagtilbudsbekendtgørelsen) § 31: from when")),
)
FULL = 100


def proposal_for(
    context: Context,
    facts: Mapping[str, Any],
    household: Household,
    percent: Percent,
    monthly: Decimal,
    month: Month,
    today: date,
    why_then: Phrase,
) -> Proposal:
    """Grant or refuse on a percentage."""
    sums = [*_income_sums(percent, monthly), *_place_sums(month_with(context, facts, percent.own, month, today))]
    notes = [Phrase(N_("The income limits for %(year)s have not been confirmed yet. This is a demonstration."), {"year": month.year})]
    unconfirmed = notes if not percent.scale.confirmed else []
    if percent.own >= FULL:
        return _refused(percent, month, sums, unconfirmed)
    content = {
        "income_yearly": int(percent.trail[0].value),
        "is_single": household.is_single,
        "children": household.children_under_18,
        "own_percent_now": percent.own,
    }
    reasons = [
        Phrase(
            N_(
                "Your household's income is %(income)s a year. With that you pay %(own)s percent of the price yourself. The municipality pays %(subsidy)s percent."
            ),
            {"income": percent.trail[0].value, "own": percent.own, "subsidy": percent.subsidy},
        ),
        *([how] if (how := scale_phrase(percent)) else []),
        why_then,
        *unconfirmed,
    ]
    next_steps = [
        Phrase(N_("From %(month)s your bills follow the decision. You do not have to do anything."), {"month": month}),
        Phrase(
            N_(
                "Every month we compare your income with the income register. If it differs much, that month's bill is corrected two months later."
            )
        ),
        Phrase(N_("Tell us if your household changes, or if you get income that the register does not show.")),
    ]
    headline = Phrase(
        N_("You get the free-place subsidy from %(month)s. You pay %(own)s percent of the price."), {"month": month, "own": percent.own}
    )
    return Proposal("granted", headline, reasons, LAW, sums, (GrantSpec(month, content),), next_steps)


def stop_proposal(month: Month) -> Proposal:
    """The subsidy stops because the parent wants it to."""
    headline = Phrase(N_("Your free-place subsidy stops on %(day)s, as you asked."), {"day": month.first})
    reasons = [Phrase(N_("You have told us that you no longer want the subsidy."))]
    next_steps = [Phrase(N_("From %(month)s you pay the full price, less any sibling subsidy."), {"month": month})]
    return Proposal(
        "stopped", headline, reasons, LAW[:1], (), (GrantSpec(month, {"own_percent": FULL, "own_percent_now": FULL}),), next_steps
    )


def missing_prices(context: Context, facts: Mapping[str, Any], month: Month, today: date) -> bool:
    """Whether a price of the month is missing, or unconfirmed where that matters."""
    shown = month_with(context, facts, FULL, month, today)
    if any(line.missing or line.estimate for line in shown.lines):
        return True
    if context.use_unconfirmed:
        return False
    return any(
        not context.figures.price(place["municipality"], line.place_kind, month).confirmed
        for place, line in zip(facts["places"], shown.lines, strict=False)
    )


def _refused(percent: Percent, month: Month, sums: list[tuple[Phrase, Phrase]], notes: list[Phrase]) -> Proposal:
    steps = {step.key: step.value for step in percent.trail}
    headline = Phrase(N_("You cannot get the free-place subsidy, because your household's income is above the limit."))
    reasons = [
        Phrase(
            N_(
                "Your household's income is %(income)s a year. The limit for your household is %(limit)s. From there parents pay the full price."
            ),
            {"income": steps["yearly_income"], "limit": steps["upper_limit"]},
        ),
        *notes,
    ]
    next_steps = [
        Phrase(N_("Your bills stay as they are.")),
        Phrase(N_("You can apply again at any time, for example if your income falls.")),
    ]
    return Proposal("refused", headline, reasons, LAW, sums, (), next_steps)


def _income_sums(percent: Percent, monthly: Decimal) -> list[tuple[Phrase, Phrase]]:
    steps = {step.key: step for step in percent.trail}
    rows = [(Phrase(STEPS["monthly_income"]), _kroner(monthly)), (Phrase(STEPS["yearly_income"]), _kroner(steps["yearly_income"].value))]
    rows.append((Phrase(STEPS["children"]), Phrase("%(number)s", {"number": int(steps["children"].value)})))
    for key in ("single_raise", "children_raise"):
        if steps[key].value:
            rows.append((Phrase(STEPS[key]), _kroner(steps[key].value)))
    for key in ("lower_limit", "upper_limit"):
        rows.append((Phrase(step_message(key, raised=is_raised(percent.trail))), _kroner(steps[key].value)))
    rows.append((Phrase(STEPS["own_percent"]), Phrase(N_("%(number)s percent"), {"number": percent.own})))
    return rows


def _place_sums(shown: PlanMonth) -> list[tuple[Phrase, Phrase]]:
    rows = [row for line in shown.lines for row in _line_sums(line)]
    if shown.total is not None and len(shown.lines) > 1:
        rows.append((Phrase(N_("You pay a month in all")), _kroner(shown.total)))
    return rows


def _line_sums(line: PlanLine) -> list[tuple[Phrase, Phrase]]:
    """One child's sum, so that a parent can add it up: the price, less the subsidies, is what they pay."""
    if line.own_payment is None or line.rate is None or line.lunch is None or line.free_place is None:
        return []
    child = {"child": line.child_name or ""}
    price = N_("%(child)s, %(place)s: price with lunch") if line.lunch else N_("%(child)s, %(place)s: price")
    rows = [
        (Phrase(price, {**child, "place": Phrase(KIND_INSIDE[line.place_kind])}), _kroner(line.rate + line.lunch)),
        (Phrase(N_("%(child)s: less free-place subsidy"), child), _kroner(line.free_place)),
    ]
    if line.sibling:
        rows.append((Phrase(N_("%(child)s: less sibling subsidy"), child), _kroner(line.sibling)))
    return [*rows, (Phrase(N_("%(child)s: you pay a month"), child), _kroner(line.own_payment))]


def _kroner(amount: Decimal) -> Phrase:
    return Phrase("%(amount)s", {"amount": amount})
