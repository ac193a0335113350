"""One issuer: its key, its people, its clients, its memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from flask import Flask
from joserfc.jwk import ECKey

from stand_ins.eid.accounts import Account
from stand_ins.eid.clients import Client
from stand_ins.eid.grants import (
    AccessTokens,
    ClientKeys,
    CodeGrant,
    DemandedChallenge,
    EndSession,
    IdTokens,
    NamesItself,
    UserInfo,
)
from stand_ins.eid.store import Store


class IssuerServer(AuthorizationServer):
    """Authlib's server with a memory; `url` is the issuer's name and address."""

    def __init__(self, app: Flask, url: str, accounts: dict[str, Account], clients: Iterable[Client], *, all_in_id_token: bool) -> None:
        self.url = url
        self.accounts = accounts
        self.key = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256"}, auto_kid=True)
        self.store = Store()
        known = {client.client_id: client for client in clients}
        super().__init__(app, known.get, self._save)
        tokens = IdTokens(url, self.key, self.store, everything=all_in_id_token)
        self.register_grant(CodeGrant, [DemandedChallenge(required=True), tokens])
        protector = ResourceProtector()
        protector.register_token_validator(AccessTokens(self.store))
        self.register_endpoint(UserInfo(resource_protector=protector))
        self.register_endpoint(EndSession(self.key))
        self.register_client_auth_method("private_key_jwt", ClientKeys([url, f"{url}/token"]))
        self.register_extension(NamesItself(url))

    def _save(self, token: dict[str, Any], request: Any) -> None:
        self.store.keep_token(token, request.client, request.user)

    def discovery(self) -> dict[str, Any]:
        """The discovery document. The marker at the end keeps every portal but a demo away."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/end_session",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": CodeGrant.TOKEN_ENDPOINT_AUTH_METHODS,
            "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
            "ui_locales_supported": ["da", "en"],
            "authorization_response_iss_parameter_supported": True,
            "portal_demo_stand_in": True,
        }
