"""The key the portal proves itself with at an issuer (private_key_jwt, OpenID Connect Core 9)."""

from __future__ import annotations

from dataclasses import dataclass, field

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

ALGORITHMS = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}


@dataclass(frozen=True)
class ClientKey:
    """A private EC key and the algorithm that fits its curve."""

    key: ECKey = field(repr=False)
    algorithm: str


def client_key(pem: str) -> ClientKey:
    """The key in this PEM text. Raises ValueError, saying nothing of it, when it is no private EC key on a curve we sign with."""
    try:
        read = ECKey.import_key(pem)
        curve = str(read.as_dict(private=False)["crv"]) if read.is_private else ""
    except (JoseError, ValueError, TypeError, KeyError):
        curve = ""
    if curve not in ALGORITHMS:
        raise ValueError(f"PRIVATE_KEY must be a private EC key in PEM, on one of {', '.join(ALGORITHMS)}")
    return ClientKey(read, ALGORITHMS[curve])
