"""Every way an answer can be wrong, through the web: a page that says what to do, one log line, and nobody is logged in."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select
from structlog.testing import capture_logs

from portal.i18n import use_locale
from portal.identity.oidc import citizen_client
from portal.identity.refusals import WORDS
from portal.storage.models import AuditEntry, WebSession
from portal.web import limits
from tests.portal.identity.test_forged_answers import FORGED, LOW
from tests.portal.misbehaving_login import come_back, is_logged_in, portal_settings  # noqa: F401 - its issuer misbehaves
from tests.servers.misbehaving_eid import CPR, GONE, NAME, SUBJECT, SUBSTANTIAL, Issuer

STRANGER = ECKey.generate_key("P-256").as_dict(private=False)
AT_HASH = "AAAAAAAAAAAAAAAAAAAAAA"
MORE = {
    "a key of its own in the header": ({"header": {"jwk": STRANGER, "kid": GONE}, "signed_by": "stranger"}, "unknown_key"),
    "a key of its own beside a known id": ({"header": {"jwk": STRANGER}, "signed_by": "stranger"}, "wrong_signature"),
    "an address of keys in the header": ({"header": {"jku": "https://other.example/jwks", "kid": "x"}}, "unknown_key"),
    "an algorithm nobody knows, with at_hash": (
        {"signed_by": "hand", "header": {"alg": "XX999"}, "claims": {"at_hash": AT_HASH}},
        "wrong_algorithm",
    ),
    "no algorithm": ({"signed_by": "hand", "header": {"alg": GONE}}, "malformed_id_token"),
    "an algorithm outside the list that discovery offers": (
        {"signed_by": "hand", "header": {"alg": "ES384"}, "metadata": {"id_token_signing_alg_values_supported": ["ES384"]}},
        "wrong_algorithm",
    ),
    "something critical that we do not know": ({"signed_by": "hand", "header": {"crit": ["must"], "must": True}}, "wrong_signature"),
    "extra aud with another's azp": ({"claims": {"aud": ["portal", "other"], "azp": "other"}}, "wrong_azp"),
    "expired half a minute and a little ago": ({"claims": {"exp": int(time.time()) - 31}}, "expired"),
    "a level by another claim's name": ({"claims": {"loa": GONE, "acr": SUBSTANTIAL}}, "level_too_low"),
    "a low level although a higher one was asked for": ({"claims": {"loa": LOW}}, "level_too_low"),
    "a code that was used before": ({"token_answer": {"error": "invalid_grant", "id_token": GONE}}, "code_refused"),
}
# In the client an attempt is handed over; here it is looked for by its state, and there is none.
BY_STATE = {"another state": "unknown_state", "no state": "unknown_state"}
CASES = {name: (changes, BY_STATE.get(name, code)) for name, (changes, code) in {**FORGED, **MORE}.items()}


@contextmanager
def behaving(issuer: Issuer, changes: dict) -> Iterator[None]:
    """Changed inside the block, right again after it."""
    before = {name: getattr(issuer, name) for name in changes}
    for name, value in changes.items():
        setattr(issuer, name, value)
    yield
    for name, value in before.items():
        setattr(issuer, name, value)


@pytest.fixture
def forget_the_issuer(portal_app, portal_parts):
    """Have the portal look at what the issuer publishes anew."""

    def forget():
        client = citizen_client(portal_parts.settings.citizen_eid, demo=True)
        portal_app.extensions["portal"] = replace(portal_parts, citizen_eid=client)

    return forget


def what_is_wrong(answer, code: str, lines: list[dict], all_that_was_logged: str) -> list[str]:
    """What is not as it should be in the answer to a refused login, and in what was logged."""
    words, text = WORDS[code], answer.text
    with use_locale("da"):
        title, what_to_do = str(words.title), str(words.what_to_do)
    refusals = [line for line in lines if line["event"] == "login_refused"]
    # An issuer that fails gets a line of its own, which is about no login.
    others = [line["event"] for line in lines if line["event"] not in ("login_refused", "request", "issuer_not_renewed")]
    said = text.partition("<main")[2].partition("</main>")[0]
    hidden = (CPR, NAME, SUBJECT, "an-access-token", "a-code", "eyJ")
    # A code is a word of its own: "stopped" is not in "stoppede".
    inside = [rf"\b{code}\b", *(re.escape(line["words"]) for line in refusals), "Traceback", "token", "nonce"]
    checks = {
        "status": answer.status_code == words.status,
        "title": f"<h1>{title}</h1>" in said,
        "what to do": what_to_do in said,
        "a way on": ('href="/login"' in text) == words.try_again and 'href="/"' in text,
        "nobody in the page": not any(each in text for each in hidden[:4]),
        "no inside": not any(re.search(each, said) for each in inside),
        "one line": [line["code"] for line in refusals] == [code] and not others,
        "a quiet log": not any(each in all_that_was_logged for each in hidden),
    }
    return [name for name, good in checks.items() if not good]


def test_each_is_refused_with_a_clear_page_and_one_line(portal_app, issuer, login, database, forget_the_issuer, caplog, monkeypatch):
    # Nobody logs in so often by hand.
    monkeypatch.setattr(limits, "LIMITED", {})
    caplog.set_level(logging.DEBUG)
    maria = login("maria", "da").client
    cookie = maria.get_cookie("portal").value
    found, tried = {}, set()
    for case, (changes, code) in CASES.items():
        forget_the_issuer()
        with behaving(issuer, changes):
            # Somebody who is nobody yet; and, once for each reason, somebody who is logged in and asked to show it once more.
            browsers = {portal_app.test_client(): "/login"} | ({} if code in tried else {maria: "/login?fresh=1"})
            tried.add(code)
            for client, begin in browsers.items():
                caplog.clear()
                away = client.get(begin)
                back = issuer.answer_to(away.location)
                with capture_logs() as lines:
                    answer = client.get("/login/callback", query_string=back, follow_redirects=True)
                    wrong = what_is_wrong(answer, code, lines, str(lines) + caplog.text)
                if is_logged_in(client) is not (client is maria):
                    wrong.append("logged in")
                if wrong:
                    found[case, begin] = wrong
    assert found == {}
    assert maria.get("/my-page").status_code == 200
    assert maria.get_cookie("portal").value == cookie
    with database.session() as work:
        (session,) = work.scalars(select(WebSession).where(WebSession.person_id.is_not(None)))
        assert (session.data["fresh_at"], session.data["loa"], "logins" in session.data) == (None, "substantial", True)
        assert work.scalars(select(AuditEntry).where(AuditEntry.verb == "log_in")).all() == []


@pytest.mark.parametrize("case", ["no id_token", "userinfo of somebody else", "low level", "iss parameter of somebody else"])
def test_an_attempt_is_gone_with_its_first_answer(portal_app, issuer, case):
    client = portal_app.test_client()
    back = issuer.answer_to(client.get("/login").location)
    with behaving(issuer, CASES[case][0]):
        client.get("/login/callback", query_string={**back, **issuer.params})
    # Right now, and too late.
    with capture_logs() as lines:
        assert client.get("/login/callback", query_string=back, follow_redirects=True).status_code == 400
    assert [line["code"] for line in lines if line["event"] == "login_refused"] == ["unknown_state"]
    assert not is_logged_in(client)


def test_a_right_answer_would_have_been_accepted(portal_app, issuer):
    client = portal_app.test_client()
    assert come_back(client, issuer).location == "/my-page"
    assert is_logged_in(client)


def test_an_answer_is_good_once(portal_app, issuer, database):
    client = portal_app.test_client()
    back = issuer.answer_to(client.get("/login").location)
    assert client.get("/login/callback", query_string=back).status_code == 302
    cookie = client.get_cookie("portal").value
    with capture_logs() as lines:
        assert client.get("/login/callback", query_string=back, follow_redirects=True).status_code == 400
    assert [line["code"] for line in lines if line["event"] == "login_refused"] == ["unknown_state"]
    assert issuer.asked.count("token") == 1
    # The one who was logged in by it stays so, as they were.
    assert is_logged_in(client)
    assert client.get_cookie("portal").value == cookie


def test_another_browsers_answer_is_refused_and_still_good_in_its_own(portal_app, issuer, login):
    mine, theirs, maria = portal_app.test_client(), portal_app.test_client(), login("maria", "da").client
    back = issuer.answer_to(mine.get("/login").location)
    theirs.get("/login")
    with capture_logs() as lines:
        for other in (theirs, maria, portal_app.test_client()):
            assert other.get("/login/callback", query_string=back, follow_redirects=True).status_code == 400
    assert [line["code"] for line in lines if line["event"] == "login_refused"] == ["unknown_state"] * 3
    assert issuer.asked.count("token") == 0
    assert not is_logged_in(theirs)
    assert maria.get("/my-page").status_code == 200
    # A lost answer ends at its own browser's door all the same.
    issuer.answer_to(mine.get("/login").location)
    assert come_back(mine, issuer).location == "/my-page"


def test_a_citizens_answer_opens_no_door_for_staff(portal_app, issuer):
    client = portal_app.test_client()
    back = issuer.answer_to(client.get("/login").location)
    with capture_logs() as lines:
        assert client.get("/login/staff/callback", query_string=back, follow_redirects=True).status_code in (400, 503)
    assert [line["event"] for line in lines if line["event"] != "request"] == ["login_refused"]
    assert not is_logged_in(client)
