"""What the stand-in remembers while it runs: codes, access tokens, nonces. Nothing outlives the process."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from time import time
from typing import Any

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oidc.core import AuthorizationCodeMixin

from stand_ins.eid.accounts import Account
from stand_ins.eid.clients import Client

CODE_SECONDS = 60


@dataclass(frozen=True)
class Chosen:
    """A person who was chosen on the page: at which level, when, and in which session."""

    account: Account
    level: str
    when: int
    session: str


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):
    """An authorization code and what it was given for."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    chosen: Chosen
    made: float = field(default_factory=time)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.chosen.when


@dataclass(frozen=True)
class AccessToken(TokenMixin):
    """An access token, good for userinfo."""

    client: Client
    chosen: Chosen
    scope: str
    expires: float

    def get_scope(self) -> str:
        return self.scope

    def get_client(self) -> Client:
        return self.client

    def get_user(self) -> Chosen:
        return self.chosen

    def is_expired(self) -> bool:
        return time() >= self.expires

    def is_revoked(self) -> bool:
        return False


class Store:
    """One issuer's memory; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, AccessToken] = {}
        self._nonces: set[tuple[str, str]] = set()

    def keep_code(self, code: Code) -> None:
        """Remember a code and the nonce it answers."""
        with self._lock:
            self._codes[code.code] = code
            if code.nonce:
                self._nonces.add((code.client_id, code.nonce))

    def use_code(self, code: str, client_id: str) -> Code | None:
        """The code, once: whoever asks first has used it up, also with a wrong verifier."""
        with self._lock:
            found = self._codes.pop(code, None)
        if found is None or found.client_id != client_id or time() - found.made > CODE_SECONDS:
            return None
        return found

    def nonce_used(self, client_id: str, nonce: str) -> bool:
        """Whether a code was given for this nonce before."""
        with self._lock:
            return (client_id, nonce) in self._nonces

    def keep_token(self, token: dict[str, Any], client: Client, chosen: Chosen) -> None:
        """Remember an access token."""
        kept = AccessToken(client, chosen, token.get("scope", ""), time() + token["expires_in"])
        with self._lock:
            self._tokens[token["access_token"]] = kept

    def token(self, text: str) -> AccessToken | None:
        """The access token that reads like this."""
        with self._lock:
            return self._tokens.get(text)
