"""The words of the letters: decision, hearing, the partner's request, a question from the case worker, a reminder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms.free_place.correcting import own_percent
from portal.cases.decision import APPEAL_WEEKS, Proposal
from portal.i18n import format_date, format_month
from portal.i18n import gettext as _
from portal.months import Month
from portal.phrases import Phrase
from portal.post.content import Section


def letter(
    kind: str,
    application: Mapping[str, Any],
    *,
    to_applicant: bool,
    decision: Mapping[str, Any] | None = None,
    question: Mapping[str, Any] | None = None,
    deadline: date | None = None,
) -> dict[str, Any]:
    """The parts of a letter of this kind, in the language in use."""
    if kind == "decision":
        return decision_letter(Proposal.from_json(decision or {}))
    if kind == "hearing":
        return hearing_letter(question or {}, deadline)
    if kind == "consent_request":
        return consent_letter(question or {}, deadline, reminder=False)
    if kind == "consent_reminder":
        return consent_letter(question or {}, deadline, reminder=True)
    return information_letter(question or {}, deadline)


def decision_letter(proposal: Proposal) -> dict[str, Any]:
    """What was decided, why, the sum, what happens next, how to appeal."""
    titles = {
        "granted": _("You get the free-place subsidy"),
        "partly": _("You get part of what you applied for"),
        "refused": _("You cannot get the free-place subsidy"),
        "stopped": _("Your free-place subsidy stops"),
    }
    sections = [Section(_("Why"), tuple(str(reason) for reason in proposal.reasons))]
    if proposal.sums:
        table = tuple((str(label), str(value)) for label, value in proposal.sums)
        sections.append(Section(_("How we worked it out"), table=table))
    if proposal.next_steps:
        sections.append(Section(_("What happens next"), items=tuple(str(step) for step in proposal.next_steps)))
    return {
        "title": titles[proposal.outcome],
        "lead": str(proposal.headline),
        "sections": tuple(sections),
        "appeal": appeal(),
        "law": tuple(str(law) for law in proposal.law),
    }


def appeal() -> Section:
    """How to appeal: to the municipality, which looks at it again, and on to Ankestyrelsen."""
    return Section(
        _("If you disagree"),
        (
            _(
                "You can appeal within %(weeks)s weeks of getting this letter. Write to the municipality and say what you disagree with.",
                weeks=APPEAL_WEEKS,
            ),
            _(
                "The municipality looks at the decision again. If it does not change it, it sends your appeal to the National Social Appeals Board (Ankestyrelsen)."
            ),
        ),
    )


def hearing_letter(question: Mapping[str, Any], deadline: date | None) -> dict[str, Any]:
    """The facts that speak against the person, before anything is decided."""
    facts = tuple(str(Phrase.from_json(fact)) for fact in question.get("facts", []))
    proposal = Proposal.from_json(question["proposal"])
    table = tuple((str(label), str(value)) for label, value in proposal.sums)
    return {
        "title": _("We want to hear from you before we decide"),
        "lead": " ".join((outcome_words(proposal), _("Tell us by %(date)s if something is wrong.", date=_day(deadline)))),
        "sections": (
            Section(_("What we know"), (*facts, _("Nothing has been decided yet.")), table=table),
            Section(
                _("What you can do"),
                items=(
                    _("Log in and answer under To do. You can say that it is right, or write what is wrong."),
                    _("If we hear nothing by %(date)s, we decide on what we know.", date=_day(deadline)),
                ),
            ),
        ),
        "law": (_("Public Administration Act (forvaltningsloven) § 19: the right to be heard"),),
    }


def outcome_words(proposal: Proposal) -> str:
    """What somebody who is heard will get if nothing changes."""
    if proposal.outcome == "refused":
        return _("With these facts you do not get the free-place subsidy.")
    return _("With these facts you pay %(own)s percent of the price.", own=own_percent(proposal))


def consent_letter(question: Mapping[str, Any], deadline: date | None, *, reminder: bool) -> dict[str, Any]:
    """Asking the partner to approve."""
    applicant = question.get("applicant") or _("Your partner")
    lead = (
        _("We still need your approval. %(name)s has applied for the free-place subsidy for your household.", name=applicant)
        if reminder
        else _("%(name)s has applied for the free-place subsidy for your household. We need your approval.", name=applicant)
    )
    return {
        "title": _("Approve the application for the free-place subsidy"),
        "lead": lead,
        "sections": (
            Section(
                _("What you must do"),
                items=(
                    _("Log in with your own MitID by %(date)s and open To do.", date=_day(deadline)),
                    _("See the income the income register has for you, and say whether it is right."),
                    _("Approve that you apply together. Your income is only used for this case."),
                ),
            ),
            Section(
                _("What happens next"),
                (
                    _(
                        "When you have approved, and the registers confirm everything, the case is decided at once. If you get the subsidy, it counts from %(month)s.",
                        month=_month(question.get("start")),
                    ),
                    _("If you do not approve in time, a case worker looks at the case. Until then the bills that may change are on hold."),
                ),
            ),
        ),
        "law": (_("Day-care Regulation (dagtilbudsbekendtgørelsen) § 27: household, income and the scale"),),
    }


def information_letter(question: Mapping[str, Any], deadline: date | None) -> dict[str, Any]:
    """A case worker's question."""
    return {
        "title": _("We need something from you"),
        "lead": _("We need an answer from you by %(date)s to decide your case.", date=_day(deadline)),
        "sections": (
            Section(_("What we need"), tuple(line for line in str(question.get("text", "")).splitlines() if line.strip())),
            Section(_("What you must do"), items=(_("Log in and answer under To do."),)),
        ),
    }


def _day(deadline: date | None) -> str:
    return format_date(deadline) if deadline else ""


def _month(text: str | None) -> str:
    return format_month(Month.parse(text)) if text else ""
