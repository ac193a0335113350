"""A circuit breaker: a service that is down is left alone for a while, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic


class CircuitBreaker:
    """Opens after `failures` in a row; then lets one try through every `seconds` until one succeeds. Thread-safe."""

    def __init__(self, failures: int = 5, seconds: float = 30.0, clock: Callable[[], float] = monotonic) -> None:
        self._limit = failures
        self._pause = seconds
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._next_try = 0.0

    def allows(self) -> bool:
        """Whether to call now. In an open circuit a True is the one try of this pause."""
        with self._lock:
            if self._failures < self._limit:
                return True
            if self._clock() < self._next_try:
                return False
            self._next_try = self._clock() + self._pause
            return True

    def succeeded(self) -> None:
        """The service answered: the circuit is closed."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The service did not answer."""
        with self._lock:
            self._failures += 1
            self._next_try = self._clock() + self._pause
