"""Pages about the children, their places, and what has happened."""

from __future__ import annotations

from datetime import date
from typing import Any

from forms.free_place import answers
from forms.free_place.facts import newest_admission
from forms.free_place.start import Reason
from forms.free_place.words import kind_name
from portal.i18n import format_date
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import ChoiceField, TextAreaField, YesNoField
from portal.journey.forms import StepForm
from portal.journey.service import Answer, Step
from portal.journey.sources import citizen_source, source_words
from portal.journey.state import State
from portal.months import Month


class ChildrenForm(StepForm):
    right = YesNoField(
        _l("Is this right?"),
        thing=_l("whether this is right"),
        yes=_l("Yes, this is right"),
        no=_l("No, something is wrong or missing"),
    )


def children_view(state: State) -> dict[str, Any]:
    """Each place as one row."""
    children = {child["ref"]: child for child in state.facts["children"]}
    rows = [
        {
            "child": children[place["child"]]["name"] if place["child"] else "–",
            "kind": kind_name(place["kind"]),
            "institution": place["institution"],
            "since": date.fromisoformat(place["from"]),
            "lunch": place["lunch"],
        }
        for place in state.facts["places"]
    ]
    return {"rows": rows, "status": state.facts["status"]["places"], "source": _source(state)}


def children_summary(state: State) -> list[Answer]:
    """The places, one answer each."""
    children = {child["ref"]: child for child in state.facts["children"]}
    found = [
        Answer(
            _("Place for %(name)s", name=children[place["child"]]["name"]),
            ", ".join((kind_name(place["kind"]), place["institution"], _("with lunch") if place["lunch"] else _("without lunch"))),
            _source(state),
        )
        for place in state.facts["places"]
        if place["child"]
    ]
    if state.get("children", "right") == "no":
        found.append(Answer(_("Is this right?"), _("No, something is wrong or missing"), source_words(citizen_source(state.today))))
    return found


class CorrectionForm(StepForm):
    text = TextAreaField(
        _l("What should it say?"),
        thing=_l("what should be different"),
        hint=_l("Write each child's name, which place the child has, and from when. A case worker will look at it."),
    )


class ReasonForm(StepForm):
    reason = ChoiceField(_l("What has happened?"), thing=_l("what has happened"))

    def fit(self, state: State) -> None:
        """A first admission can only be chosen when a child has just been admitted, or soon will be."""
        admitted = newest_admission(state.facts, state.today)
        choices: list[tuple[str, Any]] = []
        if admitted:
            choices.append(
                (Reason.FIRST_ADMISSION, _("My child has started in day care, or soon will (%(date)s)", date=format_date(admitted)))
            )
        choices += [
            (Reason.INCOME, _("We earn less or more than before, or I apply for the first time")),
            (Reason.HOUSEHOLD, _("We have moved in together or split up, or the number of children at home has changed")),
            (Reason.STOP, _("I no longer want the subsidy")),
        ]
        self.reason.choices = [(str(value), label) for value, label in choices]


def reason_summary(state: State) -> list[Answer]:
    """What has happened, in the words of the page."""
    form = ReasonForm(saved=dict(state.answers["reason"]), state=state)
    words = next((str(label) for value, label in form.reason.choices if value == state.get("reason", "reason")), "")
    return [Answer(_("What has happened?"), words, source_words(citizen_source(state.today)))]


class StopForm(StepForm):
    month = ChoiceField(_l("From which month should the subsidy stop?"), thing=_l("the month from which the subsidy should stop"))

    def fit(self, state: State) -> None:
        """The next six months."""
        first = Month.of(state.today).plus(1)
        self.month.choices = [(str(first.plus(number)), _month(first.plus(number))) for number in range(6)]


def _month(month: Month) -> str:
    return format_date(month.first)


def _source(state: State) -> str:
    return source_words({"kind": "register", "register": "places", "date": state.facts["on"]})


STEPS = (
    Step(
        "children",
        _l("Your children and their places"),
        ChildrenForm,
        applies=lambda state: bool(state.facts["places"]),
        template="free_place/children.html",
        view=children_view,
        summary=children_summary,
    ),
    Step(
        "correction",
        _l("Tell us about the children's places"),
        CorrectionForm,
        applies=lambda state: not state.facts["places"] or state.get("children", "right") == "no",
        template="free_place/correction.html",
        view=children_view,
        summary=lambda state: [
            Answer(_("What should it say?"), state.get("correction", "text"), source_words(citizen_source(state.today)))
        ],
    ),
    Step("reason", _l("What has happened?"), ReasonForm, template="free_place/reason.html", summary=reason_summary),
    Step(
        "stop-month",
        _l("From which month should the subsidy stop?"),
        StopForm,
        applies=answers.stops,
        summary=lambda state: [
            Answer(
                _("From which month should the subsidy stop?"),
                _month(Month.parse(state.get("stop-month", "month"))),
                source_words(citizen_source(state.today)),
            )
        ],
    ),
)
