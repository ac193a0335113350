"""Is the portal told enough to start, and safely? In plain words, for `check` and for the start itself."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from portal.clock import SystemClock
from portal.contacts import contact, known
from portal.identity.issuers import issuer_problems
from portal.journey.clamav import ClamAV
from portal.registers.registers import make_registers
from portal.settings import Settings, load_settings
from portal.storage import proofs
from portal.storage.crypto import KeyProblem, Keyring, keyring
from portal.storage.database import Database
from portal.wiring import current_figures, load_contacts, make_scanner

LEAST_SECRET = 32
LEAST_DIFFERENT = 8
MOST_PROXIES = 5
LIMIT_STORES = frozenset({"portal", "redis", "rediss", "memory"})


class NotReady(SystemExit):
    """The portal does not start: one line for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The portal does not start:\n" + "\n".join(f"- {line}" for line in problems))
        self.problems = problems


def ready_settings(environ: Mapping[str, str]) -> Settings:
    """The settings, when they suffice. Raises NotReady."""
    try:
        settings = load_settings(environ)
    except ValueError as error:
        raise NotReady([str(error)]) from None
    problems = what_stops(settings)
    if problems:
        raise NotReady(problems)
    return settings


def ready_database(database: Database) -> Database:
    """The database, when it is migrated and its values are sealed with the keys at hand. Raises NotReady and closes it."""
    found = database_problems(database)
    if found:
        database.close()
        raise NotReady(found)
    proofs.remember(database, keyring(), SystemClock().now())
    return database


def database_problems(database: Database) -> list[str]:
    """What of the database stops the portal; one that does not answer does."""
    try:
        found = proofs.problems(database, keyring())
    except SQLAlchemyError as error:
        found = [f"The database does not answer ({type(error).__name__})"]
    return [f"{line}." for line in found]


def what_stops(settings: Settings) -> list[str]:
    """What is missing or unsafe; empty when the portal may start."""
    found = _storage_problems(settings)
    if not _is_base(settings.base_url, demo=settings.demo):
        wanted = "http://127.0.0.1 and a port in the demo" if settings.demo else "the address people use, beginning with https://"
        found.append(f"PORTAL_BASE_URL must be {wanted}.")
    found += issuer_problems(settings)
    try:
        make_registers(settings)
    except ValueError as error:
        found.append(f"{error}.")
    if any(not contact.startswith(("mailto:", "https://", "tel:")) for contact in settings.security_contacts):
        found.append("PORTAL_SECURITY_CONTACT must be addresses that begin with mailto:, https:// or tel:.")
    found += _limit_problems(settings)
    try:
        make_scanner(settings)
    except ValueError as error:
        found.append(f"{error}.")
    if settings.memo_version not in ("1.1", "1.2"):
        found.append("PORTAL_MEMO_VERSION must be 1.1 or 1.2.")
    if not settings.demo and settings.municipalities_file is None:
        found.append("PORTAL_MUNICIPALITIES_FILE is missing: who signs the letters and whom people can call.")
    if not settings.demo and not found:
        found += _contact_problems(settings)
    return found


def _limit_problems(settings: Settings) -> list[str]:
    found = []
    if not 0 <= settings.trusted_proxies <= MOST_PROXIES:
        found.append(f"PORTAL_TRUSTED_PROXIES must be how many proxies of yours a request passes, 0 to {MOST_PROXIES}.")
    if settings.rate_limit_storage.partition(":")[0] not in LIMIT_STORES:
        found.append("PORTAL_RATE_LIMIT_STORAGE must be portal:// (our own database), redis://…, rediss://… or memory://.")
    elif settings.rate_limit_storage.startswith("redis") and find_spec("redis") is None:
        found.append("PORTAL_RATE_LIMIT_STORAGE needs the Python package redis, which is not installed.")
    return found


def _is_base(url: str, *, demo: bool) -> bool:
    try:
        parts = urlsplit(url)
        told = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if not told or not parts.hostname or parts.username is not None:
        return False
    return (parts.scheme, parts.hostname) == ("http", "127.0.0.1") if demo else parts.scheme == "https"


def _storage_problems(settings: Settings) -> list[str]:
    found = []
    if not settings.database_url:
        found.append("PORTAL_DATABASE_URL is missing: where the database is, for example postgresql+psycopg://…")
    elif not _is_private(settings.database_url):
        found.append("PORTAL_DATABASE_URL leads to another machine and must end in ?sslmode=verify-full (or verify-ca, or require).")
    if len(settings.secret_key) < LEAST_SECRET:
        found.append(f"PORTAL_SECRET_KEY is missing or shorter than {LEAST_SECRET} characters.")
    elif len(set(settings.secret_key)) < LEAST_DIFFERENT:
        found.append("PORTAL_SECRET_KEY is the same few characters again and again. Make a random one.")
    if any(len(key) < LEAST_SECRET for key in settings.secret_key_fallbacks):
        found.append(f"Each of PORTAL_SECRET_KEY_FALLBACKS must be an earlier PORTAL_SECRET_KEY of at least {LEAST_SECRET} characters.")
    try:
        Keyring(settings.encryption_keys, settings.index_key)
    except KeyProblem as problem:
        found.append(f"Keys: {problem}.")
    return found


def _is_private(url: str) -> bool:
    """Whether nobody on the way can read what the database is told: a file, a socket, this machine, or TLS."""
    try:
        parts = make_url(url)
    except ArgumentError:
        return True  # what is no address says so itself when it is opened
    asked = parts.query.get("host", ())
    hosts = [host for host in (parts.host, *((asked,) if isinstance(asked, str) else asked)) if host]
    here = all(host.startswith("/") or host in ("localhost", "127.0.0.1", "::1") for host in hosts)
    return here or parts.query.get("sslmode") in ("require", "verify-ca", "verify-full")


def what_to_mend(settings: Settings) -> list[str]:
    """What does not stop the portal but should be known: unconfirmed figures, no statement, no scanner."""
    found = [
        f"Figures nobody has confirmed: {row.key} (read at {row.source}). Nothing is decided on them"
        + (" outside this demo." if settings.demo else f". Confirm with PORTAL_FIGURES_CONFIRMED={row.key}")
        for row in current_figures(settings).unconfirmed()
    ]
    for code in known():
        assumed = ", ".join(sorted(current_figures(settings).settings[code].assumed))
        if assumed:
            found.append(f"{contact(code).name}: assumed and not confirmed by the municipality: {assumed}.")
    if not settings.accessibility_statement:
        found.append("PORTAL_WAS_URL is missing: the accessibility statement that /was must lead to.")
    if not settings.security_contacts:
        found.append("PORTAL_SECURITY_CONTACT is missing: whoever finds a hole has nobody to tell.")
    if settings.rate_limit_storage.startswith("memory:") and not settings.demo:
        found.append("Rate limits are counted by each process for itself (memory://): so many processes, so many times the limits.")
    if settings.trusted_proxies == 0 and not settings.demo:
        found.append(
            "PORTAL_TRUSTED_PROXIES is 0: behind a proxy all visitors count as one address, and when that one has tried too often nobody "
            "can log in. Set it to how many proxies of yours a request passes."
        )
    if not settings.clamav:
        found.append("PORTAL_CLAMAV is missing: uploaded files are not scanned for viruses, and each says so to the one who opens it.")
    elif not ClamAV(settings.clamav).answers():
        found.append("ClamAV does not answer. Files are taken, and nobody can open them before it has scanned them.")
    found.append("Letters go to the embedded mailbox only: no channel to Digital Post is built in yet.")
    if settings.database_url.startswith("sqlite") and not settings.demo:
        found.append("The database is SQLite: one machine only. Use PostgreSQL for more.")
    return found


def _contact_problems(settings: Settings) -> list[str]:
    try:
        load_contacts(settings)
    except (OSError, KeyError, ValueError):
        return ["PORTAL_MUNICIPALITIES_FILE cannot be read. docs/operations.md shows its form."]
    return [
        f"{contact(code).name}: phone, written contact and CVR number must all be given." for code in known() if not contact(code).complete
    ]
