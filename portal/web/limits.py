"""How often somebody may do what can be misused: the one table that says it, for each person and for each address.

Requests are counted before anything reads their body. The figures are far above what anybody does by hand: an address can be
a family's, a library's or a telephone company's. See docs/decisions/015-rate-limits.md.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import structlog
from flask import Flask, current_app, request, session
from flask_limiter import Limit, Limiter
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from portal.storage import counting
from portal.storage.crypto import keyring
from portal.web.origin import from_elsewhere
from portal.web.parts import Parts, parts
from portal.web.sessions import owner_of

log = structlog.get_logger("limits")


def every_request() -> bool:
    """Each one counts."""
    return True


def posts() -> bool:
    """Forms that are sent, not pages that are looked at."""
    return request.method == "POST"


def files() -> bool:
    """Forms that may carry files."""
    return posts() and request.mimetype == "multipart/form-data"


@dataclass(frozen=True)
class Allowed:
    """How many requests of an endpoint in which time, by one person who is logged in and from one address, and which of them count."""

    person: str
    address: str
    counts: Callable[[], bool] = every_request


LOGIN = Allowed("20 per minute; 100 per hour", "300 per minute; 6000 per hour")

# A new page that logs in, searches, takes files or takes another person's number gets its row here.
LIMITED: Mapping[str, Allowed] = {
    "session.login": LOGIN,
    "session.callback": LOGIN,
    "session.staff_login": LOGIN,
    "session.staff_callback": LOGIN,
    "requests.answer": Allowed("20 per minute; 100 per hour", "300 per minute; 3000 per hour", posts),
    "requests.withdraw": Allowed("20 per minute; 100 per hour", "300 per minute; 3000 per hour", posts),
    "apply.save": Allowed("20 per minute; 100 per hour", "120 per minute; 1200 per hour", files),
    # Whoever holds no key of the eID's gets nothing here but work for us; the eID itself may have many people to log out.
    "backchannel.logout": Allowed("300 per minute; 6000 per hour", "300 per minute; 6000 per hour"),
    "audit.search": Allowed("30 per minute; 300 per hour", "300 per minute; 3000 per hour", posts),
    "audit.export": Allowed("10 per minute; 60 per hour", "300 per minute; 3000 per hour", posts),
    "office.reveal": Allowed("20 per minute; 100 per hour", "300 per minute; 3000 per hour", posts),
    "quote.page": Allowed("60 per minute; 600 per hour", "300 per minute; 3000 per hour", posts),
}
# Logins that succeed, by whom they are of, from wherever they come.
LOGINS_OF_ONE = "30 per hour"
# Different CPR numbers of others that one person may write in a day. Nobody has so many partners; somebody who guesses does.
OTHERS_A_DAY = 5
DAY = "1 per day"
# Denials of one person that are each written down; far more than anybody meets by hand.
DENIALS_OF_ONE = 60
# What one visitor is given of IPv6 is at least so much: every address in it can be theirs (RFC 6177).
ONES_OWN_BITS = 64


class TooOften(TooManyRequests):
    """A limit of ours is reached. `again_in` is the seconds until the next try is taken."""

    def __init__(self, again_in: float, words: str = "often") -> None:
        super().__init__()
        self.again_in = max(1, math.ceil(again_in))
        self.words = words


def install(app: Flask, made_of: Parts) -> None:
    """Count from now on. When the store does not answer, each process counts in its own memory meanwhile."""
    uri = made_of.settings.rate_limit_storage
    limiter = Limiter(
        key_func=_address,
        default_limits=[
            Limit(_of_person, key_function=_person, scope="person"),
            Limit(_of_address, key_function=_address, scope="address"),
        ],  # type: ignore[list-item]
        storage_uri=uri,
        storage_options={"database": made_of.database} if uri.startswith(f"{counting.SCHEME}:") else {},  # type: ignore[dict-item]
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
        headers_enabled=False,
    )
    limiter.init_app(app)
    app.extensions["portal-limiter"] = limiter


def seconds_to_wait(error: TooManyRequests) -> int:
    """How long somebody whom a limit has stopped must wait."""
    if isinstance(error, TooOften):
        return error.again_in
    reached = _limiter().current_limit
    return min(max(1, math.ceil(reached.reset_at - time.time())), reached.limit.get_expiry()) if reached else 60


def count_login(person: str) -> None:
    """Somebody has proved who they are. Raises TooOften when that one has logged in too often."""
    item = parse(LOGINS_OF_ONE)
    if not _hit(item, "login", _sealed("person", person)):
        raise TooOften(_again_in(item, "login", _sealed("person", person)))


def count_others(person: str, form: Iterable[Any]) -> None:
    """Count the CPR numbers of others that a form brings. Raises TooOften when one person has written too many different ones in a day.

    Whether a number is anybody's has no part in it.
    """
    written = {field.data for field in form if field.kind == "cpr" and field.data}
    mine, once, most = _sealed("person", person), parse(DAY), parse(f"{OTHERS_A_DAY} per day")
    for number in sorted(written):
        # The same number again is no new one.
        if _hit(once, "other", mine, _sealed("number", number)) and not _hit(most, "others", mine):
            _forget(once, "other", mine, _sealed("number", number))
            raise TooOften(_again_in(most, "others", mine), "others")


def count_denial(person: str) -> int:
    """Somebody has tried what they may not. How many tries the row in the log stands for: this one; 0 for no row.

    Past the limit one row stands for them all, until the hour is over.
    """
    item, mine = parse(f"{DENIALS_OF_ONE} per hour"), _sealed("person", person)
    if _hit(item, "denied", mine):
        return 1
    window = str(round(time.time() + _again_in(item, "denied", mine)))
    return DENIALS_OF_ONE if _hit(parse("1 per hour"), "many denied", mine, window) else 0


def _of_person() -> str:
    allowed = _row()
    return allowed.person if allowed and _who() else ""


def _of_address() -> str:
    allowed = _row()
    return allowed.address if allowed else ""


def _row() -> Allowed | None:
    allowed = LIMITED.get(request.endpoint or "")
    # Another site's post is refused in any case, and must not use up what somebody's family has left.
    return allowed if allowed and allowed.counts() and not (posts() and from_elsewhere(request, parts().settings.base_url)) else None


def _who() -> str:
    return owner_of(session) or ""


def _person() -> str:
    return _sealed("person", _who())


def _address() -> str:
    return _sealed("address", network_of(request.remote_addr or ""))


def network_of(told: str) -> str:
    """What stands for one visitor of this address: itself, and with IPv6 the network that is given to one."""
    try:
        address: IPv4Address | IPv6Address = ip_address(told)
    except ValueError:
        return told
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), ONES_OWN_BITS), strict=False))


def _sealed(kind: str, value: str) -> str:
    # A store may be shared, and its log is another's: it is told neither addresses nor persons.
    return keyring().index(f"tries:{kind}", value).hex()


def _limiter() -> Limiter:
    return current_app.extensions["portal-limiter"]


# Beside the library's own, for the counts that are not of a request.
_meanwhile = FixedWindowRateLimiter(MemoryStorage())


def _hit(item: RateLimitItem, *key: str) -> bool:
    try:
        return _limiter().limiter.hit(item, *key)
    except Exception as error:  # noqa: BLE001 - each store has errors of its own, and none of them may stop a citizen
        log.warning("limits_counted_in_memory", error=type(error).__name__)
        return _meanwhile.hit(item, *key)


def _again_in(item: RateLimitItem, *key: str) -> float:
    try:
        return _limiter().limiter.get_window_stats(item, *key).reset_time - time.time()
    except Exception:  # noqa: BLE001 - the same
        return _meanwhile.get_window_stats(item, *key).reset_time - time.time()


def _forget(item: RateLimitItem, *key: str) -> None:
    try:
        _limiter().limiter.clear(item, *key)
    except Exception:  # noqa: BLE001 - the same
        _meanwhile.clear(item, *key)
