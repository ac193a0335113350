"""A server that takes its time: its answer drips, never comes, or never ends."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BETWEEN_DROPS = 0.01
AT_MOST_SECONDS = 3.0
"""Then it ends by itself, so that a caller without a deadline fails its test and does not hang."""

Say = Callable[[socket.socket, Event], None]


def _drip(to: socket.socket, stop: Event, drop: bytes) -> None:
    for _ in range(int(AT_MOST_SECONDS / BETWEEN_DROPS)):
        to.sendall(drop)
        if stop.wait(BETWEEN_DROPS):
            return


def silent(to: socket.socket, stop: Event) -> None:
    stop.wait(AT_MOST_SECONDS)


def dripping_body(to: socket.socket, stop: Event) -> None:
    to.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
    _drip(to, stop, b" ")


def dripping_chunks(to: socket.socket, stop: Event) -> None:
    to.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    _drip(to, stop, b"1\r\n \r\n")


def dripping_header(to: socket.socket, stop: Event) -> None:
    to.sendall(HEAD)
    _drip(to, stop, b"X")


def endless(to: socket.socket, stop: Event) -> None:
    to.sendall(HEAD + b"Connection: close\r\n\r\n")
    for _ in range(1000):
        to.sendall(b" " * 10_000)


def packed(to: socket.socket, stop: Event) -> None:
    """Small on the way and large when it is unpacked."""
    body = gzip.compress(b" " * 5_000_000)
    to.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def polite(to: socket.socket, stop: Event) -> None:
    to.sendall(HEAD + b'Content-Length: 12\r\n\r\n{"so": "on"}')


@contextmanager
def serving(say: Say) -> Iterator[str]:
    """A server that says that to everybody, inside the block; gives its address."""
    stop, threads = Event(), []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer(to: socket.socket) -> None:
            with to, suppress(OSError):
                to.recv(65536)
                say(to, stop)

        def accept() -> None:
            while not stop.is_set():
                with suppress(TimeoutError):
                    to, _from = listening.accept()
                    to.settimeout(2)
                    threads.append(Thread(target=answer, args=(to,), daemon=True))
                    threads[-1].start()

        listening.settimeout(0.05)
        threads.append(Thread(target=accept, daemon=True))
        threads[0].start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            stop.set()
            for thread in threads:
                thread.join(3)
