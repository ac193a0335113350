"""ClamAV, asked over clamd's socket with INSTREAM (clamd(8)): the content goes over in pieces, one line comes back.

What clamd does not say clearly counts as no answer: a file is clean only when it says so.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator

from portal.journey.uploads import ScanResult

PIECE = 64 * 1024
SECONDS = 10.0
MOST_REPLY = 4096


class ScannerSilent(OSError):
    """clamd could not be asked, or did not answer clearly. Says nothing of the file."""


class ClamAV:
    """A `Scanner`. `address` is ``unix:/path`` or ``host:port``. Raises ValueError for one that is neither."""

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        kind, _colon, rest = address.partition(":")
        self._place: str | tuple[str, int]
        if kind == "unix" and rest.startswith("/"):
            self._family, self._place = socket.AF_UNIX, rest
        elif kind and rest.isascii() and rest.isdigit() and 0 < int(rest) < 65536:
            self._family, self._place = socket.AF_INET, (kind, int(rest))
        else:
            raise ValueError("PORTAL_CLAMAV must be unix:/path/to/clamd.ctl or host:port")

    def scan(self, content: bytes) -> ScanResult:
        """What clamd finds. Raises ScannerSilent."""
        reply = self._ask(b"zINSTREAM\0", _pieces(content))
        if reply == b"stream: OK":
            return "clean"
        if reply.startswith(b"stream: ") and reply.endswith(b" FOUND"):
            return "infected"
        # Among others "INSTREAM size limit exceeded. ERROR": the file was not looked at.
        raise ScannerSilent("clamd did not say what it found")

    def answers(self) -> bool:
        """Whether clamd is there."""
        try:
            return self._ask(b"zPING\0", ()) == b"PONG"
        except ScannerSilent:
            return False

    def _ask(self, command: bytes, pieces: Iterator[bytes] | tuple[()]) -> bytes:
        until = time.monotonic() + self._seconds
        try:
            with socket.socket(self._family) as line:
                _patience(line, until)
                line.connect(self._place)
                line.sendall(command)
                for piece in pieces:
                    _patience(line, until)
                    line.sendall(piece)
                return _reply(line, until)
        except OSError as problem:
            raise ScannerSilent(f"clamd cannot be asked ({type(problem).__name__})") from None


def _pieces(content: bytes) -> Iterator[bytes]:
    for begin in range(0, len(content), PIECE):
        piece = content[begin : begin + PIECE]
        yield struct.pack("!I", len(piece)) + piece
    yield struct.pack("!I", 0)


def _reply(line: socket.socket, until: float) -> bytes:
    reply = b""
    while not reply.endswith(b"\0"):
        _patience(line, until)
        got = line.recv(MOST_REPLY)
        reply += got
        if not got or len(reply) > MOST_REPLY:
            raise ScannerSilent("clamd broke off")
    return reply[:-1]


def _patience(line: socket.socket, until: float) -> None:
    # One limit for all of it: a limit for each step would let a slow answer take for ever.
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
