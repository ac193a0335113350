"""The matrix: every role, every thing, every verb, tried on every route that the application has.

What is expected stands here in words of its own, so that a rule loosened in portal/access.py is found. Ids are known
ones: of one's own things, and of other people's.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.access import ROLES, RULES, SYSTEM, VERBS, WORK
from portal.registers.demo import demo_persons
from portal.storage.models import AuditEntry, Document, Letter
from portal.storage.people import ensure_person
from portal.web import guard, limits
from portal.web.access import NAMED, ROOMS, ROUTES
from portal.web.application import make_application
from portal.web.parts import Parts
from tests.compiled import share_compiled
from tests.portal.fixtures import COUPLE, SINGLE, Browser, _browser

EVERYBODY = frozenset(
    {
        "nobody",
        "the applicant",
        "the partner who is asked",
        "a custody holder elsewhere",
        "another citizen",
        "front desk",
        "case worker",
        "case worker elsewhere",
        "decider",
        "municipality admin",
        "auditor",
    }
)
OWNER, ASKED, OFFICE = {"the applicant"}, {"the partner who is asked"}, {"case worker", "decider"}
# Thing and verb -> who. A list shows one's own things, so everybody of the kind has one.
CITIZENS = {"the applicant", "the partner who is asked", "a custody holder elsewhere", "another citizen"}
DESKS = {"case worker", "case worker elsewhere", "decider"}
EXPECTED: dict[tuple[str, str], set[str] | frozenset[str]] = {
    ("public page", "read"): EVERYBODY,
    ("session", "create"): EVERYBODY,
    ("session", "read"): EVERYBODY,
    ("session", "change"): EVERYBODY,
    ("session", "remove"): EVERYBODY,
    ("draft", "create"): CITIZENS,
    ("draft", "read"): OWNER,
    ("draft", "change"): OWNER,
    ("draft", "remove"): OWNER,
    ("application", "create"): OWNER,
    ("application", "read"): OWNER,
    ("case", "list"): CITIZENS | DESKS,
    ("case", "read"): OWNER | OFFICE,
    ("case", "change"): OFFICE,
    ("case", "remove"): OWNER,
    ("decision", "create"): OFFICE | {"system"},
    ("document", "remove"): OWNER,
    ("document", "download"): OFFICE,
    ("document", "change"): {"system"},
    ("protected name", "read"): OFFICE,
    ("request", "list"): CITIZENS,
    ("request", "read"): ASKED,
    ("request", "change"): ASKED | {"system"},
    ("request", "remove"): ASKED,
    ("letter", "list"): CITIZENS,
    ("letter", "read"): OWNER,
    ("letter", "download"): OWNER,
    ("letter", "change"): {"system"},
    ("payment", "list"): CITIZENS,
    ("look-up", "list"): CITIZENS,
    ("audit entry", "list"): {"auditor"},
    ("audit entry", "download"): {"auditor"},
}
# Routes that name no thing and change one of one's own choosing: each desk takes from its own queue.
OF_ONES_OWN = {"office.take_next": DESKS}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKEN = re.compile(r'(name="csrf_token" value|name="csrf-token" content)="[^"]+"')


@dataclass
class World:
    """The things there are, by the names of their ids in addresses, and a way to be anybody."""

    app: Flask
    parts: Parts
    ids: dict[str, uuid.UUID]
    be: dict[str, Callable[[], Browser]]

    def address(self, endpoint: str, *, known: bool = True) -> Iterator[tuple[str, str]]:
        """Method and address of a route, with known ids or with ids that nothing has."""
        for rule in self.app.url_map.iter_rules(endpoint):
            values = {"slug": "free-place", "page": "household", "code": "da", "reason": "stopped", "version": 1}
            values |= {name: self.ids[_kind(endpoint, name)] if known else uuid.uuid4() for name in NAMED}
            wanted = {name: value for name, value in values.items() if name in rule.arguments}
            assert set(wanted) == rule.arguments, f"{rule}: say what {rule.arguments - set(wanted)} is"
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, self.app.url_map.bind("127.0.0.1").build(endpoint, wanted, method=method)

    def denials(self) -> int:
        with self.parts.database.session(reads_only=True) as session:
            return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "denied")) or 0


def _kind(endpoint: str, name: str) -> str:
    # A file lies in a draft until the application is sent, and then in the case.
    return "draft_file" if endpoint == "apply.remove_file" and name == "file_id" else name


@pytest.fixture
def portal_settings(sqlite_settings):
    """Who may is asked in one query a thing, the same on both engines; tests/meta/test_access.py walks both."""
    return sqlite_settings


@pytest.fixture
def world(portal_parts, send_application, records) -> World:
    # Without the rules that look at every page of a test: what is asked here is who gets in, six hundred times.
    app = make_application(portal_parts)
    app.testing = True
    share_compiled(app.jinja_env)

    def citizen(key: str) -> Callable[[], Browser]:
        row = demo_persons()[key]
        with portal_parts.database.transaction() as work:
            person_id = ensure_person(work, row.cpr, portal_parts.clock.now()).id
        told = {"person_id": str(person_id), "cpr": row.cpr, "name": row.name, "loa": "substantial", "sid": "s", "id_token": ""}
        return lambda: _browser(app, portal_parts, {**told, "fresh_at": time.time(), "language": "en"}, person_id)

    case_id = send_application("maria", COUPLE)
    send_application("camilla", SINGLE)
    maria = citizen("maria")()
    begun = maria.post("/apply/free-place").location
    draft_id = uuid.UUID(begun.split("/")[3])
    to_anders = records.letters("anders")[0]
    with portal_parts.database.transaction() as work:
        files = {
            "document_id": _file(maria.person_id, portal_parts, case_id=case_id),
            "draft_file": _file(maria.person_id, portal_parts, draft_id=draft_id),
        }
        letter = Letter(
            case_id=case_id,
            person_id=maria.person_id,
            kind="decision",
            language="da",
            content=to_anders.content,
            pdf=b"%PDF-1.7",
            created=portal_parts.clock.now(),
        )
        work.add_all([*files.values(), letter])
        work.flush()
        ids = {name: row.id for name, row in files.items()}
        ids |= {"letter_id": letter.id, "draft_id": draft_id, "case_id": case_id, "file_id": files["draft_file"].id}
    ids["request_id"] = records.request("maria").id
    ids["application_id"] = records.case("maria").application_id
    assert "viktor" in demo_persons(), "Noah's father, who lives elsewhere and shares custody"

    def staff(role: str, municipality: str = "0461") -> Callable[[], Browser]:
        told = {"id": f"demo#{role}", "name": "Somebody", "roles": [role], "municipalities": [municipality]}
        return lambda: _browser(app, portal_parts, {"staff": told, "language": "en"}, None)

    return World(
        app,
        portal_parts,
        ids,
        {
            "nobody": lambda: Browser(app.test_client(), ""),
            "the applicant": citizen("maria"),
            "the partner who is asked": citizen("anders"),
            "a custody holder elsewhere": citizen("viktor"),
            "another citizen": citizen("sofie"),
            "front desk": staff("front_desk"),
            "case worker": staff("case_worker"),
            "case worker elsewhere": staff("case_worker", "0751"),
            "decider": staff("decider"),
            "municipality admin": staff("municipality_admin"),
            "auditor": staff("auditor"),
        },
    )


def _file(owner: uuid.UUID | None, parts: Parts, **where: uuid.UUID) -> Document:
    return Document(
        person_id=owner,
        name="paper.pdf",
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        scan="not_scanned",
        content=b"%PDF",
        created=parts.clock.now(),
        **where,
    )


def _expected(who: str, endpoint: str) -> bool:
    verb, thing = ROUTES[endpoint]
    room = ROOMS.get(endpoint.partition(".")[0])
    citizen = who in CITIZENS
    if room is not None and who != "nobody" and citizen is not ("citizen" in room):
        return False
    return who in OF_ONES_OWN.get(endpoint, EXPECTED[thing, verb])


def _plain(text: str) -> str:
    return ID.sub("ID", TOKEN.sub("", text))


def _send(browser: Browser, method: str, address: str):
    return browser.get(address) if method == "GET" else browser.post(address)


def _let_in(world: World, browser: Browser, who: str, method: str, address: str) -> bool:
    """Whether the guard let it through. The page may then say that there is nothing to do: a draft is sent, a file is gone."""
    before = world.denials()
    answer = _send(browser, method, address)
    if who == "nobody":
        return not (answer.status_code in (302, 303) and re.match(r"/login(/staff)?\?.*next=", answer.location))
    denied = world.denials() - before
    assert denied in (0, 1)
    assert not denied or answer.status_code == 404
    return not denied


def test_the_matrix(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """About 700 cells: a cell is open when a route opens it, and every route agrees with its cell."""
    monkeypatch.setattr(limits, "DENIALS_OF_ONE", 10_000)
    opened: set[tuple[str, str, str]] = set()
    known = {who: make() for who, make in world.be.items()}
    wrong: list[str] = []
    for allowed in (False, True):
        # Refusals first, while everything is still there; then what opens.
        pairs = [(who, endpoint) for who, endpoint in product(world.be, ROUTES) if _expected(who, endpoint) is allowed]
        for who, endpoint in sorted(pairs, key=lambda pair: (ROUTES[pair[1]][0] in ("remove", "create"), pair)):
            verb, thing = ROUTES[endpoint]
            for method, address in world.address(endpoint):
                # A visitor who has been given a cookie, or has logged out, is another visitor.
                browser = world.be[who]() if allowed or who == "nobody" else known[who]
                let_in = _let_in(world, browser, who, method, address)
                if let_in and endpoint not in OF_ONES_OWN:
                    opened.add((who, thing, verb))
                if let_in is not allowed:
                    wrong.append(f"{who}: {method} {endpoint} ({verb} {thing})")
    assert not wrong, "\n".join(wrong)
    opened |= {("system", thing, verb) for verb, thing in WORK.values()}
    cells = list(product([*world.be, "system"], RULES, VERBS))
    assert len(cells) >= 12 * 10 * 6
    wrong = [
        f"{who} {verb} {thing}" for who, thing, verb in cells if ((who, thing, verb) in opened) != (who in EXPECTED.get((thing, verb), ()))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["another citizen", "case worker elsewhere", "front desk"])
def test_a_refusal_looks_like_a_page_that_is_not_there(world: World, who: str) -> None:
    for endpoint in ROUTES:
        if _expected(who, endpoint):
            continue
        for (method, known), (_method, unknown) in zip(world.address(endpoint), world.address(endpoint, known=False), strict=True):
            denied, absent = (_send(world.be[who](), method, address) for address in (known, unknown))
            assert (denied.status_code, absent.status_code) == (404, 404), (method, endpoint)
            assert _plain(denied.text) == _plain(absent.text), (method, endpoint)


@pytest.mark.parametrize("who", ["another citizen", "a custody holder elsewhere", "case worker elsewhere"])
def test_the_queries_ask_again(world: World, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    """Without the guard's question for each thing, another's still looks like one that is not there."""
    monkeypatch.setattr(guard, "_check_things", lambda *_: None)
    tried = [
        (method, endpoint, _send(world.be[who](), method, address).status_code)
        for endpoint in ROUTES
        if not _expected(who, endpoint) and any(name in rule.arguments for rule in world.app.url_map.iter_rules(endpoint) for name in NAMED)
        for method, address in world.address(endpoint)
    ]
    assert len(tried) > 15
    # A page that only leads on to another shows nothing of its own.
    assert {status for _method, endpoint, status in tried if endpoint != "office.reveal"} == {404}, tried


def test_a_refusal_says_who_tried_what_about_whom_and_nothing_else(world: World) -> None:
    world.be["another citizen"]().get(f"/my-page/cases/{world.ids['case_id']}")
    with world.parts.database.session(reads_only=True) as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.verb == "denied")).one()
    sofie, maria = world.be["another citizen"]().person_id, world.be["the applicant"]().person_id
    assert (row.actor_role, row.actor, row.person_id) == ("citizen", str(sofie), maria)
    assert (row.subject, row.municipality, row.purpose) == (f"read case:{world.ids['case_id']}", "0461", None)


def test_of_very_many_refusals_one_row_tells(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DENIALS_OF_ONE", 3)
    sofie, address = world.be["another citizen"](), f"/my-page/cases/{world.ids['case_id']}"
    assert {sofie.get(address).status_code for _time in range(6)} == {404}
    assert {sofie.get("/back-office").status_code for _time in range(3)} == {404}
    worker = world.be["case worker elsewhere"]()
    assert worker.get("/audit").status_code == 404
    with world.parts.database.session(reads_only=True) as session:
        rows = list(session.scalars(select(AuditEntry).where(AuditEntry.verb == "denied").order_by(AuditEntry.sequence)))
    assert [row.subject.partition(":")[0] for row in rows] == ["read case"] * 3 + ["many", "list audit entry"]
    many, other = rows[3:]
    assert (many.actor, many.results, many.person_id, many.municipality) == (str(sofie.person_id), 3, None, None)
    # A refusal of staff without a thing belongs to the municipality they work for.
    assert (other.actor, other.municipality) == ("demo#case_worker", "0751")


def test_the_worker_does_what_the_rules_let_the_system_do_and_nothing_else(worker) -> None:
    assert set(worker.kinds) == set(WORK)
    allowed = {(verb, thing) for thing, verbs in RULES.items() for verb, roles in verbs.items() if SYSTEM in roles}
    assert allowed == set(WORK.values())


def test_rules_name_roles_and_verbs_there_are() -> None:
    assert {role for verbs in RULES.values() for roles in verbs.values() for role in roles} <= ROLES
    assert {verb for verbs in RULES.values() for verb in verbs} <= set(VERBS)


def test_every_rule_has_a_way_and_every_way_a_rule() -> None:
    ways = {*ROUTES.values(), *WORK.values()}
    assert ways == {(verb, thing) for thing, verbs in RULES.items() for verb in verbs}
