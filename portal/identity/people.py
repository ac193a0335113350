"""The two kinds of person who log in, as the eID told us, after every check has passed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from portal import access


@dataclass(frozen=True)
class Login:
    """What every accepted login carries.

    `issuer` and `subject` together name the account at the broker; `loa` is ``low``, ``substantial`` or ``high``;
    `auth_time` is when the person last proved who they are (aware, by the broker's clock); `sid` is the broker's session,
    for back-channel logout. `id_token_for_logout` is empty when the token holds personal data: it travels in an address.
    """

    issuer: str
    subject: str = field(repr=False)
    loa: str
    auth_time: datetime | None
    sid: str = field(repr=False)
    id_token_for_logout: str = field(repr=False)


@dataclass(frozen=True)
class Identity(Login):
    """A citizen: ten digits of CPR number and the name as the eID writes it (may be empty)."""

    cpr: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True)
class StaffIdentity(Login):
    """A member of staff, with the roles and the municipalities (four digits each, or ``all``) their employer gave them."""

    display_name: str = field(repr=False)
    roles: frozenset[str]
    municipalities: frozenset[str]

    def works_for(self, municipality: str) -> bool:
        """Whether the person may act for the municipality with this four-digit code."""
        return access.works_for(self.municipalities, municipality)
