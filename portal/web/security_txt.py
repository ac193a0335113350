"""Whom to tell of a hole: /.well-known/security.txt, as RFC 9116 has it. Without a contact in the settings there is none."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, url_for

from portal.clock import SystemClock
from portal.web.parts import parts

blueprint = Blueprint("security_txt", __name__)
# Told anew at each request, so that a portal that is still there is never past its day.
GOOD_FOR = timedelta(days=90)


@blueprint.get("/.well-known/security.txt")
def show() -> Response:
    """Contacts in the order they are preferred, and until when they hold."""
    settings = parts().settings
    if not settings.security_contacts:
        abort(404)
    # The machine's clock: the demo's date has nothing to do with it.
    until = (SystemClock().now() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {contact}" for contact in settings.security_contacts),
        f"Expires: {until.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: da, en",
        f"Canonical: {settings.base_url}{url_for('security_txt.show')}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
