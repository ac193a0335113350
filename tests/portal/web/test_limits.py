"""Whoever tries too often is stopped with a page, for a time that is told, and nobody else is."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from portal.registers.demo import demo_persons
from portal.storage.base import Base
from portal.storage.database import Database
from portal.web import guard, limits
from portal.web.application import make_application
from portal.web.limits import LIMITED, OTHERS_A_DAY, TooOften
from tests.portal.fixtures import Browser, _browser
from tests.portal.walking import START

NOWHERE = "00000000-0000-4000-8000-000000000000"
# How each limited page is asked: with method and address, and a form where one is needed.
ASKED = {
    "session.login": ("GET", "/login?fresh=1"),
    "session.callback": ("GET", "/login/callback?state=x&code=y"),
    "session.staff_login": ("GET", "/login/staff"),
    "session.staff_callback": ("GET", "/login/staff/callback?state=x&code=y"),
    "requests.answer": ("POST", f"/my-page/tasks/{NOWHERE}"),
    "requests.withdraw": ("POST", f"/my-page/tasks/{NOWHERE}/withdraw"),
    "apply.save": ("POST", f"{START}/{NOWHERE}/papers"),
    "quote.page": ("POST", "/what-will-i-pay"),
    "audit.search": ("POST", "/audit"),
    "audit.export": ("POST", "/audit/export"),
    "office.reveal": ("POST", f"/back-office/cases/{NOWHERE}/reveal"),
    "backchannel.logout": ("POST", "/logout/backchannel"),
}
# Pages that are not a citizen's, and the role that opens them; no role: the eID's own server, which is nobody's person.
OF_STAFF = {"audit.search": "auditor", "audit.export": "auditor", "office.reveal": "case_worker"}
OF_NOBODY = {"backchannel.logout"}
STORES = {"try_count", "web_session"}


@pytest.fixture
def portal_settings(sqlite_settings):
    """What is counted where is tested for both engines in tests/portal/storage/test_counting.py."""
    return sqlite_settings


@pytest.fixture
def few(monkeypatch):
    """Limits that a test can reach: so many by a person, so many from an address."""

    def allow(person, address):
        small = {name: replace(row, person=f"{person} per hour", address=f"{address} per hour") for name, row in LIMITED.items()}
        monkeypatch.setattr(limits, "LIMITED", small)
        # The ids here are nobody's. Whether a thing is theirs is asked before, and has tests of its own.
        monkeypatch.setattr(guard, "_check_things", lambda *_: None)

    return allow


@pytest.fixture
def two(portal_app, portal_parts, login):
    """Two who may ask for a limited page, the second in Danish."""

    def find(endpoint):
        if endpoint in OF_NOBODY:
            return [Browser(portal_app.test_client(), "") for _one in range(2)]
        if endpoint not in OF_STAFF:
            return [login("maria"), login("sofie", "da")]
        staff = [{"id": f"demo#{number}", "name": "X", "roles": [OF_STAFF[endpoint]], "municipalities": ["all"]} for number in range(2)]
        told = zip(staff, ("en", "da"), strict=True)
        return [_browser(portal_app, portal_parts, {"staff": one, "language": language}, None) for one, language in told]

    return find


@pytest.fixture
def rows(database):
    """How many rows each table has, but those of the counts and of sessions."""

    def count():
        with database.session(reads_only=True) as session:
            tables = [table for table in Base.metadata.sorted_tables if table.name not in STORES]
            return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}

    return count


def ask(browser, endpoint, address="192.0.2.1"):
    """Ask a limited page once, as a browser at this address does."""
    method, path = ASKED[endpoint]
    from_there = {"environ_overrides": {"REMOTE_ADDR": address}}
    if method == "GET":
        return browser.get(path, **from_there)
    form = {"papers": (io.BytesIO(b"%PDF-1.7"), "a.pdf")} if endpoint == "apply.save" else {}
    return browser.post(path, form, **from_there)


def test_every_limited_page_is_tried_here(portal_app):
    assert set(ASKED) == set(LIMITED) <= set(portal_app.view_functions)


@pytest.mark.parametrize("endpoint", sorted(set(LIMITED) - OF_NOBODY))
def test_too_many_tries_get_a_page_that_says_how_long_and_write_nothing(two, rows, few, endpoint):
    few(2, 100)
    maria, sofie = two(endpoint)
    assert [ask(maria, endpoint).status_code == 429 for _time in range(2)] == [False, False]
    before = rows()
    stopped = ask(maria, endpoint)
    assert stopped.status_code == 429
    assert 3000 < int(stopped.headers["Retry-After"]) <= 3600
    assert re.search(r"Wait (59|60)\sminutes and try again", stopped.text)
    # One person's flood stops nobody else at the same address, and follows that person to another.
    assert ask(sofie, endpoint).status_code != 429
    assert ask(maria, endpoint, "198.51.100.7").status_code == 429
    assert rows() == before
    ask(sofie, endpoint)
    danish = ask(sofie, endpoint)
    assert re.search(r"Vent (59|60)\sminutter, og prøv igen", danish.text), danish.text


@pytest.mark.parametrize("endpoint", sorted(LIMITED))
def test_an_address_is_stopped_by_itself(two, few, endpoint):
    few(100, 3)
    maria, sofie = two(endpoint)
    for browser in (maria, sofie, maria):
        assert ask(browser, endpoint).status_code != 429
    assert ask(sofie, endpoint).status_code == 429
    assert ask(sofie, endpoint, "198.51.100.7").status_code != 429


def test_somebody_unknown_is_counted_by_address_alone(portal_app, few):
    few(0, 2)
    told = [portal_app.test_client().get("/login/callback?state=x").status_code for _time in range(3)]
    assert told[2] == 429
    assert 429 not in told[:2]


def test_looking_at_a_page_and_saving_an_ordinary_one_are_not_counted(visit, few, database):
    few(0, 0)
    sofie = visit("sofie")
    assert sofie.fill_in(until="check").step == "check"
    assert sofie.browser.get("/what-will-i-pay").status_code == 200
    with database.session(reads_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Base.metadata.tables["try_count"])) == 0


def test_another_sites_posts_use_up_nobodys_tries(login, few):
    few(2, 2)
    maria = login("maria")
    for _time in range(5):
        answer = maria.post("/what-will-i-pay", {}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 400
    assert maria.post("/what-will-i-pay", {}).status_code == 422


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_an_address_told_by_a_visitor_is_believed_only_from_our_own_proxies(portal_parts, few, proxies):
    few(100, 1)
    app = make_application(replace(portal_parts, settings=replace(portal_parts.settings, trusted_proxies=proxies)))

    def get(*said):
        headers = {"X-Forwarded-For": ", ".join(said), "X-Forwarded-Host": "evil.example", "Forwarded": "for=203.0.113.9"}
        return app.test_client().get("/login/callback?state=x", headers=headers, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})

    seen = ["198.51.100.1", "198.51.100.2"]
    assert get("203.0.113.5", *seen).status_code != 429
    # What stands further out was written by the visitor: it makes nobody somebody else.
    assert get("203.0.113.99", *seen).status_code == 429
    changed = get("203.0.113.5", *(seen[: 2 - proxies] + ["198.51.100.9"] * proxies))
    assert (changed.status_code == 429) is (proxies == 0)


def test_one_networks_addresses_are_one_visitors(portal_app, few):
    few(100, 2)

    def get(address):
        return portal_app.test_client().get("/login/callback?state=x", environ_overrides={"REMOTE_ADDR": address}).status_code

    told = [get(address) for address in ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:1:7::3", "2001:db8:0:2::1")]
    assert [code == 429 for code in told] == [False, False, True, False]


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_what_stands_for_one_visitor(address, stands_for):
    assert limits.network_of(address) == stands_for


def test_a_store_that_is_away_stops_nobody_and_the_limits_stand(portal_parts, few, tmp_path):
    few(100, 2)
    away = Database(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3")
    app = make_application(portal_parts)
    for limiter in app.extensions["limiter"]:
        limiter.storage._database = away
    told = [app.test_client().get("/login/callback?state=x").status_code for _time in range(4)]
    away.close()
    assert (429 in told[:2], told[2:]) == (False, [429, 429])


def test_one_who_logs_in_again_and_again_is_stopped_wherever_from(portal_app, monkeypatch):
    monkeypatch.setattr(limits, "LOGINS_OF_ONE", "2 per hour")
    with portal_app.test_request_context():
        limits.count_login("somebody")
        limits.count_login("somebody")
        limits.count_login("another")
        with pytest.raises(TooOften) as stopped:
            limits.count_login("somebody")
    assert 3500 < stopped.value.again_in <= 3600


def form_with(number):
    return [SimpleNamespace(kind="cpr", data=number), SimpleNamespace(kind="text", data="x")]


def test_one_person_writes_so_many_different_numbers_a_day_and_the_same_one_as_often_as_needed(portal_app):
    with portal_app.test_request_context():
        for number in range(OTHERS_A_DAY):
            for _again in range(3):
                limits.count_others("maria", form_with(f"number {number}"))
        for _time in range(2):
            with pytest.raises(TooOften):
                limits.count_others("maria", form_with("one more"))
        limits.count_others("maria", form_with("number 1"))
        limits.count_others("sofie", form_with("one more"))


def test_the_page_that_takes_a_partners_number_takes_five_and_stores_no_sixth(visit, records):
    maria = visit("soeren")
    page = maria.fill_in({"household": {"living": "couple"}}, until="partner-number")
    numbers = [row.cpr for key, row in sorted(demo_persons().items()) if key != "soeren"][: OTHERS_A_DAY + 1]
    for number in numbers[:-1]:
        assert maria.browser.post(page.path, {"cpr": number, "version": "99"}).status_code == 303
    stopped = maria.browser.post(page.path, {"cpr": numbers[-1], "version": "99"})
    assert stopped.status_code == 429
    assert "several different CPR numbers" in stopped.text
    assert int(stopped.headers["Retry-After"]) > 23 * 3600
    assert records.draft(page.path.split("/")[3]).answers["pages"]["partner-number"] == {"cpr": numbers[-2]}
