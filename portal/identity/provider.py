"""What an issuer publishes about itself: its discovery document and its keys, fetched once and kept for an hour."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from requests import RequestException, Session
from requests.adapters import BaseAdapter, HTTPAdapter

from portal.clock import Clock
from portal.identity.addresses import is_loopback, is_safe
from portal.identity.refusals import LoginRefused

TIMEOUT = (3.0, 5.0)
"""Seconds to connect, and to wait for an answer."""
KEEP_SECONDS = 3600.0
LOOK_AGAIN_SECONDS = 30.0
"""Anybody may send a token that names a key nobody has: the issuer is asked for new keys no oftener than this."""
DEMO_MARKER = "portal_demo_stand_in"
"""The stand-in says so in its discovery document; outside the demo it is refused."""

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL_ENDPOINTS = ("userinfo_endpoint", "end_session_endpoint")


class Provider:
    """One issuer. Threads may share it. Every method raises LoginRefused when the issuer is silent, strange or not allowed."""

    def __init__(self, issuer: str, *, clock: Clock, demo: bool = False, http: BaseAdapter | None = None) -> None:
        self._issuer = issuer
        self._clock = clock
        self._demo = demo
        self._adapter = http or HTTPAdapter(pool_maxsize=8)
        self._lock = Lock()
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, Mapping[str, Key]] | None = None
        self._looked_again: float | None = None

    def prepare(self, session: Session) -> Session:
        """Let `session` share this issuer's connections."""
        session.mount("https://", self._adapter)
        session.mount("http://", self._adapter)
        # A proxy from the environment must not come between the demo and its own stand-in.
        session.trust_env = not is_loopback(self._issuer)
        return session

    def metadata(self) -> Mapping[str, Any]:
        """The discovery document, checked."""
        with self._lock:
            if self._metadata is None or self._too_old(self._metadata[0]):
                self._metadata = (self._now(), self._discover())
            return self._metadata[1]

    def key(self, key_id: str) -> Key | None:
        """The public key with this id; an unknown id is looked for once more in a fresh copy."""
        uri = self.metadata()["jwks_uri"]
        with self._lock:
            if self._keys is None or self._too_old(self._keys[0]) or (key_id not in self._keys[1] and self._may_look_again()):
                self._keys = (self._now(), _public_keys(self._get(uri)))
            return self._keys[1].get(key_id)

    def _discover(self) -> Mapping[str, Any]:
        if not is_safe(self._issuer, demo=self._demo):
            raise LoginRefused("insecure_issuer", "the issuer is not an https address outside this machine")
        found = self._get(f"{self._issuer}/.well-known/openid-configuration")
        if found.get(DEMO_MARKER) and not self._demo:
            raise LoginRefused("demo_issuer", "the issuer is the demo's stand-in, and this is not the demo")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise LoginRefused("provider_nonsense", "the discovery document names another issuer")
        addresses = [found.get(name) for name in _ENDPOINTS]
        addresses += [found[name] for name in _OPTIONAL_ENDPOINTS if name in found]
        if not all(is_safe(address, demo=self._demo) for address in addresses):
            raise LoginRefused("insecure_issuer", "the discovery document lacks an address or has an unsafe one")
        return found

    def _get(self, url: str) -> dict[str, Any]:
        try:
            answer = self.prepare(Session()).get(url, timeout=TIMEOUT, allow_redirects=False)
        except RequestException:
            raise LoginRefused("provider_unreachable", "the issuer did not answer") from None
        if answer.status_code != 200:
            raise LoginRefused("provider_unreachable", f"the issuer answered with status {answer.status_code}")
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise LoginRefused("provider_nonsense", "the issuer's answer is not a JSON object")
        return found

    def _may_look_again(self) -> bool:
        now = self._now()
        if self._looked_again is not None and 0 <= now - self._looked_again < LOOK_AGAIN_SECONDS:
            return False
        self._looked_again = now
        return True

    def _too_old(self, fetched: float) -> bool:
        return not 0 <= self._now() - fetched < KEEP_SECONDS

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _public_keys(found: Mapping[str, Any]) -> Mapping[str, Key]:
    listed = found.get("keys")
    if not isinstance(listed, list):
        raise LoginRefused("provider_nonsense", "the issuer's key list is not a list")
    keys: dict[str, Key] = {}
    for each in listed:
        usable = isinstance(each, dict) and each.get("kty") in ("EC", "RSA", "OKP") and each.get("use", "sig") == "sig"
        if not usable or not isinstance(each.get("kid"), str):
            continue
        try:
            keys[each["kid"]] = JWKRegistry.import_key(each)
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # One key we cannot read must not stop the others.
    return keys
