"""The portal in one process for tests: its pages, its worker, a clock that stands still, and people who are logged in.

`tests/portal/conftest.py` makes the fixtures known to every test below it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from forms.free_place.calculator import Calculator
from forms.free_place.figures import figures
from portal.cases import submit
from portal.clock import FixedClock, SystemClock
from portal.i18n import DEFAULT, set_locale
from portal.identity.oidc import citizen_client, staff_client
from portal.journey import fields
from portal.journey.drafts import Drafts
from portal.journey.path import counting
from portal.journey.state import State
from portal.outbox.worker import Worker
from portal.registers.demo import demo_persons, demo_staff
from portal.registers.registers import make_registers
from portal.settings import Settings, load_settings
from portal.storage.base import Base
from portal.storage.crypto import Keyring, new_key, use_keyring
from portal.storage.database import Database
from portal.storage.models import Case, WebSession
from portal.storage.people import ensure_person
from portal.storage.switches import Switches
from portal.web.application import make_application
from portal.web.bound import bound
from portal.web.parts import Parts
from portal.wiring import load_contacts, make_ask, make_services, make_worker
from tests.compiled import share_compiled
from tests.page_rules import problems

# The day the demo's people are made for, at eleven in the morning in Denmark.
MOMENT = datetime(2026, 11, 21, 10, 0, tzinfo=timezone.utc)
# What somebody answers for whom the registers are right: the shortest way through the application.
SINGLE = {
    "household": {"living": "single"},
    "declaration": {"sworn": True},
    "children": {"right": "yes"},
    "reason": {"reason": "income"},
    "income": {"use": "yes"},
    "other-income": {"kinds": ["none"]},
}
COUPLE = {**SINGLE, "household": {"living": "couple:a1"}}
SELF_EMPLOYED = {
    **SINGLE,
    "payslip": {"rhythm": "yearly", "gross": "240000.00", "am": "0.00", "atp": "0.00", "pension": "0.00", "remark": None},
    "other-income": {"kinds": ["self_employed"]},
    "other-amounts": {"self_employed": "60000.00"},
}


@dataclass
class Browser:
    """A client that is logged in and sends the token against forged posts with every form."""

    client: FlaskClient
    csrf: str
    person_id: uuid.UUID | None = None

    def get(self, path: str, **options: Any) -> TestResponse:
        """Fetch a page."""
        return self.client.get(path, **options)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, as a browser sends one from a page of ours."""
        headers = {"Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return self.client.post(path, data={"csrf_token": self.csrf, **(data or {})}, headers=headers, **options)


@pytest.fixture
def clock() -> FixedClock:
    """The time of the test; `clock.move(days=1)` moves it."""
    return FixedClock(MOMENT)


@pytest.fixture
def sqlite_settings(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Demo settings with keys of their own and a database file nobody else has."""
    eid = {
        f"PORTAL_{who}_{name}": value
        for who in ("EID", "STAFF")
        for name, value in (("ISSUER", f"http://127.0.0.1:9/{who.lower()}"), ("CLIENT_ID", "portal"), ("CLIENT_SECRET", "s" * 40))
    }
    return load_settings(
        {
            "PORTAL_DEMO": "1",
            "PORTAL_DEMO_DATE": MOMENT.date().isoformat(),
            "PORTAL_SECRET_KEY": new_key(),
            "PORTAL_ENCRYPTION_KEYS": f"test:{new_key()}",
            "PORTAL_INDEX_KEY": new_key(),
            "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
            "PORTAL_BASE_URL": "http://127.0.0.1:8000",
            # Shared, so that static files are compressed once a run and not once a test.
            "PORTAL_VAR": str(tmp_path_factory.getbasetemp() / "var"),
            **eid,
        }
    )


@pytest.fixture
def portal_settings(sqlite_settings: Settings) -> Settings:
    """The settings in use: on SQLite here, on both engines where `tests.portal.engines` takes this one's place."""
    return sqlite_settings


@pytest.fixture
def database(portal_settings: Settings) -> Iterator[Database]:
    """An empty database with all tables."""
    use_keyring(Keyring(portal_settings.encryption_keys, portal_settings.index_key))
    made = Database(portal_settings.database_url)
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def portal_parts(portal_settings: Settings, database: Database, clock: FixedClock) -> Parts:
    """What the pages work with: embedded registers, and the test's clock."""
    load_contacts(portal_settings)
    switches = Switches(database)
    return Parts(
        settings=portal_settings,
        clock=clock,
        database=database,
        ask=make_ask(make_registers(portal_settings), clock, switches.off),
        services=make_services(portal_settings),
        citizen_eid=citizen_client(portal_settings.citizen_eid, demo=True),
        staff_eid=staff_client(portal_settings.staff_eid, demo=True),
        calculator=Calculator(figures()),
        switches=switches,
    )


@pytest.fixture
def portal_app(portal_parts: Parts) -> Iterator[Flask]:
    """The web application."""
    before = fields.allow_fictional_numbers
    app = make_application(portal_parts)
    app.testing = True
    share_compiled(app.jinja_env)
    broken: list[str] = []

    @app.after_request
    def look(response: Any) -> Any:
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303) and not response.is_streamed:
            rule = request.url_rule.rule if request.url_rule else request.path
            broken.extend(
                f"{request.method} {rule} ({response.status_code}): {problem}" for problem in problems(response.get_data(as_text=True))
            )
        return response

    yield app
    assert not broken, "\n".join(sorted(set(broken)))
    fields.allow_fictional_numbers = before
    set_locale(DEFAULT)


@pytest.fixture
def worker(portal_parts: Parts, clock: FixedClock) -> Worker:
    """The worker; `worker.drain()` does all that is due."""
    return make_worker(portal_parts.settings, portal_parts.database, clock, portal_parts.services, portal_parts.ask, portal_parts.switches)


@pytest.fixture
def login(portal_app: Flask, portal_parts: Parts) -> Callable[..., Browser]:
    """Log in as a demo person by key: ``login("maria")``, in English unless told otherwise; `fresh` as an approval needs it."""

    def log_in(key: str, language: str = "en", *, fresh: bool = False) -> Browser:
        row = demo_persons()[key]
        with portal_parts.database.transaction() as work:
            person_id = ensure_person(work, row.cpr, portal_parts.clock.now(), language).id
        now = SystemClock().now()
        data = {"person_id": str(person_id), "cpr": row.cpr, "name": row.name, "loa": "substantial", "sid": "s", "id_token": ""}
        return _browser(portal_app, portal_parts, {**data, "fresh_at": now.timestamp() if fresh else None, "language": language}, person_id)

    return log_in


@pytest.fixture
def staff_login(portal_app: Flask, portal_parts: Parts) -> Callable[..., Browser]:
    """Log in as a demo member of staff by key: ``staff_login("karen")``, in English unless told otherwise."""

    def log_in(key: str, language: str = "en") -> Browser:
        row = next(each for each in demo_staff() if each.key == key)
        municipalities = ["all"] if row.municipalities == "all" else sorted(row.municipalities)
        staff = {"id": staff_id_of(key), "name": row.name, "roles": sorted(row.roles), "municipalities": municipalities}
        return _browser(portal_app, portal_parts, {"staff": staff, "language": language}, None)

    return log_in


@pytest.fixture
def send_application(portal_parts: Parts) -> Callable[..., uuid.UUID]:
    """Apply for somebody with ready answers: ``send_application("soeren", SELF_EMPLOYED)``. Returns the case's id."""

    def send(key: str, answers: Mapping[str, Any], language: str = "da") -> uuid.UUID:
        service, clock = portal_parts.services["free-place"], portal_parts.clock
        facts = service.gather(portal_parts.ask, demo_persons()[key].cpr, clock.today())
        state = State(answers, facts, clock.today(), service.context(facts, clock.today()))
        counted = counting(service, state)
        remembered = {step.name: step.remember(counted) for step in service.steps if step.applies(counted) and step.remember(counted)}
        counted = State({**counted.answers, **remembered}, facts, clock.today(), state.context)
        with portal_parts.database.transaction() as work:
            person = ensure_person(work, facts["cpr"], clock.now(), language)
            draft = Drafts(work, person.id).begin(service.slug, facts, clock.now())
            sender = submit.Sender(person.id, language)
            application = submit.submit(work, service, draft.id, counted, sender, draft.version, clock.now())
            return work.scalars(select(Case.id).where(Case.application_id == application.id)).one()

    return send


def staff_id_of(key: str) -> str:
    """The stable name a demo member of staff has in records."""
    return f"demo#staff-{key}"


def _browser(app: Flask, parts: Parts, data: dict[str, Any], person_id: uuid.UUID | None) -> Browser:
    forgery = uuid.uuid4().hex
    token = keep_session(parts.database, {**data, "csrf_token": forgery}, person_id)
    client = app.test_client()
    client.set_cookie("portal", f"s.{token}", domain="localhost")
    csrf = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(forgery)
    return Browser(client, csrf if isinstance(csrf, str) else csrf.decode(), person_id)


def keep_session(database: Database, data: dict[str, Any], person_id: uuid.UUID | None = None) -> str:
    """Put a session into the database as a login does; its cookie's value."""
    token = uuid.uuid4().hex
    name = hashlib.sha256(token.encode()).digest()
    # A session's life is measured by the machine's clock, whatever day the test plays on.
    now = SystemClock().now()
    with database.transaction() as work:
        work.add(
            WebSession(
                token_hash=name,
                person_id=person_id,
                staff_id=data["staff"]["id"] if "staff" in data else None,
                data=bound(name, data),
                created=now,
                last_seen=now,
                ends=now + timedelta(hours=8),
            )
        )
    return token
