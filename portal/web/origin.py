"""Where a request comes from, as the browser says it: a page of ours, or somebody else's."""

from __future__ import annotations

from flask import Request

OUR_OWN = frozenset({"same-origin", "none"})


def from_our_page(request: Request, base_url: str) -> bool:
    """Whether the browser says that the request was made by a page of ours, or by the person alone."""
    site = request.headers.get("Sec-Fetch-Site")
    return site in OUR_OWN if site is not None else request.headers.get("Origin") == base_url


def from_elsewhere(request: Request, base_url: str) -> bool:
    """Whether the browser says that another site made the request. A program that is no browser says nothing."""
    said = "Sec-Fetch-Site" in request.headers or "Origin" in request.headers
    return said and not from_our_page(request, base_url)
