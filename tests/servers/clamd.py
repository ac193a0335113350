"""A stand-in for clamd that speaks INSTREAM to the letter (clamd(8)), finds the test virus, and misbehaves when told."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from portal.journey.uploads import TEST_VIRUS

Manner = Literal["right", "silent", "breaks_off", "nonsense", "chatters"]
MOST = 25 * 1024 * 1024


class Conversation(socketserver.StreamRequestHandler):
    """One command."""

    server: Any

    def handle(self) -> None:
        self.server.asked += 1
        command = self._until_nul()
        if self.server.manner == "silent":
            self.server.let_go.wait(30)
        elif self.server.manner == "chatters":
            while not self.server.let_go.wait(0.01):
                self._say(b"x")
        elif command == b"zPING":
            self._say(b"PONG\0")
        elif command == b"zINSTREAM":
            self._scan()
        else:
            self._say(b"UNKNOWN COMMAND\0")

    def _scan(self) -> None:
        if self.server.manner == "breaks_off":
            return
        content = b""
        while True:
            (size,) = struct.unpack("!I", self.rfile.read(4))
            if size == 0:
                break
            content += self.rfile.read(size)
            if len(content) > self.server.most:
                self._say(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = b"stream: Eicar-Test-Signature FOUND\0" if TEST_VIRUS in content else b"stream: OK\0"
        self._say(b"stream: MAYBE\0" if self.server.manner == "nonsense" else found)

    def _until_nul(self) -> bytes:
        command = b""
        while (sign := self.rfile.read(1)) not in (b"\0", b""):
            command += sign
        return command

    def _say(self, words: bytes) -> None:
        try:
            self.wfile.write(words)
        except OSError:
            self.server.let_go.set()


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def running(path: Path | None = None, *, manner: Manner = "right", most: int = MOST) -> Iterator[Any]:
    """A server on a socket of the file system or on a free port; `address` is what PORTAL_CLAMAV says, `asked` counts."""
    server: Any = _Unix(str(path), Conversation) if path else _Tcp(("127.0.0.1", 0), Conversation)
    server.manner, server.most, server.asked, server.let_go = manner, most, 0, threading.Event()
    server.address = f"unix:{path}" if path else f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"
