"""The eID stand-in is a strict issuer, and a whole login against it works."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import ECKey

from portal.identity.oidc import citizen_client, staff_client
from portal.identity.provider import DEMO_MARKER
from portal.identity.refusals import LoginRefused
from stand_ins.eid.accounts import demo_citizens, demo_staff
from stand_ins.eid.app import create_app
from stand_ins.eid.clients import demo_client
from stand_ins.eid.serving import running
from tests.servers.eid import CALLBACK, CITIZENS, CLIENT, LEFT, STAFF, back, log_in, press, settings_for

KEY = ECKey.generate_key("P-256")
BY_KEY = replace(CLIENT, client_id="portal-by-key", public_key=KEY.as_dict(private=False))


@pytest.fixture(scope="module")
def base_url():
    with running(lambda base: create_app(base, citizens=CITIZENS, staff=STAFF, clients=[CLIENT, BY_KEY])) as url:
        yield url


@pytest.fixture
def client(base_url):
    return citizen_client(settings_for(base_url), demo=True)


def test_a_citizen_logs_in(client, base_url):
    person = log_in(client, "Mette Prøvesen", fresh=True)
    assert (person.cpr, person.name, person.loa) == ("7203914002", "Mette Prøvesen", "substantial")
    assert person.issuer == f"{base_url}/citizen"
    assert person.sid
    assert person.auth_time is not None


def test_the_same_person_is_the_same_subject_and_two_persons_are_two(client):
    mette, again, anders = (log_in(client, name) for name in ("Mette Prøvesen", "Mette Prøvesen", "Anders Prøvesen"))
    assert mette.subject == again.subject != anders.subject
    assert mette.sid != again.sid


def test_a_member_of_staff_logs_in(base_url):
    client = staff_client(settings_for(base_url, "staff"), demo=True)
    member = log_in(client, "Bodil Bordeksempel")
    assert (member.display_name, member.roles, member.municipalities) == ("Bodil Bordeksempel", {"case_worker"}, {"0461"})
    assert log_in(client, "Rigmor Revisionsprøve").works_for("0101")


@pytest.mark.parametrize(("name", "code"), [("Rasmus Rolleløs", "no_role"), ("Stine Stedløs", "no_municipality")])
def test_staff_without_access_stay_outside(base_url, name, code):
    with pytest.raises(LoginRefused, match=code):
        log_in(staff_client(settings_for(base_url, "staff"), demo=True), name)


@pytest.mark.parametrize(
    ("name", "level", "wishes", "code"),
    [
        ("Mette Prøvesen", "low", {}, "level_too_low"),
        ("Mette Prøvesen", "substantial", {"min_loa": "high"}, "level_too_low"),
        ("Ukendt Udenlandsk", "substantial", {}, "no_cpr"),
        ("Firma Fiktiv", "substantial", {}, "wrong_identity_type"),
        ("stop", "substantial", {}, "stopped"),
    ],
)
def test_a_login_that_does_not_do(client, name, level, wishes, code):
    with pytest.raises(LoginRefused) as refused:
        log_in(client, name, level, **wishes)
    assert refused.value.code == code


def test_a_high_level_can_be_reached(client):
    assert log_in(client, "Mette Prøvesen", "high", min_loa="high").loa == "high"


def test_the_client_can_prove_itself_by_key(base_url):
    settings = replace(settings_for(base_url), client_id=BY_KEY.client_id, client_secret="")
    private = KEY.as_pem(private=True).decode()
    assert log_in(citizen_client(replace(settings, private_key=private), demo=True), "Mette Prøvesen").cpr == "7203914002"
    stranger = ECKey.generate_key("P-256").as_pem(private=True).decode()
    with pytest.raises(LoginRefused, match="code_refused"):
        log_in(citizen_client(replace(settings, private_key=stranger), demo=True), "Mette Prøvesen")


def test_a_wrong_secret_is_refused(base_url):
    settings = replace(settings_for(base_url), client_secret="another")
    with pytest.raises(LoginRefused, match="code_refused"):
        log_in(citizen_client(settings, demo=True), "Mette Prøvesen")


def test_a_wrong_verifier_is_refused_and_uses_the_code_up(client):
    attempt = client.begin(CALLBACK)
    params = press(attempt, "Mette Prøvesen")
    with pytest.raises(LoginRefused, match="code_refused"):
        client.finish(replace(attempt, code_verifier="x" * 64), params)
    with pytest.raises(LoginRefused, match="code_refused"):
        client.finish(attempt, params)


def test_a_code_is_good_once(client):
    attempt = client.begin(CALLBACK)
    params = press(attempt, "Mette Prøvesen")
    assert client.finish(attempt, params).cpr == "7203914002"
    with pytest.raises(LoginRefused, match="code_refused"):
        client.finish(attempt, params)


def test_another_logins_code_is_refused(client):
    mine, theirs = client.begin(CALLBACK), client.begin(CALLBACK)
    stolen = press(theirs, "Anders Prøvesen")["code"]
    with pytest.raises(LoginRefused, match="code_refused"):
        client.finish(mine, {**press(mine, "Mette Prøvesen"), "code": stolen})


def test_a_code_of_one_issuer_is_nothing_at_the_other(base_url, client):
    attempt = staff_client(settings_for(base_url, "staff"), demo=True).begin(CALLBACK)
    with pytest.raises(LoginRefused, match="wrong_state"):
        client.finish(attempt, press(attempt, "Bodil Bordeksempel"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("code_challenge_method=S256", "code_challenge_method=plain"),
        ("code_challenge=", "nothing="),
        ("nonce=", "nothing="),
    ],
)
def test_a_request_without_pkce_or_nonce_goes_back_with_an_error(client, old, new):
    url = client.begin(CALLBACK).url
    assert old in url
    params = back(requests.get(url.replace(old, new), allow_redirects=False, timeout=5))
    assert (params["error"], "code" in params) == ("invalid_request", False)


def test_a_nonce_is_good_once(client):
    attempt = client.begin(CALLBACK)
    press(attempt, "Mette Prøvesen")
    params = back(requests.get(attempt.url, allow_redirects=False, timeout=5))
    assert params["error"] == "invalid_request"


@pytest.mark.parametrize(("old", "new"), [("%2F127.0.0.1%3A9%2F", "%2Fevil.example%2F"), ("client_id=portal", "client_id=stranger")])
def test_an_unknown_portal_gets_a_page_and_no_redirect(client, old, new):
    url = client.begin(CALLBACK).url
    assert old in url
    answer = requests.get(url.replace(old, new), allow_redirects=False, timeout=5)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "Loginnet kan ikke gennemføres" in answer.text


def test_an_unknown_person_cannot_be_chosen(client):
    answer = requests.post(client.begin(CALLBACK).url, data={"person": "high nobody"}, allow_redirects=False, timeout=5)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("locale", "title", "banner", "about"),
    [
        ("da", "Vælg, hvem du vil prøve som", "ikke MitID", "Enlig med to børn"),
        ("en", "Choose who to be", "not MitID", "Single, two children"),
    ],
)
def test_the_page_of_people(client, locale, title, banner, about):
    answer = requests.get(client.begin(CALLBACK, locale=locale).url, timeout=5)
    assert f'<html lang="{locale}">' in answer.text
    assert f"<title>{title}</title>" in answer.text
    assert f"<h1>{title}</h1>" in answer.text
    assert banner in answer.text
    assert about in answer.text
    assert "7203914002" not in answer.text
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:9;" in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_style_is_there(base_url):
    assert requests.get(f"{base_url}/static/eid.css", timeout=5).status_code == 200


@pytest.mark.parametrize("realm", ["citizen", "staff"])
def test_the_stand_in_says_what_it_is(base_url, realm):
    found = requests.get(f"{base_url}/{realm}/.well-known/openid-configuration", timeout=5).json()
    assert found[DEMO_MARKER] is True
    assert found["id_token_signing_alg_values_supported"] == ["ES256"]


def test_the_published_keys_are_public_and_the_issuers_own(base_url):
    citizen, staff = (requests.get(f"{base_url}/{realm}/jwks", timeout=5).json()["keys"] for realm in ("citizen", "staff"))
    assert not any("d" in key for key in (*citizen, *staff))
    assert citizen[0]["kid"] != staff[0]["kid"]


def test_logging_out_leads_back_to_the_portal(client):
    address = client.logout_url(log_in(client, "Mette Prøvesen").id_token_for_logout, LEFT)
    assert "id_token_hint" in parse_qs(urlsplit(address).query)
    answer = requests.get(address, allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.headers["Location"]) == (302, LEFT)


def test_logging_out_leads_nowhere_else(client):
    token = log_in(client, "Mette Prøvesen").id_token_for_logout
    answer = requests.get(client.logout_url(token, "https://evil.example/"), allow_redirects=False, timeout=5)
    assert answer.status_code == 200
    assert "Du er logget ud" in answer.text


def test_claims_may_all_stand_in_the_id_token():
    def make(base):
        return create_app(base, citizens=CITIZENS, staff=STAFF, clients=[CLIENT], all_in_id_token=True)

    with running(make) as base_url:
        person = log_in(citizen_client(settings_for(base_url), demo=True), "Mette Prøvesen")
    assert (person.cpr, person.id_token_for_logout) == ("7203914002", "")


def test_userinfo_wants_a_token_it_gave_out(base_url):
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        assert requests.get(f"{base_url}/citizen/userinfo", headers=headers, timeout=5).status_code == 401


def test_the_demos_people_can_all_log_in():
    portal = demo_client("http://127.0.0.1:9")
    assert demo_citizens()
    with running(lambda base: create_app(base, citizens=demo_citizens(), staff=demo_staff(), clients=[portal])) as base_url:
        as_portal = {"client_id": portal.client_id, "client_secret": portal.client_secret}
        citizens = citizen_client(replace(settings_for(base_url), **as_portal), demo=True)
        for person in demo_citizens():
            assert log_in(citizens, person["name"]).cpr == person["cpr"]
        staff = staff_client(replace(settings_for(base_url, "staff"), **as_portal), demo=True)
        for person in demo_staff():
            assert log_in(staff, person["name"]).roles == set(person["roles"])
