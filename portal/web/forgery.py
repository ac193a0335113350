"""The token against forged posts, signed once a session and process: a page with three forms asks for it four times."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app, session
from flask_wtf.csrf import generate_csrf


def csrf_token() -> str:
    """The token for this session's forms. A session that has none gets one."""
    key = session.get("csrf_token")
    return _signed(current_app.secret_key, key) if key else generate_csrf()


@lru_cache(maxsize=2048)
def _signed(_secret: str, _key: str) -> str:
    # The signature has no end of its own, so a key's first one serves as long as its session.
    return generate_csrf()
