"""Addresses of our own pages, for templates: those without a part of their own are worked out once a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import url_for


def address(endpoint: str, **values: Any) -> str:
    """The path of a page, as Flask's `url_for` gives it. The portal lies at the root of its site."""
    return url_for(endpoint, **values) if values else _fixed(endpoint)


@cache
def _fixed(endpoint: str) -> str:
    return url_for(endpoint)
