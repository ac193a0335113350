"""Who may ask the stand-in to log people in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin

DEMO_CLIENT_ID = "demo-portal"
DEMO_CLIENT_SECRET = "known-to-everybody-and-good-for-the-demo-alone"  # noqa: S105 - guards nothing but made-up people  # nosec B105


@dataclass(frozen=True)
class Client(ClientMixin):
    """A registered client. With `public_key` (an EC key as JWK) it proves itself by private_key_jwt, else by its secret."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    public_key: Mapping[str, Any] | None = None

    id_token_signed_response_alg = "ES256"  # noqa: S105 - the name of an algorithm  # nosec B105

    @property
    def client_metadata(self) -> dict[str, Any]:
        return {"post_logout_redirect_uris": list(self.post_logout_redirect_uris)}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope or ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return compare_digest(self.client_secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        if endpoint != "token":
            return True
        return method == "private_key_jwt" if self.public_key else method.startswith("client_secret_")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def demo_client(portal: str) -> Client:
    """The demo portal served at `portal` (for example http://127.0.0.1:8000), as a client."""
    return Client(
        DEMO_CLIENT_ID,
        DEMO_CLIENT_SECRET,
        redirect_uris=(f"{portal}/login/callback", f"{portal}/login/staff/callback"),
        post_logout_redirect_uris=(f"{portal}/", f"{portal}/logged-out"),
    )
