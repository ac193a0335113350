"""Headers on every answer: what the browser may load, and what nobody may keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask, Response, g

from portal.settings import Settings


def protection(settings: Settings, login_origins: Iterable[str]) -> dict[str, str]:
    """What every answer says to the browser. `login_origins` are where a form of ours may end up by redirect: the eID's own site."""
    policy = "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self' " + " ".join(sorted(login_origins)),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
    fixed = {
        "Content-Security-Policy": policy.strip(),
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: browsers would send "Origin: null" with our own forms, and over https the token's check asks where they come from.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    if settings.secure_cookies:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return fixed


def guard_answers(app: Flask, protecting: Mapping[str, str]) -> None:
    """Set the headers on every page; a page is kept by nobody."""
    fixed = {**protecting, "Cache-Control": "no-store"}

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        # Looked up together: asking for each header that is not there costs more than the rest of this.
        there = {name.lower() for name, _value in headers}
        headers.extend([(name, value) for name, value in fixed.items() if name.lower() not in there])
        headers["Vary"] = "Cookie"
        if "request_id" in g:
            headers["X-Request-Id"] = g.request_id
        return response
