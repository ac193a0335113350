"""What a PDF must not hold, looked for in its bytes (ISO 32000-1).

No reader of PDF is used, as each is a way in of its own. So this finds what stands open, with its names written in any
way (``/J#61vaScript``), and what is packed in object streams with Flate, as most programs write them. It does not see
into what is encrypted or packed in another way: it makes harm harder and is no virus scanner.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

# White space and comments may stand between a name and its value (7.2.3). Bounded, so that no file makes it slow.
GAP = rb"(?:[\x00\s]++|%[^\r\n]{0,100}+[\r\n]){0,40}+"
POINTER = rb"[0-9]{1,10}[\x00\s]{1,10}[0-9]{1,5}[\x00\s]{1,10}R"
# Actions that run or reach out (12.6.4), files within the file (7.11.4), forms that are programs (12.7.8), and media
# (13). The names of two letters turn up by chance in a photograph, so these count with a value after them only.
ACTIVE = re.compile(
    rb"/(?:(?:JavaScript|Launch|GoToR|GoToE|Rendition|RichMedia[A-Za-z]{0,20}|XFA|EmbeddedFiles?)(?![^\x00\s()<>\[\]{}/%])"
    rb"|JS" + GAP + rb"(?:[(<]|" + POINTER + rb")"
    rb"|AA" + GAP + rb"(?:<<|" + POINTER + rb"))"
)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
PAGE_OF_A_BROWSER = re.compile(rb"<(?:!doctype html|html|script|iframe)[\s/>]", re.IGNORECASE)
# An archive is read from its end: its last entry, and after it a comment of at most 64 KB.
ARCHIVE_END, ARCHIVE_TAIL = b"PK\x05\x06", 66_000
# A name's letters, each as itself or as its number.
PACKED = re.compile(b"/" + b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in b"ObjStm"))
STREAM = re.compile(rb"stream\r?\n")
# How far from its name an object stream's content begins, how much of one is opened, and how much of all together.
NEAR, MOST_OF_ONE, MOST_OF_ALL = 2_000, 2_000_000, 20_000_000
CHUNK = 16_384


def does_more_than_show(content: bytes) -> bool:
    """Whether the PDF would run something, open something else, or carries files within it."""
    return any(ACTIVE.search(_plain(part)) for part in (content, *_unpacked(content)))


def is_something_else_too(content: bytes) -> bool:
    """Whether the file is a page for a browser or an archive as well, depending on who opens it."""
    return ARCHIVE_END in content[-ARCHIVE_TAIL:] or PAGE_OF_A_BROWSER.search(content) is not None


def is_whole(content: bytes) -> bool:
    """Whether the file has an end: a download that was cut off has none."""
    return b"%%EOF" in content


def _plain(content: bytes) -> bytes:
    """The content with names written out (7.3.5)."""
    return ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What object streams hold, as far as it can be opened (7.5.7)."""
    left, behind, view = MOST_OF_ALL, 0, memoryview(content)
    for name in PACKED.finditer(content):
        if name.start() < behind:
            continue
        begins = STREAM.search(content, name.end(), name.end() + NEAR)
        # Without one, no other name this near has one either.
        behind = begins.end() if begins else name.end() + NEAR - len(b"stream\r\n")
        if begins:
            inside = _inflated(view[behind : behind + MOST_OF_ONE], min(MOST_OF_ONE, left))
            left -= len(inside)
            yield inside
        if left <= 0:
            return


def _inflated(packed: memoryview, most: int) -> bytes:
    """The beginning of what is packed, at most so many bytes; what can be read, when it breaks off."""
    opener, made, size = zlib.decompressobj(), [], 0
    # In small pieces: the opener copies what it is given and does not need.
    for begin in range(0, len(packed), CHUNK):
        try:
            piece = opener.decompress(packed[begin : begin + CHUNK], most - size)
        except zlib.error:
            break
        made.append(piece)
        size += len(piece)
        if opener.eof or size >= most:
            break
    return b"".join(made)
