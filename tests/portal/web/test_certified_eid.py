"""Logging in and out for real, at the certified OpenID provider of Node: PKCE demanded, ES256, levels by acr, both places for claims.

On SQLite alone: what the engine does with a session is tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from portal.clock import FixedClock
from portal.identity.attempts import LoginAttempt
from portal.identity.oidc import citizen_client
from portal.identity.refusals import LoginRefused
from portal.settings import EidSettings, Settings
from portal.storage.models import WebSession
from stand_ins.eid.serving import running
from tests.conftest import not_here
from tests.portal.fixtures import Browser
from tests.portal.misbehaving_login import is_logged_in
from tests.servers import certified_eid
from tests.servers.certified_eid import KEY_CLIENT, PERSONS, SECRET, SECRET_CLIENT, Certified, follow

# How the portal is told of each issuer, by where it places the claims; and how it proves itself there.
ISSUERS = {"userinfo": "nets", "id_token": "idura"}
PROOFS = ("secret", "key")


@pytest.fixture(scope="module")
def provider() -> Iterator[Certified]:
    """The provider, started once for this file."""
    try:
        with certified_eid.serving() as certified:
            yield certified
    except certified_eid.NotInstalled as problem:
        not_here(str(problem))


@pytest.fixture
def places() -> str:
    """Where the issuer places the claims; a test chooses another by parametrizing it."""
    return "userinfo"


@pytest.fixture
def proof() -> str:
    """How the portal proves itself; a test chooses another by parametrizing it."""
    return "key"


@pytest.fixture
def eid(provider: Certified, places: str, proof: str) -> EidSettings:
    """What the portal is told of the provider."""
    known = {"client_id": KEY_CLIENT, "private_key": provider.private_key}
    if proof == "secret":
        known = {"client_id": SECRET_CLIENT, "client_secret": SECRET}
    return EidSettings(getattr(provider, places), profile=ISSUERS[places], algorithms=("ES256",), **known)


@pytest.fixture
def portal_settings(sqlite_settings: Settings, provider: Certified, eid: EidSettings) -> Settings:
    """The usual settings, with the provider for citizens, at the address that it knows."""
    return replace(sqlite_settings, citizen_eid=eid, base_url=provider.portal)


@pytest.fixture
def at_the_eid() -> Iterator[requests.Session]:
    """A browser's cookies at the provider."""
    with requests.Session() as session:
        yield session


@pytest.fixture
def log_in(portal_app, provider, at_the_eid):
    """Begin at the portal, choose a person at the provider where it asks, and come back; gives the portal's answer."""

    def log_in(client: FlaskClient, begin: str = "/login", **form: str) -> TestResponse:
        chosen = {"person": "mette", "level": "substantial", **form}
        back = follow(at_the_eid, client.get(begin).location, provider.portal, chosen)
        return client.get(back.removeprefix(provider.portal))

    return log_in


def kept(database) -> dict:
    """What the one session in the database holds."""
    with database.session() as work:
        return work.scalars(select(WebSession)).one().data


@pytest.mark.parametrize("places", ISSUERS)
@pytest.mark.parametrize("proof", PROOFS)
def test_a_login_by_secret_and_by_key_with_claims_in_either_place(portal_app, database, log_in, places, proof):
    client = portal_app.test_client()
    with capture_logs() as said:
        assert log_in(client).location == "/my-page"
    assert client.get("/my-page").status_code == 200
    data = kept(database)
    assert (data["cpr"], data["name"], data["loa"]) == (PERSONS["mette"]["cpr"], PERSONS["mette"]["name"], "substantial")
    assert all(data["eid"].values())
    # A token that holds the person's number is not kept to be sent in an address.
    assert bool(data["id_token"]) is (places == "userinfo")
    assert not any(PERSONS["mette"][secret] in str(said) for secret in ("cpr", "name"))


def refusal(client: FlaskClient, answer: TestResponse, said: list[dict]) -> tuple[int, list[str]]:
    assert not is_logged_in(client)
    shown = client.get(answer.location) if answer.status_code == 303 else answer
    return shown.status_code, [line["code"] for line in said if line["event"] == "login_refused"]


@pytest.mark.parametrize("places", ISSUERS)
def test_a_level_below_the_one_asked_for_is_refused_and_a_higher_one_is_kept(portal_app, database, log_in, places):
    """The provider gives what it has, without an error: it is for us to look."""
    client = portal_app.test_client()
    with capture_logs() as said:
        answer = log_in(client, level="low")
    assert refusal(client, answer, said) == (403, ["level_too_low"])
    assert log_in(client, "/login?fresh=1", level="high").location == "/my-page"
    assert kept(database)["loa"] == "high"


def test_a_company_is_refused(portal_app, log_in):
    client = portal_app.test_client()
    with capture_logs() as said:
        answer = log_in(client, person="firma")
    assert refusal(client, answer, said) == (403, ["wrong_identity_type"])


def test_the_person_may_stop(portal_app, log_in):
    client = portal_app.test_client()
    with capture_logs() as said:
        answer = log_in(client, stop="1")
    assert refusal(client, answer, said) == (200, ["stopped"])


def test_a_step_up_asks_again_and_gives_the_session_another_name(portal_app, database, log_in):
    client = portal_app.test_client()
    log_in(client)
    before, cookie = kept(database), client.get_cookie("portal").value
    assert before["fresh_at"] is None

    away = parse_qs(urlsplit(client.get("/login?fresh=1").location).query)
    assert (away["prompt"], away["max_age"]) == (["login"], ["0"])
    assert log_in(client, "/login?fresh=1&next=/my-page/cases").location == "/my-page/cases"

    after = kept(database)
    assert after["fresh_at"] is not None
    assert client.get_cookie("portal").value != cookie
    assert after["eid"] == before["eid"]


@pytest.fixture
def answer_to(provider, at_the_eid):
    """What comes back to the portal when Mette is chosen where the provider asks, for an attempt or for a changed address of one."""

    def answer_to(attempt: LoginAttempt, address: str = "") -> dict[str, str]:
        back = follow(at_the_eid, address or attempt.url, provider.portal, {"person": "mette", "level": "substantial"})
        return dict(parse_qsl(urlsplit(back).query))

    return answer_to


def without(address: str, *names: str) -> str:
    """An address without these parameters."""
    path, _mark, query = address.partition("?")
    return f"{path}?" + "&".join(part for part in query.split("&") if part.partition("=")[0] not in names)


def test_a_login_that_the_provider_remembers_is_not_fresh(eid, provider, answer_to):
    """The demand for a new login is taken out of the address: the provider does not ask again, and we notice."""
    clock = FixedClock(datetime.now(timezone.utc))
    client = citizen_client(eid, demo=True, clock=clock)
    attempt = client.begin(f"{provider.portal}/login/callback")
    client.finish(attempt, answer_to(attempt))
    # More than the clocks may differ.
    clock.move(seconds=60)
    attempt = client.begin(f"{provider.portal}/login/callback", fresh=True)
    with pytest.raises(LoginRefused, match="not_fresh"):
        client.finish(attempt, answer_to(attempt, without(attempt.url, "prompt").replace("max_age=0", "max_age=3600")))


def test_pkce_is_demanded_and_the_verifier_must_be_the_attempts_own(eid, provider, answer_to):
    client = citizen_client(eid, demo=True)
    attempt = client.begin(f"{provider.portal}/login/callback")
    with pytest.raises(LoginRefused, match="provider_error"):
        client.finish(attempt, answer_to(attempt, without(attempt.url, "code_challenge", "code_challenge_method")))
    with pytest.raises(LoginRefused, match="code_refused"):
        client.finish(replace(attempt, code_verifier="x" * 64), answer_to(attempt))


def test_a_code_is_good_once_at_the_provider_too(eid, provider, answer_to):
    client = citizen_client(eid, demo=True)
    attempt = client.begin(f"{provider.portal}/login/callback")
    params = answer_to(attempt)
    assert params["iss"] == eid.issuer
    assert client.finish(attempt, params).cpr == PERSONS["mette"]["cpr"]
    with pytest.raises(LoginRefused, match="code_refused"):
        client.finish(attempt, params)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"private_key": ECKey.generate_key("P-256").as_pem(private=True).decode()}, "code_refused"),
        ({"private_key": "", "client_secret": SECRET}, "code_refused"),
        ({"algorithms": ("RS256",)}, "wrong_algorithm"),
    ],
    ids=["another's key", "a secret where a key is due", "a signature we do not accept"],
)
def test_only_our_own_key_and_only_the_algorithms_of_the_settings_do(eid, provider, answer_to, changes, code):
    client = citizen_client(replace(eid, **changes), demo=True)
    attempt = client.begin(f"{provider.portal}/login/callback")
    with pytest.raises(LoginRefused, match=code):
        client.finish(attempt, answer_to(attempt))


def press_log_out(at_the_eid: requests.Session, address: str) -> requests.Response:
    """The provider asks whether to log out there too: yes."""
    page = at_the_eid.get(address, timeout=10)
    assert page.status_code == 200, page.text
    form = {"xsrf": page.text.split('name="xsrf" value="')[1].split('"')[0], "logout": "yes"}
    return at_the_eid.post(f"{address.split('?', maxsplit=1)[0]}/confirm", data=form, allow_redirects=False, timeout=10)


@pytest.mark.parametrize("places", ISSUERS)
def test_logging_out_logs_out_at_the_eid_and_in_every_other_browser(portal_app, provider, log_in, at_the_eid, places):
    """The provider is told by address, ends its own session, and posts a logout token to the running portal."""
    first, second = portal_app.test_client(), portal_app.test_client()
    log_in(first)
    # Another window of the same person: the provider knows them still, and does not ask.
    log_in(second, person="nobody")
    elsewhere = portal_app.test_client()
    with requests.Session() as another:
        back = follow(another, elsewhere.get("/login").location, provider.portal, {"person": "mette", "level": "substantial"})
        elsewhere.get(back.removeprefix(provider.portal))
    assert [is_logged_in(each) for each in (first, second, elsewhere)] == [True, True, True]

    token = first.get("/my-page").text.split('name="csrf-token" content="')[1].split('"')[0]
    away = Browser(first, token).post("/logout").location
    asked = parse_qs(urlsplit(away).query)
    assert asked["post_logout_redirect_uri"] == [f"{provider.portal}/logged-out"]
    assert asked["client_id"] == [KEY_CLIENT]
    assert ("id_token_hint" in asked) is (places == "userinfo")
    assert not is_logged_in(first)
    assert is_logged_in(second)

    with running(lambda _base: portal_app, port=int(provider.portal.rpartition(":")[2])), capture_logs() as said:
        answer = press_log_out(at_the_eid, away)

    assert answer.headers["Location"].startswith(f"{provider.portal}/logged-out")
    assert [line["sessions"] for line in said if line["event"] == "backchannel_logout"] == [1]
    assert [is_logged_in(each) for each in (first, second, elsewhere)] == [False, False, True]
    # And the provider asks again who it is.
    assert log_in(first, person="anders").location == "/my-page"


def test_a_session_that_ended_at_the_eid_meets_the_login_page(portal_app, provider, log_in, at_the_eid, eid):
    """Logged out somewhere else, by somebody who never pressed anything here."""
    client = portal_app.test_client()
    log_in(client)
    with running(lambda _base: portal_app, port=int(provider.portal.rpartition(":")[2])):
        answer = press_log_out(at_the_eid, f"{eid.issuer}/session/end")
    assert answer.is_redirect
    page = client.get("/my-page/cases")
    assert (page.status_code, page.location) == (302, "/login?next=/my-page/cases")
