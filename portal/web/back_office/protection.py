"""Name and address protection (CPR Act § 28) on the case workers' pages: hidden until somebody says why they must see it.

Whether somebody is protected is asked of the people register each time, because it comes and goes. When the register is
silent, and when the case is over and nobody's registers are asked, everybody in the case is treated as protected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import Any

from markupsafe import escape

from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.journey.fields import TextAreaField
from portal.journey.forms import StepForm
from portal.journey.messages import message
from portal.journey.sources import Ask, Told
from portal.registers.people import Household, Person

LEAST_REASON = 10
# Inside a tag, and in a field that is sent back as it stands, nothing is put in a name's place.
TAGS = re.compile(r"(<textarea.*?</textarea>|<[^>]*>)", re.DOTALL)
LETTER = r"[^\W\d_]"
# What may stand between the parts of one name, also in a file's name: "Line_Dække", "LineDække".
BETWEEN = r"[\s\d_.+-]{0,3}"
# So few that a text made to be slow to search is not.
MOST_PARTS = 8


class RevealForm(StepForm):
    """Why somebody must see a protected name and address."""

    reason = TextAreaField(
        _l("Why do you need the name and address?"),
        thing=_l("why you need the name and address"),
        hint=_l("We write down who you are and what you write here."),
    )

    def check_together(self) -> None:
        """A word is no reason."""
        if self.reason.data and len(self.reason.data) < LEAST_REASON:
            self.reason.errors = [message("too_short", least=LEAST_REASON)]


@dataclass(frozen=True)
class Protected:
    """Whose names a page must not show: `people` are their CPR numbers. `unknown`: the people register did not answer, or was not asked."""

    names: frozenset[str] = field(repr=False)
    people: frozenset[str] = field(repr=False)
    unknown: bool
    contacts: Sequence[tuple[str, str]] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.people)

    def hide(self, page: str) -> str:
        """A page's words without the names; the frame around them, which names the member of staff, is left."""
        if not self.names:
            return page
        before, main, rest = page.partition("<main")
        return before + "".join(piece if piece.startswith("<") else self._hidden(piece) for piece in TAGS.split(main + rest))

    def mask(self, text: str) -> str:
        """A text to edit, with a word in each name's place."""
        places = self.places(text)
        return self._pattern.sub(lambda found: places[found[0]], _composed(text)) if places else text

    def places(self, text: str) -> dict[str, str]:
        """The names as they stand in a text, each with the word that is put in its place; numbered when there are several."""
        if not self.names:
            return {}
        found = list(dict.fromkeys(match[0] for match in self._pattern.finditer(_composed(text))))
        if len(found) == 1:
            return {found[0]: _("(protected name)")}
        return {name: _("(protected name %(number)s)", number=number) for number, name in enumerate(found, 1)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _pattern(self.names)

    def _hidden(self, piece: str) -> str:
        text = _composed(unescape(piece))
        return str(escape(self._pattern.sub(_("(protected name)"), text))) if self._pattern.search(text) else piece


def ask_homes(ask: Ask, people: Mapping[str, str], application: Mapping[str, Any]) -> dict[str, Told]:
    """What the people register says of those in a case whose registers may be asked: `people` is CPR number by role.

    A partner whom the register named when the application was sent is asked about by name alone, and only when they no
    longer live with the applicant. One whose number was only typed may be anybody, and is not asked about.
    """
    told = {role: ask("people", "household", cpr) for role, cpr in people.items()}
    partner, home = application["household"]["partner"], told["applicant"].value
    if "partner" in told or not partner or not partner["registered"]:
        return told
    if home is None or partner["cpr"] not in {person.cpr for person in _people(home)}:
        told["partner"] = ask("people", "person", partner["cpr"])
    return told


def protected_among(application: Mapping[str, Any], told: Mapping[str, Told]) -> Protected:
    """Who in the case is protected now, by what the people register says; all of them when it says nothing."""
    known = [person for each in told.values() if each.value is not None for person in _people(each.value)]
    unknown = not told or any(each.status not in ("ok", "unknown") for each in told.values())
    hidden = {person.cpr: person for person in known if unknown or person.protected}
    written = _written(application)
    numbers = hidden.keys() | ({application["applicant"]["cpr"], *(each["cpr"] for each in written)} if unknown else set())
    # The names the application has for the same people too: somebody may have taken another since.
    names = {person.name for person in hidden.values()} | {each["name"] for each in written if each["cpr"] in numbers}
    return Protected(frozenset(names), frozenset(numbers), unknown, _contacts(application, told))


def _people(value: Household | Person) -> list[Person]:
    if isinstance(value, Person):
        return [value]
    return [value.person, *(adult.person for adult in value.adults), *(child.person for child in value.children)]


def _written(application: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those whom the application names."""
    household = application["household"]
    written = [application["applicant"], *([household["partner"]] if household["partner"] else []), *household["children"]]
    return [each for each in written if each["name"]]


def _contacts(application: Mapping[str, Any], told: Mapping[str, Told]) -> Sequence[tuple[str, str]]:
    """Name and address of applicant and partner, where they are protected; of a partner who lives elsewhere only after an approval."""
    partner = application["household"]["partner"]
    roles = {application["applicant"]["cpr"]: _("Applicant")}
    if partner and (partner["registered"] or "partner" in told):
        roles[partner["cpr"]] = _("Partner")
    homes = [each.value for each in told.values() if isinstance(each.value, Household)]
    known = {person.cpr: person for home in homes for person in _people(home) if person.protected}
    shown = [(words, known[cpr]) for cpr, words in roles.items() if cpr in known]
    return [(words, ", ".join((person.name, *(person.address.lines if person.address else ())))) for words, person in shown]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """The names and their parts as people write them: in any case, run together, with the genitive's s."""
    split = [[part for part in re.split(r"[\s-]+", _composed(name)) if part] for name in names]
    # An initial, and a word like "de" and "af" between names, name nobody alone: half of all sentences have them.
    alone = {part for parts in split for part in parts if len(part) > 1 and (not part.islower() or all(map(str.islower, parts)))}
    beside = {part for parts in split for part in parts} - alone
    name, any_part, other = _one_of(alone), _one_of(alone | beside), _one_of(beside)
    together = rf"(?:{other}{BETWEEN}){{0,3}}{name}(?:{BETWEEN}{any_part}){{0,{MOST_PARTS}}}"
    return re.compile(rf"(?<!{LETTER}){together}(?:['\u2019]?s)?(?!{LETTER})", re.IGNORECASE)


def _one_of(words: Collection[str]) -> str:
    # The longest first; of no words there is none.
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or '(?!)'})"
