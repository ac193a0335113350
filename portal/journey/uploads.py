"""Files people send: judged by what is inside, never by their name."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal, Protocol

from portal.journey import pdf

KINDS = {b"%PDF-": ("application/pdf", ".pdf"), b"\xff\xd8\xff": ("image/jpeg", ".jpg"), b"\x89PNG\r\n\x1a\n": ("image/png", ".png")}
ScanResult = Literal["clean", "not_scanned", "infected"]
# "waiting": the scanner could not be asked. Nobody can open the file before it has been.
ScanState = Literal["clean", "not_scanned", "infected", "waiting"]
OPENS: tuple[ScanState, ...] = ("clean", "not_scanned")
# Built from parts, so that no scanner takes this file for an infected one.
TEST_VIRUS = b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(Protocol):
    """Looks for harmful content. Raises OSError when it cannot be asked."""

    def scan(self, content: bytes) -> ScanResult:
        """What it found."""


class NoScanner:
    """The embedded one: it knows the test virus and says plainly that nothing else was scanned."""

    def scan(self, content: bytes) -> ScanResult:
        return "infected" if TEST_VIRUS in content else "not_scanned"


class AskedOnce:
    """A scanner that is not asked again when it has been silent: five files must not wait five times for it."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._silent = False

    def scan(self, content: bytes) -> ScanResult:
        if self._silent:
            raise OSError
        try:
            return self._scanner.scan(content)
        except OSError:
            self._silent = True
            raise


class FileProblem(ValueError):
    """Why a file is not taken; `code` is a key of the table of messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Upload:
    """A file that was taken."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)
    scan: ScanState

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def accept(name: str, content: bytes, scanner: Scanner, max_mb: int) -> Upload:
    """Take a file or say why not. A scanner that is silent keeps nobody from applying: the file waits to be scanned."""
    if not content:
        raise FileProblem("file_empty")
    if len(content) > max_mb * 1024 * 1024:
        raise FileProblem("file_big")
    known = next((kind for magic, kind in KINDS.items() if content.startswith(magic)), None)
    if known is None:
        raise FileProblem("file_unsafe" if _scanned(scanner, content) == "infected" else "file_type")
    result = _scanned(scanner, content)
    if result == "infected":
        raise FileProblem("file_unsafe")
    if known[0] == "application/pdf":
        _judge_pdf(content)
    return Upload(_clean(name, known[1]), known[0], content, result)


def _scanned(scanner: Scanner, content: bytes) -> ScanState:
    try:
        return scanner.scan(content)
    except OSError:
        return "waiting"


def _judge_pdf(content: bytes) -> None:
    try:
        harmful = pdf.does_more_than_show(content)
    except pdf.TooMuchPacked:
        raise FileProblem("file_packed") from None
    if harmful or pdf.is_something_else_too(content):
        raise FileProblem("file_unsafe")
    if not pdf.is_whole(content):
        raise FileProblem("file_broken")


def _clean(name: str, extension: str) -> str:
    stem = re.sub(r"[^\w .-]", "", name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]).strip(" .")
    return (stem[:80] or "file") + extension
