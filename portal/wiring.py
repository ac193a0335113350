"""Joining the rooms: the one place that knows which implementation stands behind which name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import forms.free_place
from forms.free_place.calculator import Calculator
from forms.free_place.figures import Figures, figures
from portal import contacts
from portal.cases.closed import waits_while_closed
from portal.cases.deciding import Decider
from portal.cases.mailbox_store import DatabaseMailbox
from portal.cases.scanning import FileScanner
from portal.cases.sending import LetterSender
from portal.cases.waiting import Expirer, Reminder
from portal.clock import Clock, ShiftedClock, SystemClock
from portal.identity.oidc import citizen_client, staff_client
from portal.journey.clamav import ClamAV
from portal.journey.service import Service
from portal.journey.sources import Ask, Told
from portal.journey.uploads import NoScanner, Scanner
from portal.outbox.worker import Handler, Worker
from portal.post.letters import make_renderer
from portal.post.mailbox import EmbeddedMailbox
from portal.registers.errors import RegisterError, RegisterNonsense
from portal.registers.registers import Registers, make_registers
from portal.settings import Settings
from portal.storage.crypto import Keyring, use_keyring
from portal.storage.database import Database
from portal.storage.switches import LETTERS, REGISTERS, Switches
from portal.web.parts import Parts

DEMO_CONTACTS = Path(__file__).parent / "registers" / "demo" / "municipalities.toml"


def make_clock(settings: Settings) -> Clock:
    """The machine's clock; in the demo moved to the day its persons were made for."""
    return ShiftedClock(settings.demo_date) if settings.demo and settings.demo_date else SystemClock()


def open_database(settings: Settings) -> Database:
    """Load the keys and open the database. Raises KeyProblem."""
    use_keyring(Keyring(settings.encryption_keys, settings.index_key))
    return Database(settings.database_url)


def load_contacts(settings: Settings) -> None:
    """Read whom people turn to."""
    path = settings.municipalities_file or (DEMO_CONTACTS if settings.demo else None)
    if path is not None:
        contacts.use_contacts(path)


def current_figures(settings: Settings) -> Figures:
    """The figures with those rows confirmed that the operator confirms."""
    return figures().confirming(settings.figures_confirmed)


def make_services(settings: Settings) -> dict[str, Service]:
    """What the portal offers, by the name in the address."""
    offered = [forms.free_place.make_service(current_figures(settings), use_unconfirmed=settings.demo)]
    return {service.slug: service for service in offered}


def never_off(_name: str) -> None:
    """Nothing is switched off."""


def make_ask(registers: Registers, clock: Clock, is_off: Callable[[str], object] = never_off) -> Ask:
    """A way to ask a register that never raises: silence is an answer too. One that is switched off is not asked, and is silent."""

    def ask(register: str, question: str, *args: Any) -> Told:
        today = clock.today()
        if is_off(REGISTERS[register]):
            return Told(None, "unavailable", register, today)
        try:
            value = getattr(getattr(registers, register), question)(*args)
        except RegisterNonsense:
            return Told(None, "nonsense", register, today)
        except RegisterError:
            return Told(None, "unavailable", register, today)
        return Told(value, "unknown" if value is None else "ok", register, today)

    return ask


def make_scanner(settings: Settings) -> Scanner:
    """What looks for viruses: ClamAV where there is one, else one that says that nothing was scanned. Raises ValueError."""
    return ClamAV(settings.clamav) if settings.clamav else NoScanner()


def make_worker(
    settings: Settings,
    database: Database,
    clock: Clock,
    services: Mapping[str, Service],
    ask: Ask | None = None,
    switches: Switches | None = None,
) -> Worker:
    """A worker that knows every kind of outbox row."""
    switches = switches or Switches(database)
    ask = ask or make_ask(make_registers(settings), clock, switches.off)
    sender = LetterSender(
        lambda: make_renderer().pdf,
        EmbeddedMailbox(DatabaseMailbox(database), clock),
        clock,
        version=settings.memo_version,
        case_url=lambda case_id: f"{settings.base_url}/my-page/cases/{case_id}",
        subjects={service.kle: service.kle_label for service in services.values()},
        demo=settings.demo,
    )
    handlers: dict[str, Handler] = {
        "decide": waits_while_closed(Decider(services, ask, clock), services, switches),
        "letter": sender,
        "remind": Reminder(services, clock),
        "expire": Expirer(clock),
        "scan": FileScanner(make_scanner(settings), clock),
    }
    return Worker(database, clock, handlers, held=lambda: frozenset({"letter"} if switches.off(LETTERS) else ()))


def make_parts(settings: Settings) -> Parts:
    """What the web works with."""
    clock = make_clock(settings)
    load_contacts(settings)
    database = open_database(settings)
    switches = Switches(database)
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        ask=make_ask(make_registers(settings), clock, switches.off),
        services=make_services(settings),
        citizen_eid=citizen_client(settings.citizen_eid, demo=settings.demo),
        staff_eid=staff_client(settings.staff_eid, demo=settings.demo),
        calculator=Calculator(current_figures(settings)),
        switches=switches,
        scanner=make_scanner(settings),
    )
