"""Which issuers the portal may use: the demo's own on this machine, elsewhere only https and never the stand-in."""

from __future__ import annotations

from dataclasses import replace

import pytest
import requests
from joserfc.jwk import ECKey, RSAKey
from requests.adapters import BaseAdapter

from portal.identity.addresses import is_loopback, is_safe
from portal.identity.issuers import issuer_problems
from portal.identity.network import LEFT_ALONE_SECONDS
from portal.identity.oidc import citizen_client
from portal.identity.refusals import LoginRefused
from portal.settings import EidSettings, Settings
from tests.servers import misbehaving_eid
from tests.servers.misbehaving_eid import GONE

CALLBACK = "https://portal.example/login/callback"
BROKER = "https://broker.example/op"
GOOD = Settings(citizen_eid=EidSettings(BROKER, "portal", "s"), staff_eid=EidSettings(BROKER, "portal", "s"))


class Answers(BaseAdapter):
    """A network in which every address answers with the same JSON."""

    def __init__(self, content: bytes, status: int = 200, fails: bool = False) -> None:
        super().__init__()
        self._content, self._status, self._fails = content, status, fails

    def send(self, request, **_options):
        if self._fails:
            raise requests.ConnectionError
        answer = requests.Response()
        answer.status_code, answer._content, answer.url = self._status, self._content, request.url
        return answer

    def close(self) -> None: ...


def document(**changes: object) -> bytes:
    right = {"issuer": BROKER, **{name: f"{BROKER}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}}
    return requests.compat.json.dumps({name: value for name, value in {**right, **changes}.items() if value is not GONE}).encode()


def begin(http: BaseAdapter, demo: bool = False):
    return citizen_client(GOOD.citizen_eid, demo=demo, http=http).begin(CALLBACK)


def test_a_good_issuer_is_used():
    assert begin(Answers(document())).url.startswith(f"{BROKER}/authorization_endpoint?")


@pytest.mark.parametrize(
    ("http", "code"),
    [
        (Answers(document(portal_demo_stand_in=True)), "demo_issuer"),
        (Answers(document(issuer="https://other.example")), "provider_nonsense"),
        (Answers(document(issuer=GONE)), "provider_nonsense"),
        (Answers(document(token_endpoint="http://broker.example/token")), "insecure_issuer"),
        (Answers(document(token_endpoint="https://127.0.0.1/token")), "insecure_issuer"),
        (Answers(document(userinfo_endpoint="http://broker.example/userinfo")), "insecure_issuer"),
        (Answers(document(jwks_uri=GONE)), "insecure_issuer"),
        (Answers(b"[]"), "provider_nonsense"),
        (Answers(b"<html>"), "provider_nonsense"),
        (Answers(document(), status=302), "provider_unreachable"),
        (Answers(document(), fails=True), "provider_unreachable"),
    ],
)
def test_a_strange_issuer_is_refused(http, code):
    with pytest.raises(LoginRefused) as refused:
        begin(http)
    assert refused.value.code == code


def test_outside_the_demo_a_loopback_issuer_is_not_even_asked():
    with misbehaving_eid.serving() as issuer:
        client = citizen_client(EidSettings(issuer.url, "portal", "s"))
        with pytest.raises(LoginRefused, match="insecure_issuer"):
            client.begin(CALLBACK)
        assert issuer.asked == []


def test_a_failed_discovery_is_tried_again_after_a_while():
    now = 0.0
    with misbehaving_eid.serving() as issuer:
        client = citizen_client(EidSettings(issuer.url, "portal", "s"), demo=True, ticks=lambda: now)
        issuer.status = {"discovery": 503}
        with pytest.raises(LoginRefused, match="provider_unreachable"):
            client.begin(CALLBACK)
        issuer.status, now = {}, LEFT_ALONE_SECONDS
        assert client.begin(CALLBACK).state


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ("", "missing"),
        ("http://127.0.0.1:8001/citizen", "this machine"),
        ("https://localhost/citizen", "this machine"),
        ("http://broker.example", "https://"),
    ],
)
def test_the_check_says_what_is_wrong(issuer, said):
    lines = issuer_problems(replace(GOOD, citizen_eid=EidSettings(issuer, "portal", "s")))
    assert len(lines) == 1
    assert lines[0].startswith("PORTAL_EID_ISSUER")
    assert said in lines[0]


def test_the_check_finds_nothing_wrong_with_good_issuers_and_names_a_missing_client():
    assert issuer_problems(GOOD) == []
    assert issuer_problems(replace(GOOD, staff_eid=EidSettings(BROKER, client_secret="s"))) == ["PORTAL_STAFF_CLIENT_ID is missing."]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"profile": "criipto"}, "PORTAL_EID_PROFILE must be nets, idura or plain, not 'criipto'."),
        ({"algorithms": ("ES256", "none")}, "PORTAL_EID_SIGNING_ALGS must be among"),
        ({"algorithms": ("HS256",)}, "PORTAL_EID_SIGNING_ALGS must be among"),
        ({"private_key": "no key"}, "PORTAL_EID_PRIVATE_KEY must be a private EC key in PEM"),
        (
            {"private_key": RSAKey.generate_key(2048).as_pem(private=True).decode()},
            "PORTAL_EID_PRIVATE_KEY must be a private EC key in PEM",
        ),
        ({"client_secret": ""}, "PORTAL_EID_CLIENT_SECRET or PORTAL_EID_PRIVATE_KEY is missing"),
        ({"min_loa": "enormous"}, "PORTAL_EID_MIN_LOA must be low, substantial or high, not 'enormous'."),
        ({"dialect": {"LEVELS": "urn:3=enormous"}}, "PORTAL_EID_LEVELS must be pairs of the issuer's name and ours"),
        ({"dialect": {"LEVELS": "urn:3"}}, "PORTAL_EID_LEVELS must be pairs of the issuer's name and ours"),
        ({"dialect": {"LEVELS": "urn:3=substantial"}}, "PORTAL_EID_LEVELS must say what the issuer calls high, as its-name=high."),
        ({"dialect": {"USERINFO": "perhaps"}}, "PORTAL_EID_USERINFO must be yes or no, not 'perhaps'."),
        ({"dialect": {"SCOPE": "mitid ssn"}}, "PORTAL_EID_SCOPE must hold openid."),
    ],
)
def test_the_check_says_what_is_wrong_with_how_the_issuer_is_spoken_to(changes, said):
    (line,) = issuer_problems(replace(GOOD, citizen_eid=replace(GOOD.citizen_eid, **changes)))
    assert line.startswith(said)
    assert line.endswith(".")


def test_staff_have_no_profile_of_a_broker_for_citizens_alone():
    (line,) = issuer_problems(replace(GOOD, staff_eid=replace(GOOD.staff_eid, profile="idura")))
    assert line == "PORTAL_STAFF_PROFILE must be nets or plain, not 'idura'."


def test_a_key_does_instead_of_a_secret():
    key = ECKey.generate_key("P-256").as_pem(private=True).decode()
    assert issuer_problems(replace(GOOD, citizen_eid=EidSettings(BROKER, "portal", private_key=key))) == []


def test_the_check_can_ask_the_issuers_themselves():
    with misbehaving_eid.serving() as issuer:
        eid = EidSettings(issuer.url, "portal", "s")
        demo = Settings(demo=True, citizen_eid=eid, staff_eid=eid)
        assert issuer_problems(demo, ask=True) == []
        issuer.status = {"discovery": 500}
        assert [line.split(" ")[0] for line in issuer_problems(demo, ask=True)] == ["PORTAL_EID_ISSUER", "PORTAL_STAFF_ISSUER"]


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.8.8.8", True),
        ("https://LOCALHOST.", True),
        ("https://eid.localhost", True),
        ("http://[::1]/", True),
        ("http://0.0.0.0", True),
        ("https://broker.example", False),
        ("nonsense", False),
    ],
)
def test_loopback(url, loopback):
    assert is_loopback(url) is loopback
    assert not (loopback and is_safe(url, demo=False))
