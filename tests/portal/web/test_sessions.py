"""A session's name changes with its person, it ends by rest and for good, and its cookie is kept as browsers can keep one."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import LargeBinary, literal, select, type_coerce, update
from structlog.testing import capture_logs

from portal.clock import SystemClock
from portal.storage.models import AuditEntry, WebSession
from portal.web import limits
from portal.web.sessions import TABLE
from tests.portal import real_login
from tests.portal.real_login import log_in, stand_in  # noqa: F401 - these tests log in for real

PAYLOADS = [
    "//evil.example", "///evil.example", "////evil.example/%2f..", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example",
    "https:evil.example", "https:/evil.example", "https://evil.example", "HTTP://evil.example", "http:\\\\evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x",
    "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", "\n//evil.example", " //evil.example", "/\x00/evil.example",
    "@evil.example", "//portal@evil.example", "https://127.0.0.1:8000@evil.example", "/@evil.example", "/.//evil.example", "/..//evil.example",
    "%2f%2fevil.example", "/%2f%2fevil.example", "/%5cevil.example", "%5c%5cevil.example", "/%09/evil.example", "/%0a/evil.example",
    "\N{FULLWIDTH SOLIDUS}\N{FULLWIDTH SOLIDUS}evil.example", "/\N{FULLWIDTH SOLIDUS}evil.example", "/\N{DIVISION SLASH}/evil.example",
    "//evil\N{IDEOGRAPHIC FULL STOP}example", "evil.example", "?next=//evil.example", "#//evil.example", "/" + "a" * 5000, "//" + "e" * 5000,
]  # fmt: skip


@pytest.fixture
def portal_settings(sqlite_settings, stand_in):  # noqa: F811 - the fixture of the same name
    """The rules are the portal's own; SQLite keeps the rows as well as PostgreSQL does."""
    return real_login.portal_settings.__wrapped__(sqlite_settings, stand_in)


@pytest.fixture
def rows(database):
    """The sessions in the database, by the hash of their cookie."""

    def read():
        with database.session(reads_only=True) as work:
            return {row.token_hash: row for row in work.scalars(select(WebSession))}

    return read


@pytest.fixture
def move(database):
    """Move every session back in time: ``move(last_seen=timedelta(minutes=31))``."""

    def back(**by):
        with database.transaction() as work:
            for row in work.scalars(select(WebSession)):
                for name, delta in by.items():
                    setattr(row, name, getattr(row, name) - delta)

    return back


def cookie(client):
    return client.get_cookie("portal").value


def hash_of(value):
    return hashlib.sha256(value.removeprefix("s.").encode()).digest()


def comes_in(app, value):
    """Whether this cookie opens a page for people who are logged in."""
    client = app.test_client()
    client.set_cookie("portal", value, domain="localhost")
    return client.get("/my-page").status_code == 200


def test_a_cookie_from_before_the_login_is_worth_nothing_after_it(portal_app, rows):
    client = portal_app.test_client()
    client.get("/language/en")
    anonymous = cookie(client)
    client.get("/login")
    begun = cookie(client)
    log_in(client, "maria")
    assert len({anonymous, begun, cookie(client)}) == 3
    assert [comes_in(portal_app, each) for each in (anonymous, begun, cookie(client))] == [False, False, True]
    assert list(rows()) == [hash_of(cookie(client))]


def test_the_key_against_forged_posts_changes_with_the_login(portal_app):
    client = portal_app.test_client()
    client.get("/what-will-i-pay")
    with client.session_transaction() as before:
        key = before["csrf_token"]
    log_in(client, "maria")
    with client.session_transaction() as after:
        assert after["csrf_token"] != key


def test_a_new_login_of_the_same_person_ends_the_old_cookie(portal_app, rows):
    client = portal_app.test_client()
    log_in(client, "maria")
    old = cookie(client)
    log_in(client, "maria", "/login?for=consent")
    assert not comes_in(portal_app, old)
    assert comes_in(portal_app, cookie(client))
    assert hash_of(old) not in rows()


@pytest.mark.parametrize(
    ("by", "inside"),
    [
        ({"last_seen": timedelta(minutes=29)}, True),
        ({"last_seen": timedelta(minutes=30, seconds=1)}, False),
        ({"ends": timedelta(hours=7, minutes=59)}, True),
        ({"ends": timedelta(hours=8, seconds=1)}, False),
    ],
)
def test_a_session_ends_by_rest_and_for_good(portal_app, login, move, by, inside):
    maria = login("maria")
    move(**by)
    assert comes_in(portal_app, cookie(maria.client)) is inside


def test_being_active_moves_the_rest_and_never_the_hard_end(login, rows, move):
    maria = login("maria")
    (before,) = (row.ends for row in rows().values())
    move(last_seen=timedelta(minutes=20))
    assert maria.get("/my-page").status_code == 200
    (row,) = rows().values()
    assert SystemClock().now() - row.last_seen < timedelta(minutes=1)
    assert row.ends == before


def test_logging_out_ends_the_session_itself_and_clears_what_the_browser_kept(portal_app, login, rows):
    maria = login("maria")
    old = cookie(maria.client)
    answer = maria.post("/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not comes_in(portal_app, old)
    assert rows() == {}


@pytest.mark.parametrize("life", ["alive", "ended"])
def test_sealed_data_copied_from_another_row_is_nobodys_session(portal_app, database, login, staff_login, move, life):
    karen, maria = staff_login("karen"), login("maria")
    sealed = select(TABLE.c.token_hash, type_coerce(TABLE.c.data, LargeBinary)).where(TABLE.c.token_hash == hash_of(cookie(karen.client)))
    with database.transaction() as work:
        stolen = work.execute(sealed).one()[1]
        put = update(TABLE).where(TABLE.c.token_hash == hash_of(cookie(maria.client))).values(data=literal(stolen, LargeBinary))
        assert work.execute(put).rowcount == 1
    if life == "ended":
        move(ends=timedelta(hours=9))
    with capture_logs() as lines:
        assert maria.get("/back-office").location.startswith("/login/staff")
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["sealed_for_another_row"]
    # Nor is it known as the member of staff's that has ended.
    anonymous = cookie(maria.client)
    assert anonymous.startswith("a.")
    assert "was" not in portal_app.session_interface._signer.get_signing_serializer(portal_app).loads(anonymous[2:])
    assert (karen.get("/back-office").status_code == 200) is (life == "alive")


def test_a_session_is_sealed_for_its_own_row_when_it_changes_too(login, rows):
    maria = login("maria")
    maria.get("/login?fresh=1")
    (changed,) = rows().values()
    assert "logins" in changed.data
    assert maria.get("/my-page").status_code == 200


@pytest.mark.parametrize("begin", ["/login", "/login?fresh=1", "/language/en"])
def test_the_way_on_never_leaves_this_site(login, rows, begin, monkeypatch):
    monkeypatch.setattr(limits, "LIMITED", {})
    maria = login("maria")
    path, _mark, fresh = begin.partition("?")
    assert len(PAYLOADS) >= 20
    for wanted in PAYLOADS:
        answer = maria.get(path, query_string={"next": wanted, **({"fresh": "1"} if fresh else {})})
        assert answer.status_code == 302, wanted
        # Where a login that has begun will lead is kept in the session.
        place = next(iter(rows().values())).data["logins"][-1]["next_path"] if fresh else answer.location
        assert place.startswith("/"), wanted
        assert _host_in_a_browser(place) == "portal.example", wanted
        assert len(place) < 3000


def test_after_a_real_login_the_way_on_is_ours(portal_app):
    for wanted in ("//evil.example", "/\\evil.example", "/%2f%2fevil.example"):
        client = portal_app.test_client()
        assert client.get("/login", query_string={"next": wanted}).status_code == 302
        landed = log_in(client, "maria", "/login?next=" + wanted)
        assert landed.request.host == "localhost"


def test_a_citizens_login_is_written_down(portal_app, database, rows):
    log_in(portal_app.test_client(), "maria")
    with database.session(reads_only=True) as work:
        entries = [
            (entry.actor_role, entry.actor, entry.subject, entry.person_id)
            for entry in work.scalars(select(AuditEntry).filter_by(verb="log_in"))
        ]
    (person,) = {row.person_id for row in rows().values()}
    assert entries == [("citizen", str(person), "session", person)]


def _host_in_a_browser(place):
    """The host a browser would go to from a page of https://portal.example: it drops tabs and line breaks and turns backslashes."""
    cleaned = place.strip(" \t\r\n\x00").replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
    parts = urlsplit(urljoin("https://portal.example/login", cleaned))
    return parts.hostname if parts.scheme == "https" else parts.scheme
