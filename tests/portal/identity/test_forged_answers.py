"""Every way an answer can be wrong is refused, with its own code, and without a word about the person."""

from __future__ import annotations

import logging
import time
import traceback
from datetime import datetime, timezone

import pytest
from joserfc.jwk import ECKey

from portal.clock import FixedClock
from portal.identity.attempts import LIFETIME_SECONDS, OpenAttempts
from portal.identity.oidc import EidClient, citizen_client
from portal.identity.people import Identity
from portal.identity.refusals import WORDS, LoginRefused
from portal.settings import EidSettings
from tests.servers import misbehaving_eid
from tests.servers.misbehaving_eid import CLIENT_ID, CPR, GONE, NAME, SUBJECT, Issuer

CALLBACK = "http://127.0.0.1:9/login/callback"
LOW = "https://data.gov.dk/concept/core/nsis/Low"


@pytest.fixture
def issuer():
    with misbehaving_eid.serving() as issuer:
        yield issuer


@pytest.fixture
def client(issuer) -> EidClient[Identity]:
    return citizen_client(EidSettings(issuer.url, CLIENT_ID, "secret"), demo=True)


def in_seconds(seconds: int) -> int:
    return int(time.time()) + seconds


FORGED = {
    "no id_token": ({"token_answer": {"id_token": GONE}}, "no_id_token"),
    "empty id_token": ({"token_answer": {"id_token": ""}}, "no_id_token"),
    "id_token that is no token": ({"token_answer": {"id_token": "a.b"}}, "malformed_id_token"),
    "wrong iss": ({"claims": {"iss": "https://other.example"}}, "wrong_issuer"),
    "iss as a list": ({"claims": {"iss": ["https://other.example"]}}, "wrong_issuer"),
    "no iss": ({"claims": {"iss": GONE}}, "wrong_issuer"),
    "wrong aud": ({"claims": {"aud": "somebody-else"}}, "wrong_audience"),
    "no aud": ({"claims": {"aud": GONE}}, "wrong_audience"),
    "extra aud without azp": ({"claims": {"aud": [CLIENT_ID, "somebody-else"]}}, "wrong_azp"),
    "wrong azp": ({"claims": {"azp": "somebody-else"}}, "wrong_azp"),
    "wrong nonce": ({"claims": {"nonce": "another"}}, "wrong_nonce"),
    "no nonce": ({"claims": {"nonce": GONE}}, "wrong_nonce"),
    "expired": ({"claims": {"exp": in_seconds(-60), "iat": in_seconds(-360)}}, "expired"),
    "no exp": ({"claims": {"exp": GONE}}, "expired"),
    "issued in the future": ({"claims": {"iat": in_seconds(86400), "exp": in_seconds(86700)}}, "issued_in_future"),
    "no iat": ({"claims": {"iat": GONE}}, "issued_in_future"),
    "no sub": ({"claims": {"sub": GONE}}, "wrong_claims"),
    "wrong at_hash": ({"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, "wrong_claims"),
    "unknown kid": ({"header": {"kid": "nobodys-key"}}, "unknown_key"),
    "no kid": ({"header": {"kid": GONE}}, "unknown_key"),
    "signed by a stranger under a known kid": ({"signed_by": "stranger"}, "wrong_signature"),
    "alg none": ({"signed_by": "nobody"}, "wrong_algorithm"),
    "alg none, which discovery offers": (
        {"signed_by": "nobody", "metadata": {"id_token_signing_alg_values_supported": ["none", "ES256"]}},
        "wrong_algorithm",
    ),
    "HS256 with the public key": (
        {"signed_by": "public key", "metadata": {"id_token_signing_alg_values_supported": ["HS256", "ES256"]}},
        "wrong_algorithm",
    ),
    "low level": ({"claims": {"loa": LOW}}, "level_too_low"),
    "no level": ({"claims": {"loa": GONE}}, "level_too_low"),
    "a level nobody knows": ({"claims": {"loa": "https://example.org/Enormous"}}, "level_too_low"),
    "high level in userinfo, low in the token": (
        {"claims": {"loa": LOW}, "userinfo": {"loa": misbehaving_eid.SUBSTANTIAL}},
        "level_too_low",
    ),
    "a company's identity": ({"claims": {"identity_type": "professional"}}, "wrong_identity_type"),
    "another eID behind the broker": ({"claims": {"idp": "mitid_erhverv"}}, "wrong_identity_type"),
    "no identity type": ({"claims": {"identity_type": GONE}}, "wrong_identity_type"),
    "userinfo of somebody else": ({"userinfo": {"sub": "another-subject"}}, "foreign_userinfo"),
    "userinfo of nobody": ({"userinfo": {"sub": GONE}}, "foreign_userinfo"),
    "no access token": ({"token_answer": {"access_token": GONE}}, "no_access_token"),
    "iss parameter of somebody else": ({"params": {"iss": "https://other.example"}}, "wrong_response_issuer"),
    "no iss parameter where one is promised": ({"params": {"iss": GONE}}, "wrong_response_issuer"),
    "foreign iss parameter where none is promised": (
        {
            "params": {"iss": "https://other.example"},
            "metadata": {"authorization_response_iss_parameter_supported": GONE},
        },
        "wrong_response_issuer",
    ),
    "another state": ({"params": {"state": "another"}}, "wrong_state"),
    "no state": ({"params": {"state": GONE}}, "wrong_state"),
    "no code": ({"params": {"code": GONE}}, "no_code"),
    "an error": ({"params": {"error": "server_error", "code": GONE}}, "provider_error"),
    "an error beside a code": ({"params": {"error": "server_error"}}, "provider_error"),
    "the person stopped": ({"params": {"error": "access_denied", "code": GONE}}, "stopped"),
    "no CPR number": ({"userinfo": {"dk.cpr": GONE}}, "no_cpr"),
    "a CPR number that is none": ({"userinfo": {"dk.cpr": "72039140"}}, "no_cpr"),
    "code refused": ({"token_answer": {"error": "invalid_grant", "error_description": f"used by {NAME}"}}, "code_refused"),
    "token endpoint broken": ({"status": {"token": 500}}, "provider_unreachable"),
    "userinfo broken": ({"status": {"userinfo": 500}}, "provider_nonsense"),
    "unusable access token": ({"token_answer": {"token_type": "Strange"}}, "provider_nonsense"),
    "keys broken": ({"status": {"jwks": 500}}, "provider_unreachable"),
}


def prepare(issuer: Issuer, changes: dict) -> None:
    for name, value in changes.items():
        setattr(issuer, name, value)


def test_a_right_answer_is_accepted(issuer, client):
    attempt = client.begin(CALLBACK, fresh=True)
    person = client.finish(attempt, issuer.answer(attempt))
    assert (person.subject, person.cpr, person.name, person.loa) == (SUBJECT, CPR, NAME, "substantial")
    assert (person.issuer, person.sid) == (issuer.url, "a-session")


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_answer_is_refused(issuer, client, caplog, case):
    caplog.set_level(logging.DEBUG)
    changes, code = FORGED[case]
    prepare(issuer, changes)
    attempt = client.begin(CALLBACK)
    with pytest.raises(LoginRefused) as refused:
        client.finish(attempt, issuer.answer(attempt))
    assert refused.value.code == code
    told = "".join(traceback.format_exception(refused.value)) + repr(attempt) + caplog.text
    for secret in (CPR, NAME, "an-access-token", attempt.nonce, attempt.code_verifier):
        assert secret not in told
    assert str(WORDS[code].what_to_do)


@pytest.mark.parametrize("seconds", [-20, 20])
def test_clocks_may_differ_a_little(issuer, client, seconds):
    issuer.claims = {"exp": in_seconds(-20)} if seconds < 0 else {"iat": in_seconds(20)}
    attempt = client.begin(CALLBACK)
    assert client.finish(attempt, issuer.answer(attempt)).subject == SUBJECT


@pytest.mark.parametrize("auth_time", [in_seconds(-3600), GONE, "now"], ids=["an hour ago", "not told", "no number"])
def test_an_old_login_is_not_fresh(issuer, client, auth_time):
    issuer.claims = {"auth_time": auth_time}
    attempt = client.begin(CALLBACK, fresh=True)
    with pytest.raises(LoginRefused) as refused:
        client.finish(attempt, issuer.answer(attempt))
    assert refused.value.code == ("wrong_claims" if auth_time == "now" else "not_fresh")


def test_an_old_login_is_good_enough_where_freshness_is_not_asked(issuer, client):
    issuer.claims = {"auth_time": in_seconds(-3600)}
    attempt = client.begin(CALLBACK)
    assert client.finish(attempt, issuer.answer(attempt)).subject == SUBJECT


def test_a_freshness_told_only_without_signature_does_not_count(issuer, client):
    issuer.claims = {"auth_time": GONE}
    issuer.userinfo = {"auth_time": in_seconds(0)}
    attempt = client.begin(CALLBACK, fresh=True)
    with pytest.raises(LoginRefused, match="not_fresh"):
        client.finish(attempt, issuer.answer(attempt))


def test_a_step_can_need_a_higher_level(issuer, client):
    attempt = client.begin(CALLBACK, min_loa="high")
    with pytest.raises(LoginRefused, match="level_too_low"):
        client.finish(attempt, issuer.answer(attempt))


def test_a_step_cannot_lower_the_level(issuer, client):
    issuer.claims = {"loa": LOW}
    attempt = client.begin(CALLBACK, min_loa="low")
    with pytest.raises(LoginRefused, match="level_too_low"):
        client.finish(attempt, issuer.answer(attempt))


def test_a_state_is_good_once(issuer, client):
    attempts = OpenAttempts()
    attempts.add(client.begin(CALLBACK))
    begun = client.begin(CALLBACK)
    attempts.add(begun)
    params = issuer.answer(begun)
    assert client.finish(attempts.take(params["state"]), params).subject == SUBJECT
    with pytest.raises(LoginRefused, match="unknown_state"):
        client.finish(attempts.take(params["state"]), params)


def test_another_sessions_state_is_unknown(issuer, client):
    mine, theirs = OpenAttempts(), OpenAttempts()
    attempt = client.begin(CALLBACK)
    theirs.add(attempt)
    with pytest.raises(LoginRefused, match="unknown_state"):
        client.finish(mine.take(attempt.state), issuer.answer(attempt))


def test_an_attempt_from_another_issuer_is_refused(issuer, client):
    with misbehaving_eid.serving() as other:
        elsewhere = citizen_client(EidSettings(other.url, CLIENT_ID, "secret"), demo=True).begin(CALLBACK)
    with pytest.raises(LoginRefused, match="wrong_state"):
        client.finish(elsewhere, {**issuer.answer(elsewhere)})


def test_a_new_key_is_fetched_once(issuer, client):
    attempt = client.begin(CALLBACK)
    client.finish(attempt, issuer.answer(attempt))
    issuer.key = ECKey.generate_key("P-256", auto_kid=True)
    issuer.published = [issuer.key]
    attempt = client.begin(CALLBACK)
    assert client.finish(attempt, issuer.answer(attempt)).subject == SUBJECT
    assert (issuer.asked.count("discovery"), issuer.asked.count("jwks")) == (1, 2)


def test_discovery_and_keys_are_fetched_once(issuer, client):
    for _number in range(3):
        attempt = client.begin(CALLBACK)
        client.finish(attempt, issuer.answer(attempt))
    assert (issuer.asked.count("discovery"), issuer.asked.count("jwks")) == (1, 1)


def test_claims_in_the_id_token_alone_are_read_and_the_token_is_not_kept_for_logout(issuer, client):
    issuer.metadata = {"userinfo_endpoint": GONE}
    issuer.claims = {"dk.cpr": CPR, "mitid.identity_name": NAME}
    attempt = client.begin(CALLBACK)
    person = client.finish(attempt, issuer.answer(attempt))
    assert (person.cpr, person.name, person.id_token_for_logout) == (CPR, NAME, "")


@pytest.mark.parametrize("algorithms", [("none",), ("HS256",), ("ES256", "none"), ()])
def test_algorithms_without_a_key_pair_cannot_be_switched_on(algorithms):
    with pytest.raises(ValueError, match="among"):
        citizen_client(EidSettings("https://broker.example", "portal", "secret", algorithms=algorithms))


def test_the_settings_decide_the_algorithms(issuer):
    client = citizen_client(EidSettings(issuer.url, CLIENT_ID, "secret", algorithms=("RS256",)), demo=True)
    attempt = client.begin(CALLBACK)
    with pytest.raises(LoginRefused, match="wrong_algorithm"):
        client.finish(attempt, issuer.answer(attempt))


def test_an_attempt_that_took_too_long_is_refused(issuer):
    clock = FixedClock(datetime.now(timezone.utc))
    client = citizen_client(EidSettings(issuer.url, CLIENT_ID, "secret"), demo=True, clock=clock)
    attempt = client.begin(CALLBACK)
    clock.move(seconds=LIFETIME_SECONDS)
    with pytest.raises(LoginRefused, match="attempt_expired"):
        client.finish(attempt, issuer.answer(attempt))


def test_what_the_issuer_publishes_is_looked_at_again_after_an_hour(issuer):
    clock = FixedClock(datetime.now(timezone.utc))
    client = citizen_client(EidSettings(issuer.url, CLIENT_ID, "secret"), demo=True, ticks=lambda: clock.now().timestamp())
    client.begin(CALLBACK)
    clock.move(minutes=59)
    client.begin(CALLBACK)
    assert issuer.asked == ["discovery"]
    clock.move(minutes=2)
    client.begin(CALLBACK)
    assert issuer.asked == ["discovery", "discovery"]


@pytest.mark.parametrize("of_another_kind", [{"use": "enc"}, {"kty": "oct", "k": "c2VjcmV0"}, {"x": "nonsense"}, {"kid": 7}])
def test_a_published_key_that_is_not_for_signing_is_not_used(issuer, client, monkeypatch, of_another_kind):
    key = {**issuer.key.as_dict(private=False), **of_another_kind}
    monkeypatch.setattr(issuer, "jwks", lambda: {"keys": [key, "nonsense"]})
    attempt = client.begin(CALLBACK)
    with pytest.raises(LoginRefused, match="unknown_key"):
        client.finish(attempt, issuer.answer(attempt))


@pytest.mark.parametrize(
    ("case", "known"), [("low level", True), ("no CPR number", True), ("a company's identity", True), ("wrong iss", False)]
)
def test_a_refusal_names_the_account_only_of_somebody_who_proved_it(issuer, client, case, known):
    prepare(issuer, FORGED[case][0])
    attempt = client.begin(CALLBACK)
    with pytest.raises(LoginRefused) as refused:
        client.finish(attempt, issuer.answer(attempt))
    account = refused.value.account
    assert (account is not None and account.endswith(f"#{SUBJECT}")) is known
