"""The way out to an issuer. An answer ends at its deadline however slowly it drips, and is never longer than it may be.

The time limits of requests are for each piece that is read: whoever sends one byte now and then, in the header or in the
body, holds a thread for ever. Here each read waits no longer than what is left of the whole answer's time.
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from io import BufferedReader, BytesIO, RawIOBase
from time import monotonic
from typing import Any

from requests import PreparedRequest, RequestException, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager, ProxyManager

from portal.breaker import CircuitBreaker

TIMEOUT = (3.0, 5.0)
"""Seconds to connect, and to wait for each piece of an answer."""
DEADLINE_SECONDS = 8.0
"""For a whole answer, from the question on."""
LARGEST_ANSWER = 1_000_000
LARGEST_HEADER = 64 * 1024
FAILURES = 3
LEFT_ALONE_SECONDS = 15.0
"""How long an issuer that does not answer is not asked, but for one try after each such pause."""


class BadAnswer(RequestException):
    """No answer, or one that cannot be read to its end."""


class BoundedAdapter(HTTPAdapter):
    """An adapter of requests whose answers are read whole, within `seconds` and up to `largest` bytes."""

    def __init__(self, *, seconds: float = DEADLINE_SECONDS, largest: int = LARGEST_ANSWER) -> None:
        self._seconds = seconds
        self._largest = largest
        super().__init__(pool_maxsize=8)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        _bound(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> ProxyManager:
        manager = super().proxy_manager_for(proxy, **options)
        _bound(manager)
        return manager

    def send(self, request: PreparedRequest, stream: bool = False, *args: Any, **options: Any) -> Response:
        """Send and read. Raises RequestException for an answer that is too slow or too long."""
        before = _limits.set((monotonic() + self._seconds, self._largest + LARGEST_HEADER))
        try:
            answer = super().send(request, True, *args, **options)
            try:
                body = self._whole(answer)
            finally:
                answer.close()
        except HTTPError:
            raise BadAnswer("the answer ended before its end") from None
        finally:
            _limits.reset(before)
        answer.raw = BytesIO(body)
        return answer

    def _whole(self, answer: Response) -> bytes:
        body = bytearray()
        for piece in answer.raw.stream(64 * 1024, decode_content=True):
            body += piece
            if len(body) > self._largest:
                raise BadAnswer("the answer is too long")
        return bytes(body)


class PausingAdapter(BaseAdapter):
    """Lets nobody wait for an issuer that was silent several times in a row.

    Only silence counts: an answer with an error, which anybody may bring about by a made-up code, stops no login of others.
    """

    def __init__(self, way_out: BaseAdapter, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._way_out = way_out
        self._breaker = CircuitBreaker(FAILURES, LEFT_ALONE_SECONDS, clock)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send by the adapter beneath. Raises RequestException at once while the issuer is left alone."""
        if not self._breaker.allows():
            raise BadAnswer("the issuer is left alone for a while")
        try:
            answer = self._way_out.send(request, *args, **options)
        except RequestException:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return answer

    def close(self) -> None:
        self._way_out.close()


_limits: ContextVar[tuple[float, int]] = ContextVar("limits")
"""When the answer that is being waited for must have ended, and how many bytes it may bring."""


class _Reader(RawIOBase):
    """What a socket brings, until the deadline and up to so many bytes."""

    def __init__(self, sock: socket.socket, file: RawIOBase) -> None:
        self._sock = sock
        self._file = file
        self._each = sock.gettimeout()
        self._ends, self._left = _limits.get()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        seconds = self._ends - monotonic()
        if seconds <= 0:
            raise TimeoutError("the answer takes too long")
        self._sock.settimeout(seconds if self._each is None else min(seconds, self._each))
        count = self._file.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise OSError("the answer is too long")
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = BufferedReader(_Reader(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Answer


class _TlsConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS: Mapping[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TlsPool}


def _bound(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = dict(_POOLS)
