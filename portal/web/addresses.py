"""Addresses of our own pages: those without a part of their own are worked out once a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

# Addresses that a form is sent to and that look like the address of a page.
NO_PAGE = {"apply.discard": "apply.start"}


def address(endpoint: str, **values: Any) -> str:
    """The path of a page, as Flask's `url_for` gives it. The portal lies at the root of its site."""
    return url_for(endpoint, **values) if values else _fixed(endpoint)


@cache
def _fixed(endpoint: str) -> str:
    return url_for(endpoint)


def page_of(path: str) -> str:
    """The page that an address belongs to: itself, or for one that only takes forms the nearest page above it.

    An address that is not there at all stays as it is: its page says so.
    """
    routes, bare = current_app.create_url_adapter(request), path.partition("?")[0]
    if routes is None or not routes.allowed_methods(bare):
        return path
    try:
        endpoint, values = routes.match(bare, "POST")
    except HTTPException:
        return path
    if endpoint in NO_PAGE:
        return url_for(NO_PAGE[endpoint], slug=values["slug"])
    if routes.test(bare, "GET"):
        return path
    while bare and not routes.test(bare, "GET"):
        bare = bare.rsplit("/", 1)[0]
    return bare or "/"
