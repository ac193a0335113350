"""Whom the people register cannot let in: a page that says what to do instead, nobody logged in, one line in the log."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from msgspec import structs
from sqlalchemy import select
from structlog.testing import capture_logs

from portal.registers.demo import demo_persons
from portal.storage.models import AuditEntry, Person, WebSession
from portal.web import asking
from tests.portal import real_login
from tests.portal.real_login import log_in, stand_in  # noqa: F401 - these tests log in for real
from tests.portal.walking import START

PAGES = {
    "nikolaj": ("not_in_register", "Vi kan ikke finde dig i CPR-registret", "Kontakt din kommune", "Contact your municipality"),
    "ellen": ("dead", "Dette MitID kan ikke bruges mere", "Tager du dig af boet?", "Are you dealing with the estate?"),
    "alberte": ("too_young", "Du skal være fyldt 15 år for at logge ind her", "din far eller din værge", "your guardian"),
}


@pytest.fixture
def portal_settings(sqlite_settings, stand_in):  # noqa: F811 - the fixture of the same name
    """What a register says does not depend on the engine."""
    return real_login.portal_settings.__wrapped__(sqlite_settings, stand_in)


@pytest.fixture
def known(database):
    """Who is logged in, as the database has it, and what the audit log says of it."""

    def read():
        with database.session(reads_only=True) as work:
            inside = [row.data["person_id"] for row in work.scalars(select(WebSession)) if "person_id" in row.data]
            return inside, [entry.verb for entry in work.scalars(select(AuditEntry))]

    return read


@pytest.fixture
def told(monkeypatch, portal_parts):
    """Let the people register say something else of whoever logs in: ``told(status="missing")``."""

    def say(answer=None, **changes):
        ask = portal_parts.ask

        def changed(register, question, *args):
            said = ask(register, question, *args)
            if (register, question) != ("people", "person"):
                return said
            if answer is not None:
                return replace(said, value=None, status=answer)
            return replace(said, value=structs.replace(said.value, **changes))

        monkeypatch.setattr(asking, "parts", lambda: replace(portal_parts, ask=changed))

    return say


@pytest.mark.parametrize("who", sorted(PAGES))
def test_the_page_says_what_to_do_and_nobody_is_logged_in(portal_app, known, who):
    code, title, danish, english = PAGES[who]
    client = portal_app.test_client()
    with capture_logs() as lines:
        page = log_in(client, who)
    assert page.status_code == 403
    assert f"<h1>{title}</h1>" in page.text
    assert danish in page.text
    assert ">Log ind igen<" not in page.text
    assert known() == ([], ["look_up"])
    assert client.get("/my-page").status_code == 302
    told = [line for line in lines if line["event"] == "login_refused"]
    assert [(line["code"], line["log_level"]) for line in told] == [(code, "warning")]
    row = demo_persons()[who]
    assert not any(part in str(lines) for part in (row.cpr, row.cpr[:6], row.name))
    # The answer is used up; the page is not, and can be read in the other language.
    (other,) = re.findall(r'href="(/language/en[^"]*)"', page.text)
    again = client.get(unescape(other), follow_redirects=True)
    assert (again.status_code, english in again.text) == (403, True)


def test_whoever_is_let_in_sees_what_was_asked_and_whoever_is_not_becomes_no_person(portal_app, database):
    log_in(portal_app.test_client(), "nikolaj")
    client = portal_app.test_client()
    log_in(client, "maria")
    with database.session(reads_only=True) as work:
        at_login = AuditEntry.purpose == "logging in"
        asked = list(work.scalars(select(AuditEntry).where(at_login).order_by(AuditEntry.sequence)))
        (person,) = work.scalars(select(Person))
    assert [entry.person_id for entry in asked] == [None, person.id]
    assert {(entry.verb, entry.actor_role, entry.actor, entry.subject) for entry in asked} == {
        ("look_up", "system", None, "registers:people")
    }
    assert person.cpr == demo_persons()["maria"].cpr
    page = client.get("/my-page/who-has-looked").text
    assert "For at se, om du kan logge ind" in page
    client.get("/language/en")
    assert "To see that you can log in" in client.get("/my-page/who-has-looked").text


def test_somebody_who_was_logged_in_here_is_not_any_more(login, known):
    maria = login("maria")
    assert log_in(maria.client, "ellen", "/login?fresh=1").status_code == 403
    assert known() == ([], ["look_up"])
    assert maria.get("/my-page").status_code == 302


@pytest.mark.parametrize("answer", ["unavailable", "nonsense"])
def test_a_silent_register_turns_nobody_away(portal_app, told, answer):
    told(answer)
    assert log_in(portal_app.test_client(), "maria").request.path == "/my-page"


@pytest.mark.parametrize(
    ("status", "enters"),
    [
        ("resident", True),
        ("greenland", True),
        ("administrative", True),
        ("missing", True),
        ("emigrated", True),
        ("annulled", False),
        ("dead", False),
    ],
)
def test_every_status_of_the_register_is_thought_of(portal_app, told, status, enters):
    told(status=status)
    assert (log_in(portal_app.test_client(), "maria").status_code == 200) is enters


def test_from_fifteen_one_logs_in_oneself(portal_app):
    assert log_in(portal_app.test_client(), "lukas").status_code == 200


def test_somebody_who_has_left_denmark_comes_in_and_is_told_why_they_cannot_apply(visit, portal_app):
    assert log_in(portal_app.test_client(), "viktor").request.path == "/my-page"
    page = visit("viktor", "da").open(START).press("Begin the application")
    assert page.heading == "Du kan ikke søge, mens du bor i udlandet"
    assert "Meld din flytning til den kommune, du bor i nu" in page.text
    assert page.link("See your letters and bills on My page").path == "/my-page"
