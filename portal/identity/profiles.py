"""How brokers differ, as data: what to ask for, what the claims are called, which values mean what.

Nets eID Broker: broker documentation, "MitID" and "ID token". Idura: "Danish MitID" and "JWT payloads per eID type".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from json import dumps
from typing import Any

from portal.identity.levels import LEVELS, NSIS
from portal.settings import EidSettings

_NSIS_LEVELS = {f"{NSIS}Low": "low", f"{NSIS}Substantial": "substantial", f"{NSIS}High": "high"}
_PLAIN_LEVELS = {"low": "low", "substantial": "substantial", "high": "high", **_NSIS_LEVELS}
_IDURA_LEVELS = {f"urn:grn:authn:dk:mitid:{level}": level for level in ("low", "substantial", "high")}


@dataclass(frozen=True)
class Profile:
    """One broker's dialect.

    A claim may have several names; the first that is there counts. `userinfo`: whether claims stand in the userinfo
    answer too (the signed ID token wins where both have one). `required` and `forbidden` tell a private person from a
    company's: claims with the values they must have, and claims that must not be there.
    """

    scope: str
    levels: Mapping[str, str]
    loa: tuple[str, ...] = ("loa", "acr")
    cpr: tuple[str, ...] = ("cpr",)
    name: tuple[str, ...] = ("name",)
    sid: tuple[str, ...] = ("sid",)
    roles: tuple[str, ...] = ("portal_roles",)
    municipalities: tuple[str, ...] = ("portal_municipalities",)
    userinfo: bool = True
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()
    locale_parameter: str = "ui_locales"
    level_parameter: str = "acr_values"
    parameters: Mapping[str, str] = field(default_factory=dict)

    def level(self, claims: Mapping[str, Any]) -> str | None:
        """The level the claims tell: ``low``, ``substantial``, ``high``, or None when it says nothing we know."""
        value = first(claims, self.loa)
        return self.levels.get(value) if isinstance(value, str) else None

    def ask(self, level: str, locale: str) -> dict[str, str]:
        """Request parameters that ask for a level and a language."""
        return {**self.parameters, self.locale_parameter: locale, self.level_parameter: self._level_value(level)}

    def _level_value(self, level: str) -> str:
        if self.level_parameter == "idp_params":
            return dumps({"mitid": {"loa_value": level}})
        return next(value for value, meaning in self.levels.items() if meaning == level)


def first(claims: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The value of the first of `names` that is there, else None."""
    return next((claims[name] for name in names if claims.get(name) is not None), None)


CITIZEN: Mapping[str, Profile] = {
    "nets": Profile(
        scope="openid mitid ssn",
        levels=_NSIS_LEVELS,
        loa=("loa",),
        cpr=("dk.cpr",),
        name=("mitid.identity_name",),
        sid=("sid", "neb_sid"),
        required={"identity_type": frozenset({"private"}), "idp": frozenset({"mitid"})},
        locale_parameter="language",
        level_parameter="idp_params",
        parameters={"idp_values": "mitid"},
    ),
    "idura": Profile(
        scope="openid",
        levels=_IDURA_LEVELS,
        loa=("acr", "loa"),
        cpr=("cprNumberIdentifier",),
        required={"identityscheme": frozenset({"dkmitid"})},
        forbidden=frozenset({"cvrNumberIdentifier", "employee", "companySignatory"}),
        userinfo=False,
    ),
    "plain": Profile(scope="openid profile", levels=_PLAIN_LEVELS, loa=("acr", "loa")),
}
"""Profiles a citizen issuer can have, by the name used in the settings."""

STAFF: Mapping[str, Profile] = {
    "nets": Profile(
        scope="openid nemlogin",
        levels=_NSIS_LEVELS,
        loa=("loa",),
        name=("nemlogin.name", "name"),
        sid=("sid", "neb_sid"),
        required={"identity_type": frozenset({"professional"})},
        locale_parameter="language",
        level_parameter="idp_params",
        parameters={"idp_values": "mitid_erhverv"},
    ),
    "plain": Profile(scope="openid profile", levels=_PLAIN_LEVELS, loa=("loa", "acr")),
}
"""Profiles a staff issuer can have."""


def dialect_of(eid: EidSettings, profiles: Mapping[str, Profile]) -> Profile:
    """The profile named in the settings, with what they say otherwise. Raises ValueError, in words that begin with the setting's name."""
    if eid.profile not in profiles:
        raise ValueError(f"PROFILE must be {_either(profiles)}, not {eid.profile!r}")
    changes = {_SETTINGS[name][0]: _SETTINGS[name][1](text) for name, text in eid.dialect.items()}
    found = replace(profiles[eid.profile], **changes)
    if "openid" not in found.scope.split():
        raise ValueError("SCOPE must hold openid")
    needed = LEVELS[LEVELS.index(eid.min_loa) :] if eid.min_loa in LEVELS else LEVELS
    missing = [level for level in needed if level not in found.levels.values()]
    if missing:
        raise ValueError(f"LEVELS must say what the issuer calls {missing[0]}, as its-name={missing[0]}")
    return found


def _levels(text: str) -> dict[str, str]:
    pairs = {value: level for value, _equals, level in (pair.rpartition("=") for pair in _words(text))}
    if "" in pairs or not set(pairs.values()) <= set(LEVELS):
        raise ValueError(f"LEVELS must be pairs of the issuer's name and ours, as its-name=substantial; ours are {_either(LEVELS)}")
    return pairs


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"USERINFO must be yes or no, not {text!r}")
    return text == "yes"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}"


_SETTINGS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "SCOPE": ("scope", str),
    "LEVELS": ("levels", _levels),
    "USERINFO": ("userinfo", _yes),
    **{f"CLAIM_{name}": (name.lower(), _words) for name in ("CPR", "NAME", "LOA", "SID", "ROLES", "MUNICIPALITIES")},
}
