"""A browser's part in logging in at the eID stand-in, and a few people to be."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import requests

from portal.identity.attempts import LoginAttempt, OpenAttempts
from portal.identity.oidc import EidClient
from portal.identity.people import Login
from portal.settings import EidSettings
from stand_ins.eid.clients import Client

CALLBACK = "http://127.0.0.1:9/login/callback"
LEFT = "http://127.0.0.1:9/logged-out"
CLIENT = Client("portal", "secret of the tests", (CALLBACK,), (LEFT,))
CITIZENS = [
    {"name": "Mette Prøvesen", "cpr": "7203914002", "about": {"da": "Enlig med to børn", "en": "Single, two children"}},
    {"name": "Anders Prøvesen", "cpr": "7105894001"},
    {"name": "Ukendt Udenlandsk"},
    {"name": "Firma Fiktiv", "cpr": "6203914003", "identity_type": "professional"},
]
STAFF = [
    {"name": "Bodil Bordeksempel", "roles": ["case_worker"], "municipalities": ["0461"]},
    {"name": "Rigmor Revisionsprøve", "roles": ["auditor"], "municipalities": "all"},
    {"name": "Rasmus Rolleløs", "roles": [], "municipalities": ["0461"]},
    {"name": "Stine Stedløs", "roles": ["case_worker"], "municipalities": []},
]


def settings_for(base_url: str, realm: str = "citizen") -> EidSettings:
    """What the portal is told about the stand-in at this address."""
    return EidSettings(f"{base_url}/{realm}", CLIENT.client_id, CLIENT.client_secret)


def press(attempt: LoginAttempt, name: str, level: str = "substantial") -> dict[str, str]:
    """Open the login page, press a name, and return the query parameters the portal gets; ``stop`` is the last button."""
    page = requests.get(attempt.url, timeout=5)
    assert page.status_code == 200, page.text
    buttons = re.findall(r'value="(\w+) ([^"]+)">\s*<span class="name">([^<]+)<', page.text)
    values = {(found, unescape(label)): f"{found} {subject}" for found, subject, label in buttons}
    form = {"stop": "1"} if name == "stop" else {"person": values[level, name]}
    answer = requests.post(attempt.url, data=form, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return back(answer)


def back(answer: requests.Response) -> dict[str, str]:
    """The query parameters of a redirect to the portal."""
    assert answer.headers["Location"].startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def log_in(client: EidClient[Login], name: str, level: str = "substantial", **wishes: object) -> Login:
    """A whole login, with the attempt kept in a session between."""
    session: dict = {}
    attempts = OpenAttempts(session.get("logins"))
    attempt = client.begin(CALLBACK, **wishes)
    attempts.add(attempt)
    session["logins"] = attempts.kept
    params = press(attempt, name, level)
    return client.finish(OpenAttempts(session["logins"]).take(params["state"]), params)
