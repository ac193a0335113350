"""One question to the integration layer over HTTP: bounded in time and size, and silent about its content.

Errors are raised outside the except blocks that caught their cause, so that no exception of a library, which may quote
what was sent or received, hangs on them as context.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

import httpx
import msgspec
import stamina

from portal.breaker import CircuitBreaker
from portal.registers.errors import RegisterError, RegisterName, RegisterNonsense, RegisterUnavailable

LARGEST_ANSWER = 1_000_000
TRIES = 2

T = TypeVar("T")


class _Dropped(Exception):
    """The network failed before there was an answer; worth one more try."""


class Connection:
    """Asks one register. A look-up changes nothing, so a dropped connection is tried once more; a time-out is not."""

    def __init__(
        self,
        register: RegisterName,
        client: httpx.Client,
        breaker: CircuitBreaker,
        timeout: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._register = register
        self._client = client
        self._breaker = breaker
        self._timeout = timeout
        self._clock = clock

    def ask(self, path: str, question: msgspec.Struct, answer: type[T]) -> T:
        """Send `question` as JSON and read an `answer`. Raises RegisterUnavailable or RegisterNonsense."""
        if not self._breaker.allows():
            raise RegisterUnavailable(self._register, "circuit_open")
        body = self._guarded(path, msgspec.json.encode(question))
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError):
            pass
        raise RegisterNonsense(self._register, "unreadable")

    def nonsense_unless(self, ours: bool) -> None:
        """Refuse an answer that is about somebody else than was asked for."""
        if not ours:
            raise RegisterNonsense(self._register, "other_person")

    def _guarded(self, path: str, content: bytes) -> bytes:
        try:
            body = self._with_retry(path, content)
        except RegisterUnavailable:
            self._breaker.failed()
            raise
        except RegisterError:
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        return body

    def _with_retry(self, path: str, content: bytes) -> bytes:
        try:
            for attempt in stamina.retry_context(_Dropped, attempts=TRIES, wait_initial=0.05, wait_max=0.1, wait_jitter=0.05):
                with attempt:
                    return self._once(path, content)
        except _Dropped:
            pass
        raise RegisterUnavailable(self._register, "network")

    def _once(self, path: str, content: bytes) -> bytes:
        try:
            return self._exchange(path, content)
        except httpx.TimeoutException:
            failure: Exception = RegisterUnavailable(self._register, "timeout")
        except httpx.TransportError:
            failure = _Dropped()
        except httpx.HTTPError:
            failure = RegisterNonsense(self._register, "unreadable")
        raise failure

    def _exchange(self, path: str, content: bytes) -> bytes:
        deadline = self._clock() + self._timeout
        with self._client.stream("POST", path, content=content) as response:
            self._check(response.status_code)
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise RegisterNonsense(self._register, "too_long")
                if self._clock() > deadline:
                    raise RegisterUnavailable(self._register, "timeout")
        return bytes(body)

    def _check(self, status: int) -> None:
        if status == 200:
            return
        if 300 <= status < 400:
            raise RegisterNonsense(self._register, "redirect")
        raise RegisterUnavailable(self._register, "refused" if status in (401, 403) else "status")
