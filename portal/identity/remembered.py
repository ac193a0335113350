"""What an issuer has told of itself, remembered: renewed by one thread, while the others go on with what was known.

Nothing is fetched under a lock. Nobody waits for an issuer that has just failed, and what it told before stays good for
some hours meanwhile. See docs/decisions/018-a-silent-eid.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

import structlog

from portal.breaker import CircuitBreaker
from portal.identity.refusals import LoginRefused

T = TypeVar("T")

FRESH_SECONDS = 3600.0
OLDEST_SECONDS = 4 * 3600.0
"""So long what was told is believed while the issuer cannot be asked. A key it has withdrawn meanwhile is, too."""
LOOK_AGAIN_SECONDS = 30.0
"""Anybody may send a token that names a key nobody has: the issuer is asked for new keys no oftener than this."""
PATIENCE_SECONDS = 1.0
"""So long others wait for what one thread is fetching, counted from when it began; no longer than a healthy issuer needs."""

log = structlog.get_logger("login")


@dataclass(frozen=True)
class _Known(Generic[T]):
    """A value and when it was asked for."""

    asked: float
    value: T


@dataclass(frozen=True)
class _UnderWay:
    """A thread is asking."""

    began: float
    done: Event = field(default_factory=Event)


class Remembered(Generic[T]):
    """One thing an issuer tells. `ask` gets it or raises LoginRefused; `breaker` says whether to ask; `clock` counts seconds."""

    def __init__(self, what: str, ask: Callable[[], T], breaker: CircuitBreaker, clock: Callable[[], float]) -> None:
        self._what = what
        self._ask = ask
        self._breaker = breaker
        self._clock = clock
        self._lock = Lock()
        self._known: _Known[T] | None = None
        self._under_way: _UnderWay | None = None
        self._refused: LoginRefused | None = None
        self._looked_again: float | None = None

    def value(self) -> T:
        """What is known, renewed when it is an hour old. Raises LoginRefused when nothing is known that may still be used."""
        known = self._known
        if known is None or self._age(known) >= FRESH_SECONDS:
            self._renew(known, waits=known is None or self._age(known) >= OLDEST_SECONDS)
            known = self._known
        if known is not None and self._age(known) < OLDEST_SECONDS:
            return known.value
        why = self._refused
        if why is None:
            raise LoginRefused("provider_unreachable", "the issuer has not answered yet")
        raise LoginRefused(why.code, why.log_words)

    def looked_at_again(self) -> T:
        """The same, asked for once more if that has not been done a moment ago."""
        known = self._known
        with self._lock:
            last, now = self._looked_again, self._clock()
            may = last is None or now - last >= LOOK_AGAIN_SECONDS
            if may:
                self._looked_again = now
        if may or self._under_way is not None:
            self._renew(known, waits=True)
        return self.value()

    def ever(self) -> T | None:
        """What was told last, however long ago, without asking; None when nothing ever was."""
        return None if self._known is None else self._known.value

    def _age(self, known: _Known[T]) -> float:
        return self._clock() - known.asked

    def _renew(self, seen: _Known[T] | None, *, waits: bool) -> None:
        """Ask, unless somebody has since `seen`, or is asking now, or the issuer is left alone."""
        with self._lock:
            if self._known is not seen:
                return
            other = self._under_way
            if other is None:
                if not self._breaker.allows():
                    return
                mine = self._under_way = _UnderWay(self._clock())
        if other is None:
            self._ask_now(mine)
        elif waits and self._refused is None:
            other.done.wait(max(0.0, other.began + PATIENCE_SECONDS - self._clock()))

    def _ask_now(self, mine: _UnderWay) -> None:
        try:
            value = self._ask()
        except LoginRefused as refused:
            self._breaker.failed()
            self._refused = refused
            log.warning("issuer_not_renewed", what=self._what, code=refused.code, words=refused.log_words, known=self._known is not None)
        else:
            self._breaker.succeeded()
            self._known, self._refused = _Known(mine.began, value), None
        finally:
            with self._lock:
                self._under_way = None
            mine.done.set()
