"""The eID says that somebody has logged out there: their session ends here too. OpenID Connect Back-Channel Logout 1.0.

The caller is a server: it has no cookie and no token against forged posts, and the signature of what it brings is what
is believed. Whether a session was there is not told.
"""

from __future__ import annotations

from contextlib import suppress

import structlog
from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from portal.clock import SystemClock
from portal.identity.logout import LoggedOut
from portal.identity.refusals import LoginRefused
from portal.storage.eid_sessions import AlreadySeen, end_sessions
from portal.web.parts import parts, writing

log = structlog.get_logger("login")
blueprint = Blueprint("backchannel", __name__)
# A logout token with a long key takes one of these.
MOST_BYTES = 8 * 1024


@blueprint.post("/logout/backchannel")
def logout() -> Response:
    """Believe a logout token and end what it names."""
    request.max_content_length = MOST_BYTES
    try:
        ended = _end(_read(request.form.get("logout_token", "")))
    except LoginRefused as refused:
        log.warning("backchannel_logout_refused", code=refused.code, words=refused.log_words)
        response = jsonify(error="invalid_request")
        response.status_code = 400
        return response
    log.info("backchannel_logout", sessions=ended)
    return Response(status=200)


def _read(token: str) -> LoggedOut:
    """What the token says, by the issuer that signed it. Both kinds of people may have the same one, as two clients."""
    asked = [client for client in (parts().citizen_eid, parts().staff_eid) if client.is_named_by(token)]
    if not asked:
        raise LoginRefused("wrong_issuer", "the logout token names no issuer of ours")
    for client in asked[:-1]:
        with suppress(LoginRefused):
            return client.read_logout_token(token)
    return asked[-1].read_logout_token(token)


def _end(told: LoggedOut) -> int:
    now = SystemClock().now()
    try:
        with writing() as work:
            return end_sessions(work, issuer=told.issuer, subject=told.subject, sid=told.sid, token_id=told.token_id, now=now)
    except AlreadySeen:
        raise LoginRefused("replayed", "the logout token has been used before") from None
