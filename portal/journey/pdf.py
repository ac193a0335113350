"""What a PDF must not hold, looked for in its bytes (ISO 32000-1).

No reader of PDF is used, as each is a way in of its own. So this finds what stands open, with its names written in any
way (``/J#61vaScript``), and what is packed in object streams with Flate, as most programs write them. It does not see
into what is encrypted or packed in another way: it makes harm harder and is no virus scanner.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import chain

# White space and comments may stand between a name and its value (7.2.3).
COMMENT = rb"%[^\r\n]*+(?:[\r\n]|\Z)"
GAP = rb"(?:[\x00\s]++|" + COMMENT + rb")*+"
POINTER = rb"[0-9]{1,10}[\x00\s]{1,10}[0-9]{1,5}[\x00\s]{1,10}R"
# Actions that run or reach out (12.6.4), files within the file (7.11.4), forms that are programs (12.7.8), and media
# (13). The names of two letters turn up by chance in a photograph, so these count with a value after them only.
AFTER_JS, AFTER_AA = rb"(?:[(<]|" + POINTER + rb")", rb"(?:<<|" + POINTER + rb")"
ACTIVE = re.compile(
    rb"/(?:(?:JavaScript|Launch|GoToR|GoToE|Rendition|RichMedia[A-Za-z]{0,20}|XFA|EmbeddedFiles?)(?![^\x00\s()<>\[\]{}/%])"
    rb"|JS[\x00\s]*+" + AFTER_JS + rb"|AA[\x00\s]*+" + AFTER_AA + rb")"
)
# Across comments: each match takes the whole gap, with or without a value after it, so that nothing is read twice. A name
# within the gap has the same value after the same gap, or has its value at once and is found above.
ACROSS = (
    re.compile(rb"/JS[\x00\s]*+" + COMMENT + GAP + rb"(" + AFTER_JS + rb")?"),
    re.compile(rb"/AA[\x00\s]*+" + COMMENT + GAP + rb"(" + AFTER_AA + rb")?"),
)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
PAGE_OF_A_BROWSER = re.compile(rb"<(?:!doctype html|html|script|iframe)[\s/>]", re.IGNORECASE)
# An archive is read from its end: its last entry, and after it a comment of at most 64 KB.
ARCHIVE_END, ARCHIVE_TAIL = b"PK\x05\x06", 66_000
# A name's letters, each as itself or as its number.
PACKED = re.compile(b"/" + b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in b"ObjStm"))
STREAM = re.compile(rb"stream\r?\n")
# How far from its name an object stream's content begins.
NEAR = 2_000
# How many object streams are opened, and how much is read and made in all of it. No file that we take has more when its
# streams lie one after the other; streams within streams are read again for each.
MOST_STREAMS, MOST_READ, MOST_MADE = 500, 20_000_000, 20_000_000
CHUNK = 16_384


class TooMuchPacked(ValueError):
    """More is packed in the file than is opened: it cannot be said what is in it."""


class Budget:
    """What may still be read, made and opened for one file. Raises TooMuchPacked when it is used up."""

    def __init__(self) -> None:
        self.streams, self.read, self.made = MOST_STREAMS, MOST_READ, MOST_MADE

    def take(self, *, streams: int = 0, read: int = 0, made: int = 0) -> None:
        """Count what is about to be opened or read, or has been made."""
        self.streams, self.read, self.made = self.streams - streams, self.read - read, self.made - made
        if min(self.streams, self.read, self.made) < 0:
            raise TooMuchPacked


def does_more_than_show(content: bytes) -> bool:
    """Whether the PDF would run something, open something else, or carries files within it. Raises TooMuchPacked."""
    return any(_is_active(_plain(part)) for part in chain([content], _unpacked(content)))


def is_something_else_too(content: bytes) -> bool:
    """Whether the file is a page for a browser or an archive as well, depending on who opens it."""
    return ARCHIVE_END in content[-ARCHIVE_TAIL:] or PAGE_OF_A_BROWSER.search(content) is not None


def is_whole(content: bytes) -> bool:
    """Whether the file has an end: a download that was cut off has none."""
    return b"%%EOF" in content


def _is_active(content: bytes) -> bool:
    return ACTIVE.search(content) is not None or any(found[1] for across in ACROSS for found in across.finditer(content))


def _plain(content: bytes) -> bytes:
    """The content with names written out (7.3.5)."""
    return ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What object streams hold, as far as it can be opened (7.5.7). Raises TooMuchPacked."""
    budget, behind, view = Budget(), 0, memoryview(content)
    for name in PACKED.finditer(content):
        if name.start() < behind:
            continue
        begins = STREAM.search(content, name.end(), name.end() + NEAR)
        # Without one, no other name this near has one either.
        behind = begins.end() if begins else name.end() + NEAR - len(b"stream\r\n")
        if begins:
            # The next name may stand within what is read here: a reader that goes by lengths finds it there.
            budget.take(streams=1)
            yield _inflated(view[behind:], budget)


def _inflated(packed: memoryview, budget: Budget) -> bytes:
    """What is packed, to its end; what can be read, when it breaks off. Raises TooMuchPacked."""
    opener, made = zlib.decompressobj(), []
    # In small pieces: the opener copies what it is given and does not need.
    for begin in range(0, len(packed), CHUNK):
        chunk = packed[begin : begin + CHUNK]
        budget.take(read=len(chunk))
        try:
            piece = opener.decompress(chunk, budget.made + 1)
        except zlib.error:
            break
        budget.take(made=len(piece))
        made.append(piece)
        if opener.eof:
            break
    return b"".join(made)
