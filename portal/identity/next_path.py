"""Where to go after login: only to a path of this site."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """`wanted` when it is a plain path here (``/min-side?x=1``), else `otherwise`.

    Browsers read ``//host`` and ``/\\host`` as another site and drop tabs and line breaks, so none of these pass.
    """
    if not wanted or len(wanted) > 2000 or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    if "\\" in wanted or any(ord(sign) < 33 or ord(sign) == 127 for sign in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted
