"""Name and address protection (CPR Act § 28) on the case workers' pages: hidden until somebody says why they must see it.

Whether somebody is protected is asked of the people register each time, because it comes and goes. When the register is
silent, everybody in the case is treated as protected.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import escape

from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import TextAreaField
from portal.journey.forms import StepForm
from portal.journey.messages import message
from portal.journey.sources import Told
from portal.registers.people import Household
from portal.web.back_office.desk import Desk
from portal.web.parts import parts

LEAST_REASON = 10
# Inside a tag, and in a field that is sent back as it stands, nothing is put in a name's place.
TAGS = re.compile(r"(<textarea.*?</textarea>|<[^>]*>)", re.DOTALL)


class RevealForm(StepForm):
    """Why somebody must see a protected name and address."""

    reason = TextAreaField(
        _l("Why do you need the name and address?"),
        thing=_l("why you need the name and address"),
        hint=_l("We write down who you are and what you write here."),
    )

    def check_together(self) -> None:
        """A word is no reason."""
        if len(self.reason.data or "") < LEAST_REASON:
            self.reason.errors = [message("missing", thing=self.reason.thing)]


@dataclass(frozen=True)
class Protected:
    """Whose names a page must not show. `unknown`: the people register did not answer. `roles` is who of applicant and partner."""

    names: frozenset[str] = field(repr=False)
    roles: frozenset[str]
    unknown: bool
    contacts: Sequence[tuple[str, str]] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.names or self.roles)

    def hide(self, page: str) -> str:
        """A page's words without the names; the frame around them, which names the member of staff, is left."""
        if not self.names:
            return page
        before, main, rest = page.partition("<main")
        pieces = TAGS.split(main + rest)
        pattern, instead = _pattern(self.names), str(escape(_("(protected name)")))
        return before + "".join(piece if piece.startswith("<") else pattern.sub(instead, piece) for piece in pieces)


def protected_in(desk: Desk) -> Protected:
    """Who in the case is protected now."""
    application = desk.file.application
    applicant, partner = application["applicant"], application["household"]["partner"]
    found = {"applicant": _asked(applicant["cpr"])}
    if partner:
        found["partner"] = _asked(partner["cpr"])
    if any(told.status not in ("ok", "unknown") for told in found.values()):
        children = application["household"]["children"]
        everybody = [applicant["name"], *([partner["name"]] if partner else []), *(child["name"] for child in children)]
        return Protected(frozenset(filter(None, everybody)), frozenset(found), unknown=True)
    homes = {role: told.value for role, told in found.items() if told.value is not None}
    people = [each for home in homes.values() for each in _people(home) if each.protected]
    roles = frozenset(role for role, home in homes.items() if home.person.protected)
    hidden = frozenset(person.name for person in people) | _as_written(application, {person.cpr for person in people})
    return Protected(hidden, roles, unknown=False, contacts=_contacts(homes, roles))


def _asked(cpr: str) -> Told:
    return parts().ask("people", "household", cpr)


def _people(home: Household) -> list[Any]:
    return [home.person, *(adult.person for adult in home.adults), *(child.person for child in home.children)]


def _as_written(application: Mapping[str, Any], numbers: set[str]) -> frozenset[str]:
    """The names the application has for the same people: somebody may have taken another since."""
    household = application["household"]
    written = [application["applicant"], *([household["partner"]] if household["partner"] else []), *household["children"]]
    return frozenset(each["name"] for each in written if each["cpr"] in numbers and each["name"])


def _contacts(homes: Mapping[str, Household], roles: frozenset[str]) -> Sequence[tuple[str, str]]:
    words = {"applicant": _("Applicant"), "partner": _("Partner")}
    return [
        (words[role], ", ".join((homes[role].person.name, *(homes[role].person.address.lines if homes[role].person.address else ()))))
        for role in sorted(roles)
    ]


def _words(name: str) -> list[str]:
    return [name, *(part for part in re.split(r"[\s-]+", name) if len(part) > 1)]


def _pattern(names: Collection[str]) -> re.Pattern[str]:
    # The whole name before its parts, so that it is hidden once and not twice.
    words = sorted({str(escape(word)) for name in names for word in _words(name)}, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
