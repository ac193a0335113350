"""The eID ends a session by a logout token; nobody else can."""

from __future__ import annotations

import sqlite3
import time
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import func, select
from structlog.testing import capture_logs

from portal.clock import SystemClock
from portal.identity.logout import EVENT
from portal.journey.drafts import Drafts
from portal.storage import eid_sessions
from portal.storage.models import ParkedPost, SeenLogoutToken, WebSession
from portal.web import limits
from tests.portal.misbehaving_login import come_back, is_logged_in, portal_settings  # noqa: F401 - its issuer misbehaves
from tests.servers.misbehaving_eid import CLIENT_ID, CPR, GONE, NAME, SUBJECT

ADDRESS = "/logout/backchannel"
SID = "a-session"


def logout_token(issuer, header=None, **changes) -> str:
    now = int(time.time())
    right = {
        "iss": issuer.url,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": f"token-{time.monotonic_ns()}",
        "sub": SUBJECT,
        "sid": SID,
        "events": {EVENT: {}},
    }
    claims = {name: value for name, value in {**right, **changes}.items() if value is not GONE}
    return issuer.sign(claims, {"typ": "logout+jwt", **(header or {})})


def post(portal_app, token, **options):
    """As the issuer's server posts it: no cookie, no token against forged posts."""
    return portal_app.test_client(use_cookies=False).post(ADDRESS, data={"logout_token": token}, **options)


@pytest.fixture
def mette(portal_app, issuer):
    """Somebody who is logged in."""
    client = portal_app.test_client()
    assert come_back(client, issuer).location == "/my-page"
    return client


def test_the_session_ends_in_every_browser_that_has_it(portal_app, issuer, mette):
    second, elsewhere = portal_app.test_client(), portal_app.test_client()
    come_back(second, issuer)
    issuer.claims = {"sid": "another-session"}
    come_back(elsewhere, issuer)

    with capture_logs() as said:
        answer = post(portal_app, logout_token(issuer))

    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, b"", "no-store")
    assert "Set-Cookie" not in answer.headers
    assert [is_logged_in(each) for each in (mette, second, elsewhere)] == [False, False, True]
    assert [(line["event"], line.get("sessions")) for line in said if line["event"] != "request"] == [("backchannel_logout", 2)]
    assert not any(secret in str(said) for secret in (CPR, NAME, SUBJECT, SID))


def test_a_token_without_a_session_ends_all_of_the_account(portal_app, issuer, mette):
    elsewhere, other_person = portal_app.test_client(), portal_app.test_client()
    issuer.claims = {"sid": "another-session"}
    come_back(elsewhere, issuer)
    issuer.claims, issuer.userinfo = {"sub": "somebody-else"}, {"sub": "somebody-else", "dk.cpr": "6508894003"}
    come_back(other_person, issuer)
    assert post(portal_app, logout_token(issuer, sid=GONE)).status_code == 200
    assert [is_logged_in(each) for each in (mette, elsewhere, other_person)] == [False, False, True]


def test_a_session_that_nobody_has_is_no_error(portal_app, issuer, mette):
    assert post(portal_app, logout_token(issuer, sid="unknown")).status_code == 200
    assert is_logged_in(mette)


FORGED = {
    "nothing": "",
    "no token": "nonsense",
    "a token without content": "e30.e30.",
    "a header as deep as it is long": urlsafe_b64encode(b"[" * 3000).decode() + ".e30.e30",
    "of nobody we know": {"iss": "https://other.example"},
    "wrong audience": {"aud": "somebody-else"},
    "no audience": {"aud": GONE},
    "old": {"iat": int(time.time()) - 900, "exp": GONE},
    "from the future": {"iat": int(time.time()) + 86400},
    "expired": {"exp": int(time.time()) - 60},
    "no time": {"iat": GONE},
    "a time that is no number": {"iat": "now"},
    "with a nonce": {"nonce": "n"},
    "no event": {"events": GONE},
    "another event": {"events": {"http://example.org/other": {}}},
    "no id": {"jti": GONE},
    "an id that is a list": {"jti": ["x"]},
    "names nobody": {"sub": GONE, "sid": GONE},
    "names a list": {"sid": [SID]},
}
SIGNED = {
    "none": ("nobody", {}),
    "with the public key": ("public key", {}),
    "by a stranger": ("stranger", {}),
    "under an unknown key": ("itself", {"kid": "nobodys-key"}),
    "as another type": ("itself", {"typ": "at+jwt"}),
}


def test_a_forged_token_leaves_the_session_alive(portal_app, issuer, mette, monkeypatch):
    # Whether somebody is logged in is asked more often than a person would.
    monkeypatch.setattr(limits, "LIMITED", {})
    wrong = {}
    for case, forged in [*FORGED.items(), *SIGNED.items()]:
        issuer.signed_by, header, changes = "itself", {}, {}
        if case in SIGNED:
            issuer.signed_by, header = forged
        elif isinstance(forged, dict):
            changes = forged
        token = forged if isinstance(forged, str) else logout_token(issuer, header, **changes)
        with capture_logs() as said:
            answer = post(portal_app, token)
        lines = [line for line in said if line["event"] != "request"]
        told = (answer.status_code, answer.json, [line["event"] for line in lines], is_logged_in(mette))
        if told != (400, {"error": "invalid_request"}, ["backchannel_logout_refused"], True) or SUBJECT in str(lines) or SID in str(lines):
            wrong[case] = told
    assert wrong == {}
    issuer.signed_by = "itself"
    assert post(portal_app, logout_token(issuer)).status_code == 200
    assert not is_logged_in(mette)


def test_an_id_token_ends_nothing(portal_app, issuer, mette):
    assert post(portal_app, issuer.id_token()).status_code == 400
    assert is_logged_in(mette)


def test_a_token_is_good_once(portal_app, issuer, mette):
    token = logout_token(issuer)
    assert post(portal_app, token).status_code == 200
    come_back(mette, issuer)
    with capture_logs() as said:
        assert post(portal_app, token).status_code == 400
    assert [line["code"] for line in said if line["event"] == "backchannel_logout_refused"] == ["replayed"]
    assert is_logged_in(mette)


def test_a_used_token_is_remembered_until_nobody_would_believe_it(portal_app, issuer, mette, database):
    post(portal_app, logout_token(issuer))
    assert eid_sessions.sweep(database, SystemClock().now() + timedelta(minutes=6)) == 0
    assert eid_sessions.sweep(database, SystemClock().now() + timedelta(minutes=16)) == 1
    with database.session() as work:
        assert work.scalar(select(func.count()).select_from(SeenLogoutToken)) == 0


def test_keys_nobody_has_do_not_make_us_ask_the_issuer_again_and_again(portal_app, issuer, mette):
    before = issuer.asked.count("jwks")
    for number in range(5):
        assert post(portal_app, logout_token(issuer, {"kid": f"nobodys-key-{number}"})).status_code == 400
    assert issuer.asked.count("jwks") - before <= 1


def test_a_token_must_be_posted_as_a_form_and_be_short(portal_app, issuer, mette):
    nobody = portal_app.test_client(use_cookies=False)
    token = logout_token(issuer)
    assert nobody.post(ADDRESS, json={"logout_token": token}).status_code == 400
    assert nobody.post(f"{ADDRESS}?logout_token={token}").status_code == 400
    assert nobody.get(ADDRESS).status_code == 405
    assert post(portal_app, "x" * 9000).status_code == 413
    assert is_logged_in(mette)


def test_staff_are_logged_out_by_their_own_issuer_alone(portal_app, portal_parts, issuer, database):
    now = SystemClock().now()
    with database.transaction() as work:
        for number, address in enumerate((issuer.url, portal_parts.settings.staff_eid.issuer)):
            eid = {"issuer": address, "subject": SUBJECT, "sid": SID}
            times = {"created": now, "last_seen": now, "ends": now + timedelta(hours=1)}
            work.add(WebSession(token_hash=bytes([number]) * 32, staff_id=str(number), data={}, **times, **eid_sessions.lookups(eid)))
    assert post(portal_app, logout_token(issuer)).status_code == 200
    with database.session() as work:
        assert work.scalars(select(WebSession.staff_id).where(WebSession.ends > SystemClock().now())).all() == ["1"]


def test_what_is_being_typed_is_kept_for_its_owner(portal_app, issuer, mette, database):
    with database.transaction() as work:
        person_id = work.scalars(select(WebSession.person_id).where(WebSession.eid_session.is_not(None))).one()
        address = f"/apply/free-place/{Drafts(work, person_id).begin('free-place', {}, SystemClock().now()).id}/correction"
    post(portal_app, logout_token(issuer))
    away = mette.post(address, data={"text": "Noah er hjemme"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (away.status_code, away.location.split("?")[0]) == (303, "/login")

    with database.session() as work:
        kept = work.scalars(select(ParkedPost)).one()
        assert kept.owner == str(work.scalars(select(WebSession.person_id).where(WebSession.eid_session.is_not(None))).one())


def test_the_database_holds_none_of_the_eids_names(portal_app, issuer, mette, database, tmp_path):
    post(portal_app, logout_token(issuer, jti="a-token-id-that-shows"))
    content = b"".join(path.read_bytes() for path in tmp_path.glob("portal.sqlite3*"))
    assert b"seen_logout_token" in content
    for name in (SUBJECT, SID, issuer.url, "a-token-id-that-shows"):
        assert name.encode() not in content
    with sqlite3.connect(tmp_path / "portal.sqlite3") as raw:
        assert raw.execute("SELECT length(eid_subject), length(eid_session) FROM web_session").fetchall() == [(32, 32)]
    raw.close()


def test_a_new_key_of_the_issuer_is_believed(portal_app, issuer, mette):
    issuer.key = ECKey.generate_key("P-256", auto_kid=True)
    issuer.published = [issuer.key]
    assert post(portal_app, logout_token(issuer)).status_code == 200
    assert not is_logged_in(mette)
