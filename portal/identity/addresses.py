"""What may be an issuer's address, and where."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(url: str) -> bool:
    """Whether the address points at this machine itself.

    >>> is_loopback("http://127.0.0.1:8001/citizen"), is_loopback("https://broker.example")
    (True, False)
    """
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


def is_safe(url: object, *, demo: bool) -> bool:
    """Whether the portal may talk to this address: https elsewhere, or plain http on loopback in the demo."""
    if not isinstance(url, str):
        return False
    if is_loopback(url):
        return demo and urlsplit(url).scheme in ("http", "https")
    return urlsplit(url).scheme == "https" and bool(urlsplit(url).hostname)
