"""What the portal is told from outside: read once from environment variables named PORTAL_…

A default here must be safe in production. What production cannot do without has no default: `portal.readiness` says what is
missing in words, and the portal does not start with one open. In demo mode (PORTAL_DEMO=1) the gaps are filled by
`portal.cli.demo_settings`, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class EidSettings:
    """One OpenID Connect issuer, what we are called there, how we prove it, and how it speaks.

    `private_key` is an EC key in PEM; with it the secret is not used. `profile` names the broker's dialect and `dialect`
    holds what differs from it, by name, as it was written: `portal.identity.profiles.dialect_of` reads both.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    profile: str = "nets"
    algorithms: tuple[str, ...] = ("ES256", "RS256")
    min_loa: str = "substantial"
    dialect: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """All settings of one process. Attributes carry the meaning; docs/operations.md the variable names."""

    demo: bool = False
    demo_date: date | None = None
    database_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    index_key: str = field(default="", repr=False)
    base_url: str = ""
    citizen_eid: EidSettings = EidSettings()
    staff_eid: EidSettings = EidSettings()
    registers_url: str = ""
    registers_token: str = field(default="", repr=False)
    registers_timeout: float = 2.0
    figures_confirmed: frozenset[str] = frozenset()
    memo_version: str = "1.1"
    municipalities_file: Path | None = None
    accessibility_statement: str = ""
    clamav: str = ""
    metrics_token: str = field(default="", repr=False)
    security_contacts: tuple[str, ...] = ()
    rate_limit_storage: str = field(default="portal://", repr=False)
    trusted_proxies: int = 0
    session_idle_minutes: int = 30
    session_hard_hours: int = 8
    var: Path = Path("var")

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry Secure and the __Host- prefix everywhere but in the demo, which is plain http on loopback."""
        return not self.demo

    @property
    def signing_keys(self) -> list[str]:
        """What signs and what may still have signed, the newest last, as itsdangerous wants them."""
        return [*reversed(self.secret_key_fallbacks), self.secret_key]


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read PORTAL_… variables. Raises ValueError, in words, for a value that cannot be read."""
    get = lambda name, default="": environ.get(f"PORTAL_{name}", default).strip()  # noqa: E731 - shorter than a def at each of twenty calls
    return Settings(
        demo=get("DEMO") == "1",
        demo_date=_day("PORTAL_DEMO_DATE", get("DEMO_DATE")),
        database_url=get("DATABASE_URL"),
        secret_key=get("SECRET_KEY"),
        secret_key_fallbacks=tuple(get("SECRET_KEY_FALLBACKS").split()),
        encryption_keys=tuple(get("ENCRYPTION_KEYS").split()),
        index_key=get("INDEX_KEY"),
        base_url=get("BASE_URL").rstrip("/"),
        citizen_eid=_issuer(lambda name: get(f"EID_{name}"), ("CPR", "NAME", "LOA", "SID")),
        staff_eid=_issuer(lambda name: get(f"STAFF_{name}"), ("NAME", "LOA", "SID", "ROLES", "MUNICIPALITIES")),
        registers_url=get("REGISTERS_URL").rstrip("/"),
        registers_token=get("REGISTERS_TOKEN"),
        registers_timeout=_number("PORTAL_REGISTERS_TIMEOUT", get("REGISTERS_TIMEOUT", "2.0")),
        figures_confirmed=frozenset(get("FIGURES_CONFIRMED").split()),
        memo_version=get("MEMO_VERSION", "1.1"),
        municipalities_file=Path(get("MUNICIPALITIES_FILE")) if get("MUNICIPALITIES_FILE") else None,
        accessibility_statement=get("WAS_URL"),
        clamav=get("CLAMAV"),
        metrics_token=get("METRICS_TOKEN"),
        security_contacts=tuple(get("SECURITY_CONTACT").split()),
        rate_limit_storage=get("RATE_LIMIT_STORAGE") or "portal://",
        trusted_proxies=int(_number("PORTAL_TRUSTED_PROXIES", get("TRUSTED_PROXIES", "0"))),
        session_idle_minutes=int(_number("PORTAL_SESSION_IDLE_MINUTES", get("SESSION_IDLE_MINUTES", "30"))),
        session_hard_hours=int(_number("PORTAL_SESSION_HARD_HOURS", get("SESSION_HARD_HOURS", "8"))),
        var=Path(get("VAR", "var")),
    )


def _issuer(told: Callable[[str], str], claims: tuple[str, ...]) -> EidSettings:
    """What is told of one issuer. A key's line breaks may be written ``\\n``, as where an environment takes one line only."""
    dialect = {"SCOPE": told("SCOPE"), "LEVELS": told("LEVELS"), "USERINFO": told("USERINFO")}
    dialect |= {f"CLAIM_{name}": told(f"CLAIM_{name}") for name in claims}
    return EidSettings(
        issuer=told("ISSUER").rstrip("/"),
        client_id=told("CLIENT_ID"),
        client_secret=told("CLIENT_SECRET"),
        private_key=told("PRIVATE_KEY").replace("\\n", "\n"),
        profile=told("PROFILE") or EidSettings.profile,
        algorithms=tuple(told("SIGNING_ALGS").replace(",", " ").split()) or EidSettings.algorithms,
        min_loa=told("MIN_LOA") or EidSettings.min_loa,
        dialect={name: text for name, text in dialect.items() if text},
    )


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {text!r}") from None


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{name} must be a date written YYYY-MM-DD, not {text!r}") from None
