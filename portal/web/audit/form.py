"""What an auditor searches the log by, and why."""

from __future__ import annotations

from typing import Any

from portal.audit.purposes import OF_AUDITORS
from portal.audit.purposes import WORDS as PURPOSES
from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import ChoiceField, CprField, DateField, SelectField, TextAreaField, TextField
from portal.journey.forms import StepForm
from portal.web.audit.words import VERBS

FIRST_YEAR, LAST_YEAR = 2000, 2100
CRITERIA = ("person", "employee", "case", "verb", "since", "until")


def visible_signs(text: str) -> str:
    """A text without what cannot be seen."""
    return "".join(sign for sign in text if sign.isprintable())


class ShortText(TextField):
    """As long as an id in a record, and without what cannot be seen: PostgreSQL refuses some of that."""

    limit = 80

    def read(self, typed: str) -> None:
        super().read(typed)
        self.typed = visible_signs(typed)
        self.data = self.typed or None


class Note(TextAreaField):
    """A few sentences, kept as one line."""

    limit = 500

    def read(self, typed: str) -> None:
        super().read(typed)
        self.typed = visible_signs(" ".join(typed.split()))
        self.data = self.typed or None


class SearchForm(StepForm):
    """Whom or what to search for, and for what purpose. What is left empty does not narrow the search."""

    purpose = ChoiceField(
        _l("Why are you searching?"),
        thing=_l("why you search"),
        hint=_l("Your search is written down. The person you search for sees it, and this purpose, on My page."),
    )
    reason = Note(
        _l("What is it about?"),
        thing=_l("what it is about"),
        hint=_l("For example the number of the enquiry. Only auditors see this"),
        optional=True,
    )
    person = CprField(_l("CPR number of the person the data is about"), thing=_l("the CPR number"), optional=True)
    employee = ShortText(
        _l("Employee"),
        thing=_l("the employee's id"),
        hint=_l("The id from the staff login, exactly as it stands in the log"),
        optional=True,
    )
    case = ShortText(_l("Case number"), thing=_l("the case number"), hint=_l("For example 2026-ABC123"), optional=True)
    verb = SelectField(_l("What was done"), thing=_l("what was done"), optional=True)
    since = DateField(_l("From and including"), thing=_l("the first date"), hint=_l("For example 3 12 2026"), optional=True)
    until = DateField(_l("To and including"), thing=_l("the last date"), hint=_l("For example 3 12 2026"), optional=True)

    def __init__(self, formdata: Any = None) -> None:
        super().__init__(formdata)
        self.purpose.choices = [(word, _(PURPOSES[word])) for word in OF_AUDITORS]
        self.verb.choices = [("", _("Any action")), *((verb, str(words)) for verb, words in VERBS.items())]

    def check_together(self) -> None:
        """Something to search by, and days in their order."""
        if not self.kinds:
            self.person.errors = [_("Write or choose at least one thing to search by")]
        for field in (self.since, self.until):
            if field.data and not FIRST_YEAR <= int(field.data[:4]) <= LAST_YEAR:
                field.errors = [_("Write a year from %(first)s to %(last)s", first=FIRST_YEAR, last=LAST_YEAR)]
        if self.since.data and self.until.data and self.since.data > self.until.data:
            self.until.errors = [_("The last date must be the same as the first, or later")]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was searched by, as hidden fields of a form that asks for more of the same."""
        found = [(name, self[name].data) for name in ("purpose", "reason", "person", "employee", "case", "verb") if self[name].data]
        return found + [(f"{end}-{part}", text) for end in ("since", "until") for part, text in self[end].parts().items() if text]

    @property
    def kinds(self) -> list[str]:
        """By which kinds of thing is searched; what the log says of a search."""
        return [name for name in CRITERIA if self[name].data]
