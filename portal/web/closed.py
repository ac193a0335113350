"""What is switched off, as people meet it: a page that says so, why, until when, and what becomes of what they had written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.clock import SystemClock
from portal.i18n import format_datetime, get_locale, gettext
from portal.i18n import lazy as _l
from portal.storage import switches
from portal.storage.switches import Off
from portal.web import parked
from portal.web.parts import parts

# What can be looked at while an application is closed: why it is, and what has been sent.
STAYS_OPEN = frozenset({"apply.start", "apply.receipt"})
LOGINS = {
    "session.login": switches.CITIZEN_EID,
    "session.callback": switches.CITIZEN_EID,
    "session.staff_login": switches.STAFF_EID,
    "session.staff_callback": switches.STAFF_EID,
}
# As long as a session lasts: what was written is found again in the same one.
KEPT = timedelta(hours=8)
TRY_AGAIN_SECONDS = 5 * 60

TITLES = {
    "application": _l("The application is closed for a short while"),
    "eid": _l("You cannot log in right now"),
    "uploads": _l("You cannot send files right now"),
}
LEADS = {
    "application": _l("We have closed it ourselves while we look at something."),
    "eid": _l("The login is closed while we look at something. It is not your fault."),
    "uploads": _l("We cannot take files for a short while."),
}
SAVED = _l("What you have saved is still there.")
JUST_WRITTEN = _l("What you have just written is kept too. It is shown again when you open the page within eight hours and stay logged in.")
WITHOUT_FILES = _l("Go back and go on without files. We write to you if we need them.")
LATER = _l("Try again later today.")
CALL = _l("Contact the municipality if it cannot wait, or if you have a deadline.")


class Closed(HTTPException):
    """Somebody wants what is switched off. `kept` tells that what they had typed has been put aside for them."""

    code = 503

    def __init__(self, off: Off, *, kept: bool = False) -> None:
        super().__init__()
        self.off = off
        self.kept = kept


@dataclass(frozen=True)
class Notice:
    """What is told of something closed: a heading, why, and when it is expected to open."""

    title: str
    words: str
    when: str


def notice(name: str) -> Notice | None:
    """What to tell of `name`, in the reader's language; None when it is open."""
    off = parts().switches.off(name)
    return _notice(off) if off else None


def watch_applications(app: Flask) -> None:
    """Install the rule for applications; after CSRF protection, so that only what its own person has sent is kept."""
    app.before_request(refuse_application)


def watch_connections(app: Flask) -> None:
    """Install the rules for the rest, and the page; before anything reads what was sent."""
    app.before_request(refuse_connection)
    app.register_error_handler(Closed, closed_page)


def refuse_application() -> None:
    """Whoever is on a page of a closed application is told; what they had just typed is kept."""
    if not (request.endpoint or "").startswith("apply.") or request.endpoint in STAYS_OPEN:
        return
    off = parts().switches.off(switches.application((request.view_args or {}).get("slug", "")))
    if off is not None:
        raise Closed(off, kept=parked.keep(KEPT))


def refuse_connection() -> None:
    """Nobody logs in by a closed eID, and files are not read while they cannot be taken."""
    name = LOGINS.get(request.endpoint or "")
    off = parts().switches.off(name) if name else None
    if off is not None:
        raise Closed(off)
    if request.method == "POST" and request.mimetype == "multipart/form-data":
        off = parts().switches.off(switches.UPLOADS)
        if off is not None and (_is_long() or any(item.filename for item in request.files.values())):
            raise Closed(off, kept=False if _is_long() else parked.keep(KEPT))


def closed_page(closed: Closed) -> Response:
    """The page, with when to try again for programs too."""
    told, kind = _notice(closed.off), _kind(closed.off)
    what_to_do = [told.when]
    if kind == "application":
        what_to_do.insert(0, str(SAVED))
    if closed.kept:
        what_to_do.insert(1, str(JUST_WRITTEN))
    if kind == "uploads":
        what_to_do.insert(0, str(WITHOUT_FILES))
    page = render_template("errors/error.html", title=told.title, lead=told.words, what_to_do=[*what_to_do, str(CALL)])
    response = make_response(page, 503)
    response.headers["Retry-After"] = str(_seconds(closed.off))
    return response


def _notice(off: Off) -> Notice:
    kind = _kind(off)
    expected = off.until is not None and off.until > SystemClock().now()
    when = gettext("We expect to open again on %(when)s.", when=format_datetime(off.until)) if off.until and expected else str(LATER)
    return Notice(str(TITLES[kind]), off.words.get(get_locale()) or str(LEADS[kind]), when)


def _kind(off: Off) -> str:
    return off.name.partition(":")[0]


def _seconds(off: Off) -> int:
    left = (off.until - SystemClock().now()).total_seconds() if off.until else 0.0
    return math.ceil(left) if left > 0 else TRY_AGAIN_SECONDS


def _is_long() -> bool:
    # Longer than a page's worth of text: its files are not read, so its text is not found.
    return (request.content_length or 0) > (request.max_content_length or 0)
