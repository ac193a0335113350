"""Is an issuer fit for use here? Asked at start and by ``python -m portal check``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.identity.addresses import is_loopback, is_safe
from portal.identity.client_key import client_key
from portal.identity.levels import LEVELS
from portal.identity.oidc import EidClient, citizen_client, staff_client
from portal.identity.profiles import CITIZEN, STAFF, Profile, dialect_of
from portal.identity.refusals import LoginRefused
from portal.identity.tokens import POSSIBLE_ALGORITHMS
from portal.settings import EidSettings, Settings


def issuer_problems(settings: Settings, *, ask: bool = False) -> list[str]:
    """What is wrong with the two issuers, a plain line each; empty when nothing is.

    With `ask` the issuers are also called, so that one that is silent, or is the demo's stand-in, is found before the
    first person meets it.
    """
    found = _told("PORTAL_EID", settings.citizen_eid, CITIZEN, demo=settings.demo)
    found += _told("PORTAL_STAFF", settings.staff_eid, STAFF, demo=settings.demo)
    if ask and not found:
        clients = (
            ("PORTAL_EID_ISSUER", citizen_client(settings.citizen_eid, demo=settings.demo)),
            ("PORTAL_STAFF_ISSUER", staff_client(settings.staff_eid, demo=settings.demo)),
        )
        found += [line for name, client in clients if (line := _answer(name, client))]
    return found


def _told(prefix: str, eid: EidSettings, profiles: Mapping[str, Profile], *, demo: bool) -> list[str]:
    if not eid.issuer:
        return [f"{prefix}_ISSUER is missing: nobody can log in."]
    found = []
    if not demo and is_loopback(eid.issuer):
        found.append(f"{prefix}_ISSUER is an address of this machine. Only the demo may use one.")
    elif not is_safe(eid.issuer, demo=demo):
        found.append(f"{prefix}_ISSUER must begin with https://.")
    if not eid.client_id:
        found.append(f"{prefix}_CLIENT_ID is missing.")
    if not eid.client_secret and not eid.private_key:
        found.append(f"{prefix}_CLIENT_SECRET or {prefix}_PRIVATE_KEY is missing: the issuer must know that it is us.")
    return found + [f"{prefix}_{line}." for line in _speech(eid, profiles)]


def _speech(eid: EidSettings, profiles: Mapping[str, Profile]) -> list[str]:
    """What is wrong with the key, the algorithms, the level and the dialect, without the prefix and the full stop."""
    found = []
    if not eid.algorithms or not set(eid.algorithms) <= POSSIBLE_ALGORITHMS:
        found.append(f"SIGNING_ALGS must be among {', '.join(sorted(POSSIBLE_ALGORITHMS))}. With any other, anybody could sign")
    if eid.min_loa not in LEVELS:
        found.append(f"MIN_LOA must be low, substantial or high, not {eid.min_loa!r}")
    try:
        dialect_of(eid, profiles)
        if eid.private_key:
            client_key(eid.private_key)
    except ValueError as error:
        found.append(str(error))
    return found


def _answer(name: str, client: EidClient[Any]) -> str:
    try:
        client.check()
    except LoginRefused as refused:
        return f"{name} cannot be used: {refused.log_words}."
    return ""
