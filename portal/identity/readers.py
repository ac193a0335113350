"""From believed claims to a person: the last checks, which differ for citizens and staff."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from portal.access import EVERY_MUNICIPALITY
from portal.identity.people import Identity, StaffIdentity
from portal.identity.profiles import Profile, first
from portal.identity.refusals import LoginRefused

_CPR = re.compile(r"[0-9]{6}-?[0-9]{4}")
_ROLE = re.compile(r"[a-z][a-z_]{1,39}")
_MUNICIPALITY = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Believed:
    """A login whose tokens are in order: the claims, the level reached, and the ID token as it came."""

    claims: Mapping[str, Any]
    loa: str
    id_token: str
    id_claims: Mapping[str, Any]


def read_citizen(profile: Profile, login: Believed) -> Identity:
    """A private person with a CPR number. Raises LoginRefused for anybody else."""
    if not _right_kind(profile, login.claims):
        raise LoginRefused("wrong_identity_type", "the login is not a private person's")
    cpr = first(login.claims, profile.cpr)
    if not isinstance(cpr, str) or not _CPR.fullmatch(cpr):
        raise LoginRefused("no_cpr", "the login has no CPR number")
    return Identity(**_common(profile, login), cpr=cpr.replace("-", ""), name=_text(first(login.claims, profile.name)))


def read_staff(profile: Profile, login: Believed) -> StaffIdentity:
    """A member of staff with at least one role in at least one municipality. Raises LoginRefused for anybody else."""
    if not _right_kind(profile, login.claims):
        raise LoginRefused("wrong_staff_identity", "the login is not a member of staff's")
    roles = _words(first(login.claims, profile.roles), _ROLE)
    if not roles:
        raise LoginRefused("no_role", "the staff login has no role")
    told = first(login.claims, profile.municipalities)
    every = told in (EVERY_MUNICIPALITY, [EVERY_MUNICIPALITY])
    municipalities = frozenset({EVERY_MUNICIPALITY}) if every else _words(told, _MUNICIPALITY)
    if not municipalities:
        raise LoginRefused("no_municipality", "the staff login has no municipality")
    name = _text(first(login.claims, profile.name))
    return StaffIdentity(**_common(profile, login), display_name=name, roles=roles, municipalities=municipalities)


def _right_kind(profile: Profile, claims: Mapping[str, Any]) -> bool:
    """Private or company, as the profile wants it, by what the broker tells."""
    wanted = all(str(claims.get(name)) in values for name, values in profile.required.items())
    return wanted and not any(name in claims for name in profile.forbidden)


def _common(profile: Profile, login: Believed) -> dict[str, Any]:
    """What citizens and staff share."""
    return {
        "issuer": login.id_claims["iss"],
        "subject": login.id_claims["sub"],
        "loa": login.loa,
        "auth_time": _moment(login.id_claims.get("auth_time")),
        "sid": _text(first(login.id_claims, profile.sid)),
        "id_token_for_logout": _hint(profile, login),
    }


def _hint(profile: Profile, login: Believed) -> str:
    """The ID token, unless it names the person: at logout it stands in an address, and addresses are logged."""
    personal = first(login.id_claims, (*profile.cpr, *profile.name))
    return "" if personal is not None else login.id_token


def _moment(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc) if isinstance(seconds, int | float) and seconds else None
    except (OverflowError, ValueError, OSError):
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _words(value: object, shape: re.Pattern[str]) -> frozenset[str]:
    """The words of a list, or of a text with spaces between, that have the right shape."""
    listed = value.split() if isinstance(value, str) else value
    return frozenset(each for each in (listed if isinstance(listed, list) else []) if isinstance(each, str) and shape.fullmatch(each))
