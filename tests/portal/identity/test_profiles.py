"""Brokers' dialects: what is asked, what is understood, who counts as a private person."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.identity.levels import NSIS, reaches
from portal.identity.oidc import citizen_client, staff_client
from portal.identity.profiles import CITIZEN, STAFF, dialect_of
from portal.identity.readers import Believed, read_citizen, read_staff
from portal.identity.refusals import LoginRefused
from portal.settings import EidSettings, load_settings
from tests.servers import misbehaving_eid
from tests.servers.misbehaving_eid import CLIENT_ID, CPR, NAME

CALLBACK = "http://127.0.0.1:9/login/callback"
BASE = {"iss": "https://broker.example", "sub": "someone"}
IDURA = {**BASE, "identityscheme": "dkmitid", "cprNumberIdentifier": CPR, "name": NAME}


def believed(claims: dict) -> Believed:
    return Believed(claims, "substantial", "the.id.token", claims)


@pytest.mark.parametrize("profile", CITIZEN)
def test_every_level_asked_for_is_understood_when_told(profile):
    for level in ("low", "substantial", "high"):
        asked = CITIZEN[profile].ask(level, "da")
        if profile == "nets":
            assert json.loads(asked["idp_params"]) == {"mitid": {"loa_value": level}}
        else:
            assert CITIZEN[profile].level({"acr": asked["acr_values"]}) == level


def test_levels_are_told_in_the_words_of_each_broker():
    assert CITIZEN["nets"].level({"loa": f"{NSIS}High"}) == "high"
    assert CITIZEN["idura"].level({"acr": "urn:grn:authn:dk:mitid:substantial"}) == "substantial"
    assert CITIZEN["nets"].level({"loa": "substantial"}) is None
    assert CITIZEN["nets"].level({"loa": ["x"]}) is None
    assert CITIZEN["nets"].level({"acr": f"{NSIS}High"}) is None


@pytest.mark.parametrize("level", [None, "", "enormous"])
def test_an_unknown_level_reaches_nothing(level):
    assert not reaches(level, "low")


def test_a_fresh_login_in_english_at_a_high_level_is_asked_for():
    with misbehaving_eid.serving() as issuer:
        client = citizen_client(EidSettings(issuer.url, CLIENT_ID, "s"), demo=True)
        attempt = client.begin(CALLBACK, fresh=True, min_loa="high", locale="en", purpose="consent", next_path="/consent")
        asked = {name: value[0] for name, value in parse_qs(urlsplit(attempt.url).query).items()}
        plain = parse_qs(urlsplit(client.begin(CALLBACK).url).query)
    assert (asked["prompt"], asked["max_age"], asked["language"]) == ("login", "0", "en")
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == ("code", "S256", "openid mitid ssn")
    assert json.loads(asked["idp_params"])["mitid"]["loa_value"] == "high"
    assert attempt.code_verifier not in attempt.url
    assert (attempt.purpose, attempt.next_path, attempt.min_loa) == ("consent", "/consent", "high")
    assert "prompt" not in plain
    assert "max_age" not in plain


def test_idura_tells_the_person_in_the_id_token():
    person = read_citizen(CITIZEN["idura"], believed(IDURA))
    assert (person.cpr, person.name, person.id_token_for_logout) == (CPR, NAME, "")


@pytest.mark.parametrize("claim", ["cvrNumberIdentifier", "employee", "companySignatory"])
def test_idura_tells_a_company_by_claims_a_private_person_lacks(claim):
    with pytest.raises(LoginRefused, match="wrong_identity_type"):
        read_citizen(CITIZEN["idura"], believed({**IDURA, claim: "true"}))


def test_claim_names_are_data():
    profile = replace(CITIZEN["plain"], cpr=("urn:national-number",))
    assert read_citizen(profile, believed({**BASE, "urn:national-number": f"{CPR[:6]}-{CPR[6:]}"})).cpr == CPR


def test_nobody_is_shown():
    person = read_citizen(CITIZEN["idura"], believed(IDURA))
    member = read_staff(STAFF["plain"], believed({**BASE, "name": NAME, "portal_roles": ["auditor"], "portal_municipalities": "all"}))
    for shown in (repr(person), str(person), repr(member), f"{member}"):
        assert not any(secret in shown for secret in (CPR, NAME, "someone", "the.id.token"))


@pytest.mark.parametrize(
    ("roles", "municipalities", "code"),
    [
        ([], ["0461"], "no_role"),
        (None, ["0461"], "no_role"),
        (["<script>", 7], ["0461"], "no_role"),
        ({"case_worker": True}, ["0461"], "no_role"),
        (["case_worker"], [], "no_municipality"),
        (["case_worker"], ["461", "Odense"], "no_municipality"),
        (["case_worker"], None, "no_municipality"),
    ],
)
def test_staff_need_a_role_and_a_municipality(roles, municipalities, code):
    with pytest.raises(LoginRefused) as refused:
        read_staff(STAFF["plain"], believed({**BASE, "portal_roles": roles, "portal_municipalities": municipalities}))
    assert refused.value.code == code


@pytest.mark.parametrize("municipalities", ["all", ["all"]])
def test_all_municipalities(municipalities):
    member = read_staff(STAFF["plain"], believed({**BASE, "portal_roles": "auditor case_worker", "portal_municipalities": municipalities}))
    assert member.roles == {"auditor", "case_worker"}
    assert member.works_for("0751")


def test_a_member_of_staff_works_for_their_own_municipality():
    member = read_staff(STAFF["plain"], believed({**BASE, "portal_roles": ["case_worker"], "portal_municipalities": ["0461", "0751"]}))
    assert member.works_for("0461")
    assert not member.works_for("0101")


def test_a_citizen_is_no_member_of_staff():
    with misbehaving_eid.serving() as issuer:
        client = staff_client(EidSettings(issuer.url, CLIENT_ID, "s"), demo=True)
        issuer.claims = {"portal_roles": ["decider"], "portal_municipalities": "all"}
        attempt = client.begin(CALLBACK)
        with pytest.raises(LoginRefused, match="wrong_staff_identity"):
            client.finish(attempt, issuer.answer(attempt))


def told(**changes: str) -> EidSettings:
    """What load_settings makes of PORTAL_EID_ variables."""
    return load_settings({f"PORTAL_EID_{name}": text for name, text in changes.items()}).citizen_eid


def test_nothing_told_is_nets_at_substantial_with_two_algorithms():
    eid = told()
    assert (dialect_of(eid, CITIZEN), eid.min_loa, eid.algorithms) == (CITIZEN["nets"], "substantial", ("ES256", "RS256"))


def test_what_is_told_stands_over_the_profile():
    profile = dialect_of(
        told(
            PROFILE="plain",
            SCOPE="openid cpr",
            CLAIM_CPR="urn:cpr cpr",
            CLAIM_NAME="fullName",
            CLAIM_LOA="assurance",
            CLAIM_SID="session",
            LEVELS="urn:two=substantial urn:q=3=high",
            USERINFO="no",
        ),
        CITIZEN,
    )
    person = read_citizen(profile, believed({**BASE, "cpr": CPR, "fullName": NAME, "session": "s1", "name": "another"}))
    assert (person.cpr, person.name, person.sid) == (CPR, NAME, "s1")
    assert profile.level({"assurance": "urn:q=3", "acr": "urn:two"}) == "high"
    # What the profile called the levels counts no longer.
    assert profile.level({"assurance": "high"}) is None
    assert (profile.scope, profile.userinfo, profile.ask("substantial", "da")["acr_values"]) == ("openid cpr", False, "urn:two")


def test_staff_have_roles_and_municipalities_where_the_settings_say():
    environ = {"PORTAL_STAFF_PROFILE": "plain", "PORTAL_STAFF_CLAIM_ROLES": "groups", "PORTAL_STAFF_CLAIM_MUNICIPALITIES": "kom"}
    profile = dialect_of(load_settings(environ).staff_eid, STAFF)
    member = read_staff(profile, believed({**BASE, "groups": ["decider"], "kom": ["0461"], "portal_roles": ["auditor"]}))
    assert (member.roles, member.municipalities) == ({"decider"}, {"0461"})


def test_algorithms_and_keys_may_be_written_as_an_environment_needs_it():
    eid = told(SIGNING_ALGS="PS256, ES384", PRIVATE_KEY=r"-----BEGIN\nabc\n-----END")
    assert (eid.algorithms, eid.private_key) == (("PS256", "ES384"), "-----BEGIN\nabc\n-----END")
    assert "abc" not in repr(eid)


def test_a_claim_only_in_userinfo_is_not_read_when_all_stand_in_the_token():
    with misbehaving_eid.serving() as issuer:
        client = citizen_client(replace(told(USERINFO="no"), issuer=issuer.url, client_id=CLIENT_ID, client_secret="s"), demo=True)
        attempt = client.begin(CALLBACK)
        with pytest.raises(LoginRefused, match="no_cpr"):
            client.finish(attempt, issuer.answer(attempt))
        assert "userinfo" not in issuer.asked


def test_the_least_level_is_a_setting():
    with misbehaving_eid.serving() as issuer:
        client = citizen_client(replace(told(MIN_LOA="high"), issuer=issuer.url, client_id=CLIENT_ID, client_secret="s"), demo=True)
        attempt = client.begin(CALLBACK)
        with pytest.raises(LoginRefused, match="level_too_low"):
            client.finish(attempt, issuer.answer(attempt))
