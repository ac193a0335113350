"""The words for a payment plan: why a month changed, what a state means, what is missing."""

from __future__ import annotations

from portal.i18n import format_date
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.payments.lines import PlanLine, Why

WHY = {
    Why.PLACE_STARTS: _l("The place starts"),
    Why.PLACE_ENDS: _l("Last month in this place"),
    Why.PLACE_CHANGES: _l("Your child changes place"),
    Why.AGE_LOWERS_RATE: _l("Your child is now old enough for the kindergarten price"),
    Why.NEW_PRICES: _l("New prices for the new year"),
    Why.LUNCH_CHANGES: _l("The price of lunch changes"),
    Why.SUBSIDY_STARTS: _l("Your free-place subsidy starts"),
    Why.SUBSIDY_CHANGES: _l("Your free-place subsidy changes"),
    Why.SUBSIDY_ENDS: _l("Your free-place subsidy ends"),
    Why.SIBLING_STARTS: _l("Your sibling subsidy starts"),
    Why.SIBLING_ENDS: _l("Your sibling subsidy ends"),
    Why.FREE_MONTH: _l("You pay nothing this month"),
    Why.ESTIMATE: _l("An estimate: next year's prices and limits are not out yet"),
    Why.MISSING: _l("We do not have the price for this month"),
}

OF_CHILD = {
    Why.PLACE_CHANGES: _l("%(child)s changes place"),
    Why.AGE_LOWERS_RATE: _l("%(child)s is now old enough for the kindergarten price"),
}
"""The same where the child's name is known."""

KINDS = {
    "dagpleje": _l("Childminder"),
    "vuggestue": _l("Nursery"),
    "boernehave": _l("Kindergarten"),
    "sfo": _l("After-school care"),
    "klub": _l("After-school club"),
}

MISSING = {
    "price": _l("We do not have the municipality's price for this place."),
    "lunch": _l("We do not have the municipality's price for lunch."),
    "running_cost": _l("We do not know which place the municipality counts as the dearest."),
    "sibling_price": _l("We do not have the price of the other child's place, so we cannot work out the sibling subsidy."),
}

STATES = {
    "expected": _l("Expected"),
    "held": _l("On hold while we look at your application"),
    "invoiced": _l("Bill sent"),
    "paid": _l("Paid"),
}


def state_text(line: PlanLine) -> str:
    """The state of a line as a short sentence, with the day to pay by where there is one."""
    if line.state == "invoiced" and line.due is not None:
        return _("Bill sent. Pay by %(date)s", date=format_date(line.due))
    return str(STATES[line.state])
