"""A case on a case worker's desk: the file, what the registers say now, and what the rules make of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from flask import abort

from portal.cases import staff
from portal.cases.decision import Proposal
from portal.cases.events import Actor
from portal.cases.staff import File
from portal.cases.states import OVER
from portal.i18n import use_locale
from portal.journey.service import Service
from portal.journey.sources import Told
from portal.months import Month
from portal.phrases import Phrase
from portal.storage.models import Case
from portal.storage.people import ensure_person
from portal.web.asking import asking
from portal.web.back_office.protection import Protected, ask_homes, protected_among
from portal.web.parts import parts, reading, writing
from portal.web.visitor import staff_id, visitor


@dataclass(frozen=True)
class Desk:
    """All that a page about a case rests on. `facts` and `homes` are empty when the case is over: nobody's registers are asked then.

    `homes` is what the people register said of those in the case, for the sake of who is protected.
    """

    file: File
    service: Service
    facts: Mapping[str, Mapping[str, Any]]
    today: date
    who: str
    homes: Mapping[str, Told] = field(repr=False)

    @property
    def case(self) -> Case:
        return self.file.case

    @property
    def mine(self) -> bool:
        """Whether the case is in the hands of the one who looks."""
        return staff.is_held(self.case, self.who)

    @cached_property
    def protected(self) -> Protected:
        """Whose names and addresses are hidden."""
        return protected_among(self.file.application, self.homes)

    @property
    def start_month(self) -> Month:
        """The first month the application counts for."""
        return Month.parse(self.file.application["start"]["month"])

    @cached_property
    def computed(self) -> Proposal | None:
        """What the rules decide on what is known now; None when they cannot."""
        return self.propose() if self.facts else None

    def propose(self, monthly: Decimal | None = None, month: Month | None = None) -> Proposal | None:
        """What the rules decide, perhaps on another income or month."""
        found = self.service.propose(self.file.application, self.file.answers, self.facts, self.today, monthly=monthly, month=month)
        if not isinstance(found, Proposal | None):  # a Service's propose has no narrower type
            raise TypeError("an application proposes a Proposal, or nothing")
        return found

    @cached_property
    def law(self) -> list[Phrase]:
        """The rules a decision of this kind rests on, also when nothing can be worked out for this case."""
        found = self.computed or self.propose(Decimal(0)) or self.propose(Decimal(0), Month.of(self.today))
        return list(found.law) if found else []

    @cached_property
    def silent(self) -> list[Phrase]:
        """Registers that must answer before anything is decided."""
        return staff.silent_registers(self.file, self.facts) if self.facts else []

    @property
    def heard(self) -> bool:
        """Whether the citizen has been shown what speaks against them, and has answered or had the time to."""
        return any(given.kind == "hearing" for given in self.file.answers)

    def missing_figures(self, month: Month | None = None) -> list[Phrase]:
        """Why nothing may be worked out from this month on."""
        return staff.missing_figures(self.service, self.file, self.facts, self.today, month or self.start_month) if self.facts else []

    @cached_property
    def prefilled_reasons(self) -> str:
        """The rules' own reasons, in the language of the case, without the names that are hidden."""
        return self.to_edit(self.computed)

    def to_edit(self, proposal: Proposal | None) -> str:
        """A proposal's reasons as text to edit, without the names that are hidden."""
        with use_locale(self.case.language):
            return self.protected.mask(self._in_words(proposal))

    def hidden_in(self, proposal: Proposal | None) -> dict[str, str]:
        """The names hidden from that text, by what stands in their place."""
        with use_locale(self.case.language):
            return {place: name for name, place in self.protected.places(self._in_words(proposal)).items()}

    def _in_words(self, proposal: Proposal | None) -> str:
        return "\n".join(str(reason) for reason in proposal.reasons) if proposal else ""


def me() -> Actor:
    """The member of staff who is logged in, as records name them."""
    user = visitor()
    roles = user.roles if user else frozenset()
    return Actor("decider" if "decider" in roles else "case_worker", staff_id())


def scope() -> frozenset[str] | None:
    """The municipalities whose cases they may see; None means all."""
    user = visitor()
    return user.municipalities if user else frozenset()


def look_at(case_id: uuid.UUID) -> Desk:
    """Open a case, and write down who did. Another municipality's case is not there."""
    with writing() as work:
        file = staff.open_file(work, case_id, scope())
        if file is None:
            abort(404)
        for person in {person.id: person for person in file.people.values()}.values():
            staff.record(work, file.case, "view", parts().clock.now(), me(), about=person.id)
    service, today = parts().services[file.case.service], parts().clock.today()
    if file.case.state in OVER:
        return Desk(file, service, {}, today, staff_id(), {})
    with asking(staff.PURPOSE, _may_ask(file), me(), file.case) as asked:
        # One answer to each question: who is protected is judged by the very answer that the page shows.
        ask = cache(asked)
        homes = _homes(ask, file)
        facts = {who: service.gather(ask, person.cpr, today) for who, person in file.people.items()}
    return Desk(file, service, facts, today, staff_id(), homes)


def protected_in(file: File) -> Protected:
    """Who in a case is protected, for one who does not look at its page."""
    if file.case.state in OVER:
        return protected_among(file.application, {})
    with asking(staff.PURPOSE, _may_ask(file), me(), file.case) as ask:
        return protected_among(file.application, _homes(ask, file))


def _homes(ask: Callable[..., Told], file: File) -> Mapping[str, Told]:
    return ask_homes(ask, {role: person.cpr for role, person in file.people.items()}, file.application)


def _may_ask(file: File) -> Mapping[str, uuid.UUID]:
    """The portal's ids of those about whom a register may be asked: whoever is asked about can see that they were."""
    people = {person.cpr: person.id for person in file.people.values()}
    partner = file.application["household"]["partner"]
    if partner and partner["registered"] and partner["cpr"] not in people:
        with writing() as work:
            people[partner["cpr"]] = ensure_person(work, partner["cpr"], parts().clock.now()).id
    return people


def others_of(case: Case) -> list[Case]:
    """The citizen's other cases, as far as this member of staff may see them."""
    query = staff.visible(scope()).where(Case.person_id == case.person_id, Case.id != case.id)
    return list(reading().scalars(query.order_by(Case.created.desc()).limit(50)))
