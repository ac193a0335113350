"""A case told to the one who works on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.i18n import format_date, format_datetime, format_month
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.months import Month
from portal.phrases import Phrase
from portal.storage.models import AnswerRequest, Case, CaseEvent, Letter

STATE = {
    "submitted": _l("The registers are being asked"),
    "awaiting_consent": _l("Waiting for the partner"),
    "awaiting_citizen": _l("Waiting for the citizen"),
    "awaiting_host": _l("Waiting for somebody else"),
    "hearing": _l("Being heard"),
    "informed": _l("Needs a case worker"),
    "decided": _l("Decided"),
    "executed": _l("In effect"),
    "reconsidering": _l("Decided, and to be looked at again"),
    "closed": _l("Closed"),
    "withdrawn": _l("Withdrawn"),
}
HAPPENED = {
    "submitted": _l("The application arrived."),
    "consent_asked": _l("The partner was asked to approve by %(deadline)s."),
    "consent_given": _l("The partner approved."),
    "consent_refused": _l("The partner did not approve."),
    "consent_withdrawn": _l("The partner took the approval back."),
    "consent_expired": _l("The partner did not answer in time."),
    "hearing_asked": _l("The citizen was shown the facts, and can comment until %(deadline)s."),
    "hearing_agreed": _l("The citizen answered that the facts are right."),
    "hearing_commented": _l("The citizen commented on the facts."),
    "hearing_expired": _l("The citizen did not comment in time."),
    "information_asked": _l("The citizen was asked for something, and can answer until %(deadline)s."),
    "information_given": _l("The citizen answered the question."),
    "information_expired": _l("The citizen did not answer the question in time."),
    "needs_person": _l("The case went to the queue."),
    "decided": _l("The case was decided."),
    "carried_out": _l("The payments are right from %(month)s."),
    "letter_delivered": _l("A letter was delivered: %(letter)s."),
    "letter_failed": _l("A letter could not be delivered: %(letter)s."),
    "withdrawn": _l("The citizen withdrew the application."),
}
# What brings a case to the queue, and why it needs a person then; `needs_person` has its own reasons.
INTO_QUEUE = {
    "needs_person": None,
    "consent_refused": _l("The partner has not approved"),
    "consent_withdrawn": _l("The partner has taken the approval back"),
    "consent_expired": _l("The partner did not answer in time"),
    "hearing_commented": _l("The citizen has commented on the facts"),
    "information_given": _l("The citizen has answered the question"),
    "information_expired": _l("The citizen did not answer the question in time"),
}
OUTCOME = {"granted": _l("Granted."), "partly": _l("Granted in part."), "refused": _l("Refused."), "stopped": _l("Stopped.")}
WHO = {
    "system": _l("The portal"),
    "citizen": _l("The citizen"),
    "case_worker": _l("A case worker"),
    "decider": _l("A decider"),
}
ASKED = {"consent": _l("Approval by the partner"), "hearing": _l("Comments on the facts"), "information": _l("Our question")}
ANSWERED = {
    "given": _l("Answered on %(date)s"),
    "agreed": _l("Answered on %(date)s that the facts are right"),
    "commented": _l("Commented on %(date)s"),
    "refused": _l("Not approved, answered on %(date)s"),
    "expired": _l("Not answered in time"),
    "withdrawn": _l("Approved, and taken back later"),
    "cancelled": _l("No longer needed"),
}
LETTER = {
    "consent_request": _l("request to approve"),
    "consent_reminder": _l("reminder to approve"),
    "hearing": _l("the facts before a decision"),
    "information": _l("our question"),
    "decision": _l("the decision"),
}


def state_words(case: Case) -> str:
    """Where the case stands, in a word or two."""
    return str(STATE.get(case.state, case.state))


def why_words(case: Case, arrived_by: str | None) -> list[str]:
    """Why the case needs a person now, the newest reason first."""
    newest = INTO_QUEUE.get(arrived_by or "")
    return [*([str(newest)] if newest else []), *(str(Phrase.from_json(each)) for each in case.why)]


def history(events: Sequence[CaseEvent]) -> list[dict[str, Any]]:
    """The events as a timeline, oldest first."""
    return [
        {"at": f"{format_datetime(event.at)}, {_who(event)}", "text": _happened(event), "next": False}
        for event in events
        if event.kind in HAPPENED
    ]


def request_words(row: AnswerRequest, to: str) -> dict[str, Any]:
    """One thing that somebody was asked: what, whom, by when, and what they answered."""
    if row.answered is None:
        state = _("Not answered yet. The deadline is %(date)s.", date=format_date(row.deadline))
    else:
        state = str(ANSWERED[row.outcome or "given"]) % {"date": format_date(row.answered)}
    return {
        "what": str(ASKED.get(row.kind, row.kind)),
        "to": to,
        "asked": row.created,
        "state": state,
        "question": str(row.question.get("text", "")),
        "facts": [str(Phrase.from_json(each)) for each in row.question.get("facts", [])],
        "answer": str((row.answer or {}).get("text") or ""),
    }


def delivery(letter: Letter) -> str:
    """What became of a letter."""
    if letter.failed is not None:
        return _("Could not be delivered %(time)s", time=format_datetime(letter.failed))
    if letter.delivered is not None:
        return _("Delivered %(time)s", time=format_datetime(letter.delivered))
    if letter.accepted is not None:
        return _("Handed over to Digital Post %(time)s", time=format_datetime(letter.accepted))
    return _("Waits to be sent")


def _who(event: CaseEvent) -> str:
    return str(WHO.get(event.actor_role, event.actor_role))


def _happened(event: CaseEvent) -> str:
    text = str(HAPPENED[event.kind]) % _values(event.data)
    outcome = OUTCOME.get(event.data.get("outcome", "")) if event.kind == "decided" else None
    why = "; ".join(str(Phrase.from_json(each)) for each in event.data.get("why", []))
    return " ".join(filter(None, (text, str(outcome or ""), f"{why}." if why else "")))


def _values(data: Mapping[str, Any]) -> dict[str, str]:
    values = {"letter": str(LETTER.get(data.get("kind", ""), data.get("kind", "")))}
    if "deadline" in data:
        values["deadline"] = format_date(date.fromisoformat(data["deadline"]))
    if "month" in data:
        values["month"] = format_month(Month.parse(data["month"]))
    return values
