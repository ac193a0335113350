"""A case told in words: what has happened, where it stands, who has the ball and by when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from portal.clock import COPENHAGEN
from portal.i18n import format_date, format_datetime, format_month
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.months import Month
from portal.phrases import Phrase
from portal.storage.models import AnswerRequest, Case, CaseEvent, Letter

STATE = {
    "submitted": _l("Received"),
    "awaiting_consent": _l("Waiting for your partner"),
    "awaiting_citizen": _l("Waiting for you"),
    "awaiting_host": _l("Waiting for somebody else"),
    "hearing": _l("Waiting for you"),
    "informed": _l("With a case worker"),
    "decided": _l("Decided"),
    "executed": _l("In effect"),
    "reconsidering": _l("Looked at again"),
    "closed": _l("Closed"),
    "withdrawn": _l("Withdrawn"),
}
TONE = {"awaiting_consent": "warning", "awaiting_citizen": "warning", "hearing": "warning", "executed": "success"}

# Where the case stands when nobody has anything more to do.
STANDING = {
    "decided": _l("The municipality has decided the case. You do not have to do anything."),
    "executed": _l("The municipality has decided the case, and your payments follow the decision."),
    "closed": _l("The case is closed."),
    "withdrawn": _l("You withdrew the application, so nothing is decided."),
}

HAPPENED = {
    "submitted": _l("We received your application."),
    "consent_asked": _l("We asked your partner to approve by %(deadline)s."),
    "consent_given": _l("Your partner approved."),
    "consent_refused": _l("Your partner did not approve."),
    "consent_withdrawn": _l("Your partner took the approval back. A case worker looks at the case. Nothing is decided yet."),
    "consent_withdrawn_later": _l("Your partner took the approval back. A case worker looks at the case. The decision stands until then."),
    "consent_expired": _l("Your partner did not answer in time. A case worker looks at the case."),
    "hearing_asked": _l("We asked what you say to the facts of your case. You have until %(deadline)s."),
    "hearing_agreed": _l("You answered that the facts are right."),
    "hearing_commented": _l("You sent your comments."),
    "hearing_expired": _l("The time to comment ran out."),
    "information_asked": _l("We asked you for something. You have until %(deadline)s."),
    "information_given": _l("You answered our question."),
    "information_expired": _l("The time to answer ran out."),
    "needs_person": _l("The registers could not confirm everything. A case worker looks at your case."),
    "decided": _l("The municipality decided your case."),
    "carried_out": _l("Your payments are right from %(month)s."),
    "letter_delivered": _l("A letter arrived in your Digital Post."),
    "letter_failed": _l("A letter could not be delivered. A case worker looks at it."),
    "partner_letter_delivered": _l("Our letter arrived in your partner's Digital Post."),
    "partner_letter_failed": _l("Our letter to your partner could not be delivered. A case worker looks at it."),
    "withdrawn": _l("You withdrew your application."),
}
OUTCOME = {
    "granted": _l("You got the subsidy you applied for."),
    "partly": _l("You got part of what you applied for."),
    "refused": _l("You did not get the subsidy."),
    "stopped": _l("Your subsidy stops."),
}
RESULT = {
    "granted": _l("Subsidy granted"),
    "partly": _l("Partly granted"),
    "refused": _l("Refused"),
    "stopped": _l("Subsidy stopped"),
}
"""The outcome in a word or two."""
TASK = {
    "consent": _l("Approve the application for your household"),
    "hearing": _l("What do you say to the facts of your case?"),
    "information": _l("The case worker asks you something"),
}
ANSWERED = {
    "given": _l("You answered on %(date)s."),
    "agreed": _l("You answered on %(date)s."),
    "commented": _l("You answered on %(date)s."),
    "refused": _l("You did not approve. You answered on %(date)s."),
    "withdrawn": _l("You approved on %(date)s. Since then you have taken your approval back."),
    "expired": _l("The time to answer ran out on %(date)s."),
    "cancelled": _l("Your answer has not been needed since %(date)s."),
}


TellCitizen = Callable[[Sequence[Phrase]], Sequence[Phrase]]


def nothing_to_tell(_why: Sequence[Phrase]) -> Sequence[Phrase]:
    """Where an application has no words of its own for why a person must look."""
    return ()


@dataclass(frozen=True)
class Told:
    """One line of the timeline. label: what kind of day `at` is. exact: the time of day tells it from others of the same day."""

    at: datetime | date | None
    text: str
    next: bool = False
    label: str = ""
    exact: bool = False


def timeline(
    case: Case, events: Sequence[CaseEvent], waiting: Sequence[AnswerRequest], tell_citizen: TellCitizen = nothing_to_tell
) -> list[Told]:
    """All that has happened, oldest first, and what happens next. tell_citizen: the rules' reasons in the citizen's words."""
    told = [event for event in events if event.kind in HAPPENED]
    days = Counter(_day(event.at) for event in told)
    decided = min((event.sequence for event in events if event.kind == "decided"), default=len(events) + 1)
    lines = [
        Told(event.at, happened(event, tell_citizen, decided=event.sequence > decided), exact=days[_day(event.at)] > 1) for event in told
    ]
    following = what_next(case, waiting)
    return [*lines, replace(following, next=True)] if following else lines


def happened(event: CaseEvent, tell_citizen: TellCitizen = nothing_to_tell, *, decided: bool = False) -> str:
    """One event in a sentence or two. decided: whether the case was decided before it."""
    if event.kind == "consent_withdrawn" and decided:
        return str(HAPPENED["consent_withdrawn_later"])
    why = tell_citizen([Phrase.from_json(each) for each in event.data.get("why", [])]) if event.kind == "needs_person" else ()
    if why:
        return " ".join([*(str(each) for each in why), _("That is why a case worker looks at your case.")])
    # The applicant reads this, also when the letter was to the partner.
    to_partner = event.kind.startswith("letter_") and event.data.get("kind", "").startswith("consent_")
    text = str(HAPPENED[f"partner_{event.kind}" if to_partner else event.kind]) % _values(event.data)
    outcome = OUTCOME.get(event.data.get("outcome", "")) if event.kind == "decided" else None
    return f"{text} {outcome}" if outcome else text


def what_next(case: Case, waiting: Sequence[AnswerRequest]) -> Told | None:
    """What happens next, who has the ball, by when; None when nothing more does."""
    open_ones = [request for request in waiting if request.answered is None]
    deadline = min((request.deadline for request in open_ones), default=None)
    if case.state == "submitted":
        return Told(None, _("We look your case up in the registers now. If they confirm everything, your case is decided at once."))
    if case.state == "awaiting_consent" and deadline:
        text = _("We are waiting for your partner to approve. The deadline is %(date)s.", date=format_date(deadline))
        return Told(deadline, text, label=_("Deadline"))
    if case.state in ("awaiting_citizen", "hearing") and deadline:
        text = _("We are waiting for your answer. The deadline is %(date)s.", date=format_date(deadline))
        return Told(deadline, text, label=_("Deadline"))
    if case.state == "informed" and case.due:
        text = _("A case worker decides your case. We expect it to be done by %(date)s.", date=format_date(case.due))
        return Told(case.due, text, label=_("Expected"))
    if case.state == "reconsidering" and case.due:
        text = _(
            "A case worker looks at your case again. The decision stands until then. We expect to be done by %(date)s.",
            date=format_date(case.due),
        )
        return Told(case.due, text, label=_("Expected"))
    return None


def task_title(request: AnswerRequest) -> str:
    """What somebody is asked to do."""
    applicant = request.question.get("applicant") if request.kind == "consent" else None
    return _("Approve the application from %(name)s", name=applicant) if applicant else str(TASK[request.kind])


def task_text(request: AnswerRequest) -> str:
    """By when it must be done, or what became of it."""
    if request.answered is None:
        return _("Answer by %(date)s.", date=format_date(request.deadline))
    if request.kind == "consent" and request.outcome == "given":
        return _("You approved on %(date)s.", date=format_date(request.answered))
    return str(ANSWERED[request.outcome or "given"]) % {"date": format_date(request.answered)}


def delivery_text(letter: Letter) -> str:
    """How far a letter has come."""
    if letter.delivered is not None:
        return _("Delivered in your Digital Post %(time)s.", time=format_datetime(letter.delivered))
    if letter.failed is not None:
        return _("The letter could not be delivered in Digital Post. You can read it here.")
    return _("On its way to your Digital Post. You can read it here already.")


def standing(case: Case, following: Told | None) -> str:
    """Where the case stands in a sentence: who has the ball and by when, or that it is over."""
    if following is not None:
        return following.text
    return str(STANDING.get(case.state) or _("We are working on the case. We write to you when something happens."))


def case_title(case: Case, service_name: str) -> str:
    """What a case is called, on its page and in links to it."""
    return _("%(service)s, sent %(date)s", service=service_name, date=format_date(case.created))


def state_text(case: Case) -> str:
    """The state in a word or two."""
    return str(STATE.get(case.state, case.state))


def _day(moment: datetime) -> date:
    return moment.astimezone(COPENHAGEN).date()


def _values(data: Mapping[str, Any]) -> dict[str, str]:
    values = {}
    if "deadline" in data:
        values["deadline"] = format_date(date.fromisoformat(data["deadline"]))
    if "month" in data:
        values["month"] = format_month(Month.parse(data["month"]))
    return values
