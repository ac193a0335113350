"""Økonomisk fripladstilskud: the free-place subsidy, which lowers what parents pay for day care by their income."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from forms.free_place import application, decision
from forms.free_place.comparing import compare
from forms.free_place.consent import CONSENT_PAGE
from forms.free_place.context import Context, bills_for
from forms.free_place.facts import gather, needed_facts_problem
from forms.free_place.figures import Figures
from forms.free_place.letters import letter
from forms.free_place.looking import expects_person, tell_citizen
from forms.free_place.steps import STEPS
from portal.cases.decision import AnswerGiven, Proposal, Verdict
from portal.i18n import lazy as _l
from portal.journey.service import Service
from portal.months import Month
from portal.payments.lines import Plan


def make_service(figures: Figures, *, use_unconfirmed: bool = False) -> Service:
    """The application on these figures. `use_unconfirmed` only in the demo: elsewhere unconfirmed figures decide nothing."""

    def context_for(code: str | None) -> Context:
        return Context(figures, figures.settings.get(code or ""), use_unconfirmed)

    def context(facts: Mapping[str, Any], _today: date) -> Context:
        return context_for(facts["municipality"])

    def decide(sent: Mapping[str, Any], answers: Sequence[AnswerGiven], facts: Mapping[str, Mapping[str, Any]], today: date) -> Verdict:
        return decision.decide(sent, answers, facts, today, context_for(sent["municipality"]))

    def expected_plan(
        facts: Mapping[str, Any], grants: Sequence[Mapping[str, Any]], first: Month, today: date, held_from: Month | None, months: int = 12
    ) -> Plan:
        return bills_for(context(facts, today), facts, grants, first, today, months=months, held_from=held_from)

    def propose(
        sent: Mapping[str, Any], answers: Sequence[AnswerGiven], facts: Mapping[str, Mapping[str, Any]], today: date, **found: Any
    ) -> Any:
        return decision.propose(decision.Inputs(sent, answers, facts, today, context_for(sent["municipality"])), **found)

    def is_worse(
        sent: Mapping[str, Any], answers: Sequence[AnswerGiven], facts: Mapping[str, Mapping[str, Any]], today: date, proposal: Proposal
    ) -> bool:
        return decision.asked_of(decision.Inputs(sent, answers, facts, today, context_for(sent["municipality"]))).is_worse(proposal)

    return Service(
        slug="free-place",
        name=_l("Free-place subsidy (økonomisk fripladstilskud)"),
        lead=_l("Pay less for day care when your household's income is low. You apply once for all your children."),
        kle="28.77.08",
        facet="G01",
        kle_label="Økonomisk fripladstilskud",
        steps=STEPS,
        needs=(
            _l("Your MitID"),
            _l("A payslip, if your income has changed lately"),
            _l("Your partner's MitID, if you live as a couple: your partner approves afterwards"),
        ),
        decides=_l(
            "Your municipality decides. If the registers confirm everything, it happens within seconds. Otherwise a case worker looks at it."
        ),
        schema_version=application.VERSION,
        schema=application.SCHEMA,
        gather=gather,
        needed_facts_problem=needed_facts_problem,
        context=context,
        build=application.build,
        requests=application.requests,
        decide=decide,
        propose=propose,
        letter=letter,
        compare=compare,
        hold_from=application.hold_from,
        expects_person=expects_person,
        tell_citizen=tell_citizen,
        is_worse=is_worse,
        expected_plan=expected_plan,
        answer_pages={"consent": CONSENT_PAGE},
    )
