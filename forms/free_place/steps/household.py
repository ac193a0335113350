"""Pages about who lives in the home."""

from __future__ import annotations

from datetime import date
from typing import Any

from forms.free_place import answers
from portal.i18n import format_list, ngettext
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import ChoiceField, ConfirmField, CprField, NumberField, SelectField
from portal.journey.forms import StepForm
from portal.journey.messages import message
from portal.journey.service import Answer, Step
from portal.journey.sources import citizen_source, source_words
from portal.journey.state import State
from portal.municipalities import ALL


class HouseholdForm(StepForm):
    living = ChoiceField(_l("Who do you live with?"), thing=_l("who you live with"))

    def fit(self, state: State) -> None:
        """The adults the register names come first; what it names as a couple is chosen from the start."""
        choices: list[tuple[str, Any]] = []
        for adult in answers.shown_adults(state):
            choices.append((f"couple:{adult['ref']}", _("I live with %(name)s as a couple", name=adult["name"])))
        choices.append(("single", _("I am a single parent")))
        choices.append(("couple", _("I live as a couple with somebody who is not on this page")))
        self.living.choices = choices
        partner = answers.registered_partner(state)
        if not self.living.data and not self.living.typed and partner:
            self.living.data = f"couple:{partner['ref']}"


def household_view(state: State) -> dict[str, Any]:
    """What the register says of the home."""
    children = len(state.facts["children"])
    return {
        "known": answers.people_known(state),
        "adults": format_list([adult["name"] or _("another adult") for adult in state.facts["adults"]]),
        "children": [(child["name"], date.fromisoformat(child["born"])) for child in state.facts["children"]],
        "children_text": ngettext("%(num)s child under 18", "%(num)s children under 18", children),
        "source": source_words({"kind": "register", "register": "people", "date": state.facts["on"]}),
    }


def household_summary(state: State) -> list[Answer]:
    """Who the person lives with, in words."""
    partner = answers.partner(state)
    if partner:
        text = _("I live with %(name)s as a couple", name=partner["name"])
        return [Answer(_("Who do you live with?"), text, _people_source(state))]
    words = (
        _("I am a single parent") if answers.is_single(state) else _("I live as a couple with somebody who is not registered at my address")
    )
    return [Answer(_("Who do you live with?"), words, source_words(citizen_source(state.today)))]


class DeclarationForm(StepForm):
    sworn = ConfirmField(
        _l("I declare that this is true: I am a single parent. I do not live with anybody in a relationship like a marriage."),
        thing=_l("you declare that you are a single parent"),
    )


class PartnerNumberForm(StepForm):
    cpr = CprField(
        _l("Your partner's CPR number"),
        thing=_l("your partner's CPR number"),
        hint=_l("10 digits. We ask your partner to approve with their own MitID. A case worker looks at the address."),
    )

    def check_together(self) -> None:
        """Nobody approves their own application."""
        if self.state is not None and self.cpr.data == self.state.facts["cpr"]:
            self.cpr.errors = [message("own_number")]


class HomeForm(StepForm):
    municipality = SelectField(_l("Which municipality do you live in?"), thing=_l("the municipality you live in"))
    children = NumberField(
        _l("How many children under 18 live in your home?"), thing=_l("how many children live in your home"), low=1, high=20
    )

    def fit(self, state: State) -> None:
        """All 98 municipalities by name."""
        rows = sorted(ALL.values(), key=lambda row: row.name)
        self.municipality.choices = [("", _("Choose a municipality")), *((row.code, row.name) for row in rows)]


def _people_source(state: State) -> str:
    return source_words({"kind": "register", "register": "people", "date": state.facts["on"]})


STEPS = (
    Step(
        "household",
        _l("Your household"),
        HouseholdForm,
        template="free_place/household.html",
        view=household_view,
        summary=household_summary,
    ),
    Step(
        "declaration",
        _l("Declaration that you are a single parent"),
        DeclarationForm,
        applies=answers.is_single,
        template="free_place/declaration.html",
        summary=lambda state: [
            Answer(_("Declaration that you are a single parent"), _("You have declared it"), source_words(citizen_source(state.today)))
        ],
    ),
    Step(
        "partner-number",
        _l("Who is your partner?"),
        PartnerNumberForm,
        applies=lambda state: state.get("household", "living") == "couple",
        template="free_place/partner_number.html",
        view=lambda state: {"known": answers.people_known(state)},
        summary=lambda state: [
            Answer(_("Your partner's CPR number"), _("You have given it. It is not shown here."), source_words(citizen_source(state.today)))
        ],
    ),
    Step(
        "home",
        _l("Your home"),
        HomeForm,
        applies=lambda state: not answers.people_known(state),
        template="free_place/home.html",
        summary=lambda state: [
            Answer(
                _("Which municipality do you live in?"),
                ALL[state.get("home", "municipality")].name,
                source_words(citizen_source(state.today)),
            ),
            Answer(
                _("How many children under 18 live in your home?"),
                str(state.get("home", "children")),
                source_words(citizen_source(state.today)),
            ),
        ],
    ),
)
