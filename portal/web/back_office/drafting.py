"""From what a case worker chose and wrote to a decision; nothing is stored here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from portal.cases.decision import Proposal
from portal.i18n import gettext as _
from portal.i18n import use_locale
from portal.months import Month
from portal.phrases import N_, Phrase
from portal.web.back_office.acts import OTHER_RULE, DecideForm
from portal.web.back_office.desk import Desk

# What a case worker typed, as a phrase.
TEXT = "%(text)s"
NEXT_AFTER_REFUSAL = (Phrase(N_("Your bills stay as they are.")), Phrase(N_("You can apply again at any time.")))


def draft(desk: Desk, form: DecideForm) -> Proposal | None:
    """The decision the form describes; None when there is none, and then the form says why."""
    if desk.silent:
        _no_decision(form, desk.silent)
        return None
    base = _refusal(desk) if form.outcome.data == "refuse" else _worked_out(desk, form)
    if base is None:
        return None
    reasons = _reasons(desk, form, base)
    if reasons is None:
        return None
    first, rest = list(reasons[:1]), list(reasons[1:])
    return replace(base, reasons=[*first, *_why_other(form), *rest], law=_law(desk, form))


def must_be_heard(desk: Desk, form: DecideForm, proposal: Proposal) -> bool:
    """Whether the citizen must see the facts first: another income or month than theirs, and less for them than they expect."""
    if form.outcome.data != "corrected" or desk.heard:
        return False
    return desk.service.is_worse(desk.file.application, desk.file.answers, desk.facts, desk.today, proposal)


def digest(proposal: Proposal) -> str:
    """A mark by which a decision is known again: the one that is sent must be the one that was shown."""
    return hashlib.sha256(json.dumps(proposal.to_json(), sort_keys=True).encode()).hexdigest()[:32]


def written(desk: Desk, proposal: Proposal, form: DecideForm) -> str:
    """The reasons of a draft as they go back into their own field of the form: with no name that was hidden there."""
    reasons = list(proposal.reasons)
    for phrase in _why_other(form):
        reasons.remove(phrase)
    if any(phrase.message == TEXT for phrase in reasons):
        return str(form.reasons.data)
    return desk.to_edit(replace(proposal, reasons=reasons))


def _worked_out(desk: Desk, form: DecideForm) -> Proposal | None:
    corrected = form.outcome.data == "corrected"
    month = Month.parse(form.month.data) if corrected else desk.start_month
    problems = desk.missing_figures(month)
    if problems:
        _no_decision(form, problems)
        return None
    found = desk.propose(form.monthly, month) if corrected else desk.computed
    if found is None:
        form.income.errors = [_("Write the household's income. It is not known, so nothing can be worked out without it")]
    return found


def _refusal(desk: Desk) -> Proposal:
    # The rules' own refusal keeps its sum; against a computed right the sum would speak for the citizen.
    if desk.computed is not None and desk.computed.outcome == "refused":
        return replace(desk.computed, reasons=())
    return Proposal("refused", Phrase(N_("You do not get what you applied for.")), (), (), (), (), NEXT_AFTER_REFUSAL)


def _reasons(desk: Desk, form: DecideForm, base: Proposal) -> Sequence[Phrase] | None:
    """The rules' reasons as long as nobody has changed them: they can be read in both languages. Else the text."""
    text = form.reasons.data
    if _same(text, desk.to_edit(base)):
        return base.reasons
    if _same(text, desk.prefilled_reasons) and desk.computed is not None:
        if form.outcome.data == "corrected":
            return base.reasons
        if desk.computed.outcome != "refused":
            form.reasons.errors = [_("Write why you refuse. The text still says why the citizen gets the subsidy")]
            return None
        return desk.computed.reasons
    return _named(desk, form, base)


def _named(desk: Desk, form: DecideForm, base: Proposal) -> Sequence[Phrase] | None:
    """What was typed, with the names put back that were hidden from the one who typed: the letter is the citizen's own."""
    text = form.reasons.data
    for place, name in {**desk.hidden_in(base), **desk.hidden_in(desk.computed)}.items():
        text = text.replace(place, name)
    if desk.protected and any(place in text for place in _places(desk)):
        form.reasons.errors = [_("Write the reasons without “(protected name)”. We cannot see whose name it stands for")]
        return None
    return _lines(text)


def _places(desk: Desk) -> set[str]:
    """What stands in a name's place, in the language of the page and in that of the letter."""
    with use_locale(desk.case.language):
        letter = _("(protected name)")
    return {word.rstrip(")") for word in (letter, _("(protected name)"))}


def _why_other(form: DecideForm) -> list[Phrase]:
    return _lines(form.why_other.data or "") if form.outcome.data == "corrected" else []


def _lines(text: str) -> list[Phrase]:
    return [Phrase(TEXT, {"text": line.strip()}) for line in text.splitlines() if line.strip()]


def _law(desk: Desk, form: DecideForm) -> list[Phrase]:
    chosen = [rule for rule in desk.law if rule.message in form.law.data]
    if OTHER_RULE in form.law.data:
        chosen.append(Phrase(TEXT, {"text": form.other_law.data}))
    return chosen


def _no_decision(form: DecideForm, why: Sequence[Phrase]) -> None:
    form.outcome.errors = [_("This cannot be decided now. %(why)s", why=" ".join(f"{str(each).rstrip('.')}." for each in why))]


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()
