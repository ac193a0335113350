"""Authlib's OpenID Connect server, told where to remember things and what to say about people."""

from __future__ import annotations

from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import UserInfoEndpoint
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.rpinitiated import EndSessionEndpoint
from joserfc.jwk import ECKey, KeySet

from stand_ins.eid.store import AccessToken, Chosen, Code, Store

NSIS = "https://data.gov.dk/concept/core/nsis/"
ID_TOKEN_SECONDS = 300


class CodeGrant(AuthorizationCodeGrant):
    """The code flow. `server` is an `IssuerServer`."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = ["client_secret_basic", "client_secret_post", "private_key_jwt"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        self.server.store.keep_code(
            Code(
                code=code,
                client_id=request.client.client_id,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope,
                nonce=asked.get("nonce"),
                code_challenge=asked["code_challenge"],
                code_challenge_method=asked["code_challenge_method"],
                chosen=request.user,
            )
        )

    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        return self.server.store.use_code(code, client.client_id)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Nothing is left to do: asking for a code uses it up."""

    def authenticate_user(self, authorization_code: Code) -> Chosen:
        return authorization_code.chosen


class DemandedChallenge(CodeChallenge):
    """PKCE with S256, demanded of every client."""

    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar[list[str]] = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A code_challenge with method S256 is demanded.")
        super().validate_code_challenge(grant, redirect_uri)


class IdTokens(OpenIDCode):
    """What stands in the ID token."""

    def __init__(self, issuer: str, key: ECKey, store: Store, *, everything: bool) -> None:
        super().__init__(require_nonce=True)
        self._issuer = issuer
        self._key = key
        self._store = store
        self._everything = everything

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return self._store.nonce_used(request.payload.client_id, nonce)

    def resolve_client_private_key(self, _client: Any) -> ECKey:
        return self._key

    def get_encode_header(self, _client: Any) -> dict[str, str]:
        return {"alg": "ES256", "kid": self._key.kid}

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self._issuer, "aud": client.client_id}

    def get_compatible_claims(self, request: Any) -> dict[str, Any]:
        claims = super().get_compatible_claims(request)
        return {**claims, "exp": claims["iat"] + ID_TOKEN_SECONDS}

    def generate_user_info(self, user: Chosen, _scope: str) -> dict[str, Any]:
        personal = user.account.personal if self._everything else {}
        loa = f"{NSIS}{user.level.capitalize()}"
        return {"sub": user.account.subject, "loa": loa, "sid": user.session, **user.account.id_claims, **personal}


class UserInfo(UserInfoEndpoint):
    """What userinfo answers: the name and the number."""

    def generate_user_info(self, user: Chosen, _scope: str) -> dict[str, Any]:
        return {"sub": user.account.subject, **user.account.id_claims, **user.account.personal}


class AccessTokens(BearerTokenValidator):
    """Knows the access tokens that were given out."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def authenticate_token(self, token_string: str) -> AccessToken | None:
        return self._store.token(token_string)


class EndSession(EndSessionEndpoint):
    """Logging out. There is no session to end: every login asks who you are."""

    def __init__(self, key: ECKey) -> None:
        super().__init__()
        self._key = key

    def get_server_jwks(self) -> KeySet:
        return KeySet([self._key])

    def get_algorithms(self) -> list[str]:
        return ["ES256"]

    def end_session(self, end_session_request: Any) -> None:
        """Nothing is kept that could end."""


class ClientKeys(JWTBearerClientAssertion):
    """private_key_jwt, for clients that registered a public key."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, audiences: list[str]) -> None:
        super().__init__()
        self._audiences = audiences
        self._seen: set[str] = set()

    def get_audiences(self) -> list[str]:
        return self._audiences

    def validate_jti(self, _claims: dict[str, Any], jti: str) -> bool:
        new = jti not in self._seen
        self._seen.add(jti)
        return new

    def resolve_client_public_key(self, client: Any) -> ECKey:
        return ECKey.import_key(dict(client.public_key or {}))


class NamesItself(IssuerParameter):
    """Puts ``iss`` in every answer (RFC 9207)."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        return self._issuer
