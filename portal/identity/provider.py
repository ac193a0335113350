"""What an issuer publishes about itself: its discovery document and its keys, fetched once and renewed after an hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from requests import RequestException, Session
from requests.adapters import BaseAdapter

from portal.breaker import CircuitBreaker
from portal.identity.addresses import is_loopback, is_safe
from portal.identity.network import LEFT_ALONE_SECONDS, TIMEOUT, BoundedAdapter, PausingAdapter
from portal.identity.refusals import LoginRefused
from portal.identity.remembered import Remembered

DEMO_MARKER = "portal_demo_stand_in"
"""The stand-in says so in its discovery document; outside the demo it is refused."""

_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL_ENDPOINTS = ("userinfo_endpoint", "end_session_endpoint")


class Provider:
    """One issuer. Threads may share it. Methods raise LoginRefused when the issuer is silent, strange or not allowed.

    `ticks` counts seconds: how old what is known is, and how long a silent issuer is left alone.
    """

    def __init__(self, issuer: str, *, demo: bool = False, http: BaseAdapter | None = None, ticks: Callable[[], float] = monotonic) -> None:
        self._issuer = issuer
        self._demo = demo
        self._way_out = http or BoundedAdapter()
        self._way_of_logins = PausingAdapter(self._way_out, ticks)
        breaker = CircuitBreaker(1, LEFT_ALONE_SECONDS, ticks)
        self._metadata: Remembered[Mapping[str, Any]] = Remembered("discovery", self._discover, breaker, ticks)
        self._keys: Remembered[Mapping[str, Key]] = Remembered("keys", self._published, breaker, ticks)

    def prepare(self, session: Session) -> Session:
        """Let `session` share this issuer's connections and its limits."""
        return self._mounted(session, self._way_of_logins)

    def metadata(self) -> Mapping[str, Any]:
        """The discovery document, checked."""
        return self._metadata.value()

    def metadata_if_known(self) -> Mapping[str, Any]:
        """What the discovery document said last, however long ago; empty when it was never read. The issuer is not asked."""
        return self._metadata.ever() or {}

    def key(self, key_id: str) -> Key | None:
        """The public key with this id; an unknown id is looked for once more in a fresh copy."""
        keys = self._keys.value()
        if key_id not in keys:
            keys = self._keys.looked_at_again()
        return keys.get(key_id)

    def _mounted(self, session: Session, adapter: BaseAdapter) -> Session:
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        # A proxy from the environment must not come between the demo and its own stand-in.
        session.trust_env = not is_loopback(self._issuer)
        return session

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

    def _published(self) -> Mapping[str, Key]:
        return _public_keys(self._get(self.metadata()["jwks_uri"]))

    def _get(self, url: str) -> dict[str, Any]:
        try:
            answer = self._mounted(Session(), self._way_out).get(url, timeout=TIMEOUT, allow_redirects=False)
        except RequestException:
            raise LoginRefused("provider_unreachable", "the issuer did not answer") from None
        if answer.status_code != 200:
            raise LoginRefused("provider_unreachable", f"the issuer answered with status {answer.status_code}")
        try:
            found = answer.json()
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise LoginRefused("provider_nonsense", "the issuer's answer is not a JSON object")
        return found


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
