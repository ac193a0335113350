"""What is done decides how sure we must be of the person: one table, one guard, and a login that begun as a fresh one."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import session
from sqlalchemy import select

from portal.identity.actions import ACTIONS, LOGIN
from portal.registers.demo import demo_persons
from portal.storage.models import ParkedPost, WebSession
from portal.web import parked, step_up
from portal.web.access import ROUTES
from tests.portal import real_login
from tests.portal.fixtures import Browser
from tests.portal.real_login import log_in, stand_in  # noqa: F401 - these tests log in for real

PROBE = "/probe"


@pytest.fixture
def portal_settings(sqlite_settings, stand_in):  # noqa: F811 - the fixture of the same name
    """Which engine keeps a session does not matter here."""
    return real_login.portal_settings.__wrapped__(sqlite_settings, stand_in)


@pytest.fixture
def probe(portal_app, monkeypatch):
    """A page of the test's own that asks for an action: ``probe("payment_details")``. It counts what was done."""
    done = []

    def page():
        done.append(session["person_id"])
        return f"<!DOCTYPE html><html lang=da><title>Probe</title><h1>Probe</h1><p>{session['loa']}</p></html>"

    portal_app.add_url_rule(PROBE, "probe.page", page, methods=["GET", "POST"])
    monkeypatch.setitem(ROUTES, "probe.page", ("list", "look-up"))
    monkeypatch.setattr(parked, "SHOWN_AFTER_LOGIN", parked.SHOWN_AFTER_LOGIN | {"probe.page"})

    def asks(action):
        monkeypatch.setitem(step_up.ACTION_OF, "probe.page", action)
        return done

    return asks


@pytest.fixture
def change(database):
    """Change what every session holds: ``change(loa="low")``."""

    def to(**values):
        with database.transaction() as work:
            for row in work.scalars(select(WebSession)):
                row.data = {**row.data, **values}

    return to


def asked_of_the_eid(answer):
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def test_the_table_has_the_rows_that_were_asked_for():
    assert set(ACTIONS) == {LOGIN, "consent", "payment_details", "address_protection"}
    assert all(ACTIONS[name].fresh_seconds for name in ACTIONS if name != LOGIN)
    assert {ACTIONS[name].level for name in ACTIONS if name != LOGIN} == {"substantial", "high"}
    assert all(not isinstance(name, str) or name in ACTIONS for name in step_up.ACTION_OF.values())


@pytest.mark.parametrize("action", ["consent", "payment_details", "address_protection"])
def test_any_route_that_names_an_action_is_guarded_by_its_row(probe, login, change, action):
    done, maria, needed = probe(action), login("maria"), ACTIONS[action]
    shown, sent = maria.get(PROBE + "?x=1"), maria.post(PROBE, {"account": "1"})
    assert (shown.status_code, shown.location) == (302, f"/login?next=/probe?x%3D1&for={action}")
    assert (sent.status_code, sent.location) == (303, f"/login?next=/probe&for={action}")
    change(loa=needed.level, fresh_at=time.time() - needed.fresh_seconds + 5)
    assert maria.get(PROBE).status_code == 200
    change(fresh_at=time.time() - needed.fresh_seconds - 1)
    assert maria.get(PROBE).status_code == 302
    change(loa={"substantial": "low", "high": "substantial"}[needed.level], fresh_at=time.time())
    assert maria.get(PROBE).status_code == 302
    assert len(done) == 1


def test_an_ordinary_page_asks_for_no_new_login(probe, login):
    probe(LOGIN)
    assert login("maria").get(PROBE).status_code == 200


@pytest.mark.parametrize("action", ["consent", "payment_details", "address_protection"])
def test_the_login_for_an_action_asks_the_eid_for_a_new_login_its_age_and_its_level(login, action):
    away = login("maria").get(f"/login?for={action}&next=/my-page")
    asked, needed = asked_of_the_eid(away), ACTIONS[action]
    assert (asked["prompt"], asked["max_age"]) == ("login", str(needed.fresh_seconds))
    assert f'"{needed.level}"' in asked["idp_params"]


@pytest.mark.parametrize("address", ["/login", "/login?for=login", "/login?for=nonsense", "/login?for="])
def test_an_ordinary_login_asks_for_none_of_it(portal_app, address):
    asked = asked_of_the_eid(portal_app.test_client().get(address))
    assert {"prompt", "max_age"}.isdisjoint(asked)
    assert '"substantial"' in asked["idp_params"]


def test_stepping_up_leads_back_with_a_new_cookie_and_what_was_sent_is_kept(probe, login, database):
    done, maria = probe("payment_details"), login("maria")
    old = maria.client.get_cookie("portal").value
    sent = maria.post(PROBE, {"account": "12345678"})
    with database.session(reads_only=True) as work:
        kept = work.scalars(select(ParkedPost)).one()
        assert (kept.path, kept.owner, kept.fields["fields"]) == (PROBE, str(maria.person_id), [["account", "12345678"]])

    landed = log_in(maria.client, "maria", sent.location)

    assert (landed.status_code, landed.request.path, done) == (200, PROBE, [str(maria.person_id)])
    assert maria.client.get_cookie("portal").value != old


@pytest.mark.parametrize("address", ["/my-page?fresh=1&for=payment_details", "/probe?for=payment_details&fresh=1&fresh_at=9999999999"])
def test_an_address_typed_by_hand_proves_nothing(probe, login, address):
    done, maria = probe("payment_details"), login("maria")
    maria.get(address)
    assert maria.get(PROBE).status_code == 302
    assert done == []


def test_an_ordinary_login_is_never_a_fresh_one(probe, portal_app):
    probe("consent")
    client = portal_app.test_client()
    assert log_in(client, "maria").status_code == 200
    assert client.get(PROBE).status_code == 302
    assert log_in(client, "maria", "/login?for=consent&next=/probe").request.path == PROBE
    assert client.get(PROBE).status_code == 200


def test_how_fresh_a_login_is_comes_from_the_eids_own_word(portal_app):
    client = portal_app.test_client()
    before = int(time.time())
    log_in(client, "maria", "/login?for=consent")
    with client.session_transaction() as kept:
        assert before <= kept["fresh_at"] <= time.time()
        assert kept["loa"] == "substantial"


def test_a_level_too_low_after_stepping_up_says_so_and_does_nothing(probe, login, portal_app, portal_parts, monkeypatch):
    done, maria = probe("address_protection"), login("maria")
    page = log_in(maria.client, "maria", "/login?for=address_protection&next=/probe")
    assert page.status_code == 403
    assert "You need a more secure login" in page.text
    assert 'href="/login?next=/probe&amp;for=address_protection"' in page.text
    assert page.request.path == "/login/refused/level_too_low"
    assert maria.get(PROBE).status_code == 302
    assert done == []


def test_another_person_who_logs_in_never_goes_on_with_the_first_ones_action(probe, login, database):
    done, maria = probe("payment_details"), login("maria")
    sent = maria.post(PROBE, {"account": "12345678"})

    landed = log_in(maria.client, "anders", sent.location)

    assert (landed.status_code, landed.request.path) == (200, "/my-page")
    assert "Anders Prøve" in landed.text
    assert "12345678" not in landed.text
    assert done == []
    with maria.client.session_transaction() as kept:
        assert "parked" not in kept
        assert kept["cpr"] == demo_persons()["anders"].cpr


def test_a_kept_post_copied_into_ones_own_row_is_not_shown(visit, database):
    """Sealed for another's row, it is nothing in one's own."""
    maria, sofie = visit("maria"), visit("sofie")
    paths = []
    for walker, text in ((maria, "Noah er hos mig"), (sofie, "mine")):
        page = walker.fill_in({"children": {"right": "no"}}, until="correction")
        paths.append(page.path)
        old = {"csrf_token": "old", "text": text}
        assert walker.browser.client.post(page.path, data=old, headers={"Sec-Fetch-Site": "same-origin"}).location == page.path
    with database.transaction() as work:
        kept = {row.path: row for row in work.scalars(select(ParkedPost))}
        kept[paths[1]].fields = kept[paths[0]].fields
    assert "Noah er hos mig" not in sofie.open(paths[1]).text
    assert "Noah er hos mig" in maria.open(paths[0]).text


def test_what_is_forged_is_not_kept_for_a_new_login(probe, login, database):
    probe("payment_details")
    maria = login("maria")
    for headers in ({}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site"}):
        forged = maria.client.post(PROBE, data={"account": "87654321", "csrf_token": "x"}, headers=headers)
        assert forged.status_code == 400
    with database.session(reads_only=True) as work:
        assert not work.scalars(select(ParkedPost)).all()


def test_only_an_approval_needs_a_login_of_its_own(visit, worker, records, login):
    visit("henrik").apply({"household": {"living": "couple:a1"}})
    consent = f"/my-page/tasks/{records.request('henrik').id}"
    louise = login("louise")
    assert louise.get(consent).location == f"/login?next={consent}&for=consent"
    visit("louise", fresh=True).approve(records.request("henrik").id)
    # Answered: there is nothing left to approve, and the answer can be read.
    assert louise.get(consent).status_code == 200
    worker.drain()
    hearing = f"/my-page/tasks/{records.request('henrik', 'hearing').id}"
    assert login("henrik").get(hearing).status_code == 200


def test_the_way_to_the_login_does_not_tell_whether_there_is_such_a_request(visit, records, portal_app):
    visit("henrik").apply({"household": {"living": "couple:a1"}})
    there, not_there = records.request("henrik").id, "00000000-0000-4000-8000-000000000000"
    locations = [portal_app.test_client().get(f"/my-page/tasks/{each}").location for each in (there, not_there)]
    assert locations[0].replace(str(there), not_there) == locations[1]
    # Logged in, somebody else's request looks like one that is not there.
    emma = visit("emma").browser
    assert [emma.get(f"/my-page/tasks/{each}").status_code for each in (there, not_there)] == [404, 404]


def test_a_browser_is_not_sent_round_in_circles(probe, login, change):
    probe("payment_details")
    maria = login("maria", fresh=True)
    assert isinstance(maria, Browser)
    # Good enough already: the login leads on at once.
    assert maria.get("/login?for=payment_details&next=/probe").location == PROBE
