"""Every answer of every route, as production gives it: what the browser may do with it, and that no post gets past the token."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.storage.base import Base
from portal.storage.models import AnswerRequest, Application, Case, Draft, Letter
from portal.web import headers, limits
from portal.web.application import make_application
from tests.portal.fixtures import SELF_EMPLOYED, SINGLE

SITE = "https://portal.example"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    # The eID's own site, where a login's form may end.
    "form-action": "'self' http://127.0.0.1:9",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
# Posts that need no token, and why.
WITHOUT_TOKEN = {"backchannel.logout": "the eID's own server comes, with a signed token of its own"}
# What is told instead of a refusal, and changes nothing: until when one is logged in.
TOLD_INSTEAD = {"staying.extend": "/session/status"}
# Pages that write down that somebody has looked, or remember that a login has begun.
WRITES_WHEN_READ = {
    "office.queue": {"audit_entry"},
    "office.case": {"audit_entry"},
    "office.decide": {"audit_entry"},
    "office.ask": {"audit_entry"},
    "office.document": {"audit_entry"},
    "session.login": {"web_session", "try_count"},
    "session.staff_login": {"web_session", "try_count"},
    "session.callback": {"try_count"},
    "session.staff_callback": {"try_count"},
    # Min Side keeps what the registers said, so that it needs not ask again.
    "mine.overview": {"register_copy", "audit_entry"},
    "mine.payments": {"register_copy", "audit_entry"},
    "mine.letter": {"audit_entry"},
    "mine.letter_pdf": {"audit_entry"},
}
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def portal_settings(sqlite_settings):
    """What is sent along with an answer has nothing to do with the engine."""
    return sqlite_settings


@pytest.fixture
def production(portal_parts, portal_app):
    """The application with the settings of production, on the same data."""
    settings = replace(portal_parts.settings, demo=False, base_url=SITE, metrics_token="")
    return make_application(replace(portal_parts, settings=settings))


@pytest.fixture
def ids(login, send_application, worker, database):
    """Things of Sofie's that are really there, by the name they have in an address."""
    send_application("soeren", SELF_EMPLOYED)
    send_application("sofie", SINGLE)
    worker.drain()
    sofie = login("sofie")
    sofie.post("/apply/free-place")
    with database.session(reads_only=True) as session:
        mine = {"person_id": sofie.person_id}
        found = {
            "case_id": session.scalars(select(Case.id).filter_by(**mine)).first(),
            "application_id": session.scalars(select(Application.id).filter_by(**mine)).first(),
            "letter_id": session.scalars(select(Letter.id).filter_by(**mine)).first(),
            "draft_id": session.scalars(select(Draft.id).filter_by(**mine)).first(),
            "request_id": session.scalars(select(AnswerRequest.id)).first() or NOWHERE,
        }
    assert all(found.values())
    return {
        **found,
        "slug": "free-place",
        "page": "household",
        "code": "en",
        "reason": "stopped",
        "version": 1,
        "document_id": NOWHERE,
        "file_id": NOWHERE,
    }


@pytest.fixture
def visitors(production, login, staff_login):
    """A client for somebody unknown, for a citizen and for a member of staff: new ones each time, with the same sessions."""
    sessions = {"anybody": None, "citizen": login("sofie"), "staff": staff_login("karen")}

    def client(who):
        made = production.test_client()
        if sessions[who] is not None:
            cookie = sessions[who].client.get_cookie("portal").value
            made.set_cookie("__Host-portal", cookie, domain="portal.example", secure=True)
        return made

    return client


def addresses(app, ids, method):
    """Endpoint and path of every route that takes the method."""
    adapter = app.url_map.bind("portal.example")
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule.endpoint, adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments}, method=method)


def rows(database):
    with database.session(reads_only=True) as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}


def wrong(answer, *, kept=False):
    """What is not as it must be in the headers of an answer."""
    told = dict(part.strip().split(" ", 1) for part in answer.headers.get("Content-Security-Policy", "x x").split(";"))
    found = [f"policy {told}"] if told != POLICY else []
    found += [f"{name}: {answer.headers.getlist(name)}" for name, value in EXACT.items() if answer.headers.getlist(name) != [value]]
    if not kept and answer.headers.getlist("Cache-Control") != ["no-store"]:
        found.append(f"Cache-Control: {answer.headers.getlist('Cache-Control')}")
    found += [f"says {name}" for name in ("Server", "X-Powered-By", "Access-Control-Allow-Origin") if name in answer.headers]
    for cookie in answer.headers.getlist("Set-Cookie"):
        parts = {part.strip() for part in cookie.split(";")}
        if not (cookie.startswith("__Host-portal=") and {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts) or "Domain" in cookie:
            found.append(cookie.partition("=")[0])
    return found


def test_every_answer_of_every_route_carries_every_header_and_reading_writes_nothing(production, visitors, ids, database):
    bad, checked, wrote = [], 0, {}
    for who in ("anybody", "citizen", "staff"):
        for endpoint, path in addresses(production, ids, "GET"):
            before = rows(database)
            answer = visitors(who).get(path, base_url=SITE)
            bad += [f"{who} GET {endpoint} ({answer.status_code}): {each}" for each in wrong(answer)]
            changed = {name for name, number in rows(database).items() if number != before[name]} - {"audit_head"}
            # Somebody who tries what they may not is written down, and counted.
            if answer.status_code == 404 and who != "anybody":
                changed -= {"audit_entry", "try_count"}
            if changed - WRITES_WHEN_READ.get(endpoint, set()):
                wrote[f"{who} {endpoint}"] = changed
            checked += 1
    assert checked > 60
    assert bad == []
    assert wrote == {}


def test_every_post_without_a_token_is_refused_and_writes_nothing(production, visitors, ids, database):
    passed, bad, before = [], [], rows(database)
    for who in ("anybody", "citizen", "staff"):
        for endpoint, path in addresses(production, ids, "POST"):
            if endpoint in WITHOUT_TOKEN:
                continue
            for said in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
                answer = visitors(who).post(path, data={"csrf_token": "forged"}, headers=said, base_url=SITE)
                bad += [f"{who} POST {endpoint} ({answer.status_code}): {each}" for each in wrong(answer)]
                to_login = answer.status_code == 303 and answer.location.split("?")[0] in ("/login", "/login/staff")
                told_instead = endpoint in TOLD_INSTEAD and answer.location == TOLD_INSTEAD[endpoint]
                if answer.status_code not in (400, 404) and not to_login and not told_instead:
                    passed.append(f"{who} {endpoint} {said} {answer.status_code}")
    assert bad == []
    assert passed == []
    # That somebody tried is counted, and written down where it was not theirs to try.
    assert {name for name, number in rows(database).items() if number != before[name]} <= {"try_count", "audit_entry", "audit_head"}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 422),
        ({"Sec-Fetch-Site": "same-origin"}, 422),
        ({"Sec-Fetch-Site": "none"}, 422),
        ({"Origin": "http://127.0.0.1:8000"}, 422),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
    ],
)
def test_a_right_token_from_another_site_is_refused(login, said, status):
    sofie = login("sofie")
    assert sofie.client.post("/what-will-i-pay", data={"csrf_token": sofie.csrf}, headers=said).status_code == status


@pytest.mark.parametrize(("referer", "status"), [(f"{SITE}/what-will-i-pay", 422), ("https://evil.example/", 400), (None, 400)])
def test_over_https_the_page_a_form_comes_from_must_be_ours(production, login, referer, status):
    # Referrer-Policy: no-referrer would take this check away, and make browsers send "Origin: null" with our own forms.
    sofie, client = login("sofie"), production.test_client()
    client.set_cookie("__Host-portal", sofie.client.get_cookie("portal").value, domain="portal.example", secure=True)
    said = {"Referer": referer} if referer else {}
    assert client.post("/what-will-i-pay", data={"csrf_token": sofie.csrf}, headers=said, base_url=SITE).status_code == status


def test_refusals_and_failures_carry_the_headers_too(production, visitors, monkeypatch):
    def broken():
        raise RuntimeError("inside")

    monkeypatch.setitem(production.view_functions, "pages.was", broken)
    row = replace(limits.LIMITED["session.callback"], address="1 per hour")
    monkeypatch.setattr(limits, "LIMITED", {"session.callback": row})
    client = visitors("anybody")
    told = {
        404: client.get("/nowhere", base_url=SITE),
        405: client.delete("/privacy", base_url=SITE),
        413: client.post("/what-will-i-pay", data={"x": "x" * 200_000}, base_url=SITE),
        500: client.get("/was", base_url=SITE),
        400: client.get("/", base_url="https://evil.example"),
        429: [client.get("/login/callback?state=x", base_url=SITE) for _time in range(2)][-1],
    }
    assert {code: answer.status_code for code, answer in told.items()} == {code: code for code in told}
    assert {code: wrong(answer) for code, answer in told.items()} == {code: [] for code in told}
    assert all(answer.headers["X-Request-Id"] for answer in told.values())


def test_static_files_carry_the_headers_and_may_be_kept(production):
    answer = production.test_client().get("/static/css/portal.css", base_url=SITE)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert wrong(answer, kept=True) == []
    answer.close()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "portal.example.evil.example", "evil.example:443", "127.0.0.1", "localhost", "[::1]", "portal.example@evil.example"],
)
def test_another_host_is_refused_in_production(production, host):
    answer = production.test_client().get("/", headers={"Host": host})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8000", 200), ("localhost:8000", 200), ("evil.example", 400), ("192.168.1.5:8000", 400), ("0.0.0.0", 400)],
)
def test_the_demo_answers_to_its_own_machine_alone(portal_app, host, status):
    # A page elsewhere whose name has been made to lead to this machine would reach it otherwise.
    assert portal_app.test_client().get("/", headers={"Host": host}).status_code == status


def test_no_address_of_a_request_finds_its_way_into_a_page(production):
    said = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Original-URL": "/evil.example",
    }
    for path in ("/", "/what-will-i-pay", "/login/callback?state=x", "/nowhere"):
        answer = production.test_client().get(path, base_url=SITE, headers=said)
        assert "evil.example" not in answer.text + str(answer.headers)


def test_the_policy_allows_nothing_inline(portal_settings):
    policy = headers.protection(portal_settings, ["https://eid.example"])["Content-Security-Policy"]
    for word in ("unsafe", "nonce", "data:", "blob:", "*", "http:"):
        assert word not in policy
