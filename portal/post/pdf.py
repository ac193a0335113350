"""Letters as PDF/UA-1: tagged, titled, in one language, with their fonts inside.

WeasyPrint only logs when a document falls short of PDF/UA and writes a file that claims it all the same, so here every
log record is an error. It is imported at the first letter: web processes, which draw none, never pay for it.
"""

from __future__ import annotations

import atexit
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
STYLESHEET = ROOT / "templates" / "letters" / "letter.css"

# Signs that cannot be drawn and must not be in XML either.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
NO_GLYPH = ".notdef glyph"
_LOGGER = logging.getLogger("weasyprint")


class LetterNotAccessible(RuntimeError):
    """The letter would not be PDF/UA. The text says why, without quoting the letter."""


class SignsMissing(LetterNotAccessible):
    """No font has some of the letter's signs, and nothing else is wrong."""

    def __init__(self, signs: frozenset[str]) -> None:
        super().__init__("No font has some of the letter's signs")
        self.signs = signs


class Press:
    """Draws letters, one at a time, with one style sheet and one set of fonts: reading the fonts is most of the cost."""

    def __init__(self, stylesheet: Path = STYLESHEET, static: Path = STATIC) -> None:
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        from portal.post.fetcher import OwnFilesOnly

        self._lock = threading.Lock()
        self._static = static
        self._fetcher = OwnFilesOnly(static)
        self._fonts = FontConfiguration()
        with nothing_logged():
            self._css = CSS(
                string=stylesheet.read_text(encoding="utf-8"),
                base_url=stylesheet.as_uri(),
                url_fetcher=self._fetcher,
                font_config=self._fonts,
            )

    def render(self, html: str, *, language: str, title: str) -> bytes:
        """The PDF of an HTML page that says it is in `language` and named `title`. Raises `LetterNotAccessible`.

        A sign that no font has is drawn as a question mark: a letter with a decision must not wait for a picture.
        """
        html = CONTROL.sub("", html)
        try:
            return self._render(html, language, title)
        except SignsMissing as missing:
            return self._render(html.translate({ord(sign): "?" for sign in missing.signs}), language, title)

    def _render(self, html: str, language: str, title: str) -> bytes:
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError

        with self._lock, nothing_logged():
            try:
                page = HTML(string=html, base_url=self._static.as_uri() + "/", url_fetcher=self._fetcher)
                document = page.render(font_config=self._fonts, stylesheets=[self._css], pdf_variant="pdf/ua-1")
                if (document.metadata.lang, document.metadata.title) != (language, title):
                    raise LetterNotAccessible("The letter's language or title is not the one it was given")
                return document.write_pdf(pdf_variant="pdf/ua-1")
            except FatalURLFetchingError:
                raise LetterNotAccessible("The letter asks for something that is not ours, or that is missing") from None


def render_pdf(html: str, *, language: str, title: str) -> bytes:
    """`Press.render` with the process's one press."""
    return _press().render(html, language=language, title=title)


@cache
def _press() -> Press:
    # The fonts must be let go while Python still stands: at its very end WeasyPrint fails to, with a traceback.
    atexit.register(_press.cache_clear)
    return Press()


class _Watch(logging.Handler):
    """Remembers what this thread makes WeasyPrint say, as templates: their arguments may quote the letter."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []
        self.signs: set[str] = set()
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.said.append(str(record.msg))
            if str(record.msg).startswith(NO_GLYPH) and isinstance(record.args, tuple):
                self.signs.add(chr(int(record.args[-1])))  # type: ignore[call-overload]


@contextmanager
def nothing_logged() -> Iterator[None]:
    """Raise `LetterNotAccessible` at the end of the block if WeasyPrint logged a warning or an error in it."""
    watch, level = _Watch(), _LOGGER.level
    _LOGGER.addHandler(watch)
    _LOGGER.setLevel(logging.WARNING)
    try:
        yield
    finally:
        _LOGGER.removeHandler(watch)
        _LOGGER.setLevel(level)
    if watch.said and all(text.startswith(NO_GLYPH) for text in watch.said):
        raise SignsMissing(frozenset(watch.signs))
    if watch.said:
        raise LetterNotAccessible("; ".join(dict.fromkeys(watch.said)))
