"""What a letter may load: our own fonts and pictures, nothing else. Imported only where letters are drawn."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

KINDS = {".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


class AddressRefused(FatalURLFetchingError):
    """A letter asked for something that is not ours. WeasyPrint passes this on instead of logging it."""


class OwnFilesOnly(URLFetcher):
    """Reads fonts and pictures beneath `root`. No network, no redirects, no other files, no data: addresses."""

    def __init__(self, root: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._root = root.resolve()

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The file behind a file: address. Raises `AddressRefused`."""
        parts = urlsplit(url)
        # Without its symbolic links, so that none leads out of the folder; a NUL would be an error of its own.
        path = Path(unquote(parts.path).replace("\0", "")).resolve()
        kind = KINDS.get(path.suffix)
        if parts.scheme != "file" or parts.netloc or kind is None or not path.is_relative_to(self._root):
            raise AddressRefused("A letter may only use our own fonts and pictures")
        try:
            content = path.read_bytes()
        except OSError:
            raise AddressRefused("A font or picture of the letter is missing") from None
        return URLFetcherResponse(url, content, {"Content-Type": kind})
