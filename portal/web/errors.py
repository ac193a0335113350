"""Every refusal and failure as a page in the person's language that says what to do and shows nothing of the inside."""

from __future__ import annotations

import structlog
from flask import Flask, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError, TooManyRequests
from werkzeug.wrappers import Response

from portal.i18n import gettext as _
from portal.i18n import lazy as _l
from portal.i18n import ngettext
from portal.web import limits, parked

log = structlog.get_logger("errors")
BACK = _l("Use the back button in your browser and try again.")
FRONT = _l("Go to the front page and find your way from there.")
CALL = _l("Contact the municipality if it happens again.")
SAVED = _l("What you have saved is still there.")

PAGES = {
    400: (_l("We did not understand that"), _l("Something in the page or the address did not arrive as it should."), (BACK, FRONT)),
    403: (_l("You cannot open this page"), _l("It belongs to somebody else, or you are not logged in."), (FRONT,)),
    404: (
        _l("We cannot find the page"),
        _l("The address is wrong, the page has moved, or it is not yours."),
        (_l("Check the address."), FRONT),
    ),
    405: (_l("We cannot find the page"), _l("The address cannot be used in this way."), (FRONT,)),
    413: (
        _l("That was too much"),
        _l("You sent more text or larger files than we can take."),
        (BACK, _l("Send files of at most 10 MB each, and shorter texts.")),
    ),
    500: (_l("Something went wrong on our side"), _l("It is not your fault."), (SAVED, _l("Try again in a few minutes."), CALL)),
    503: (
        _l("The page is closed for a short while"),
        _l("A system we use does not answer right now."),
        (SAVED, _l("Try again in a few minutes."), CALL),
    ),
}
STALE = (
    _l("The page had been open too long"),
    _l("We cannot be sure that it was you who sent it, so nothing has been changed."),
    (_l("Go back, load the page again, and send it once more."), SAVED),
)


def answer_errors(app: Flask) -> None:
    """Install the pages."""

    @app.errorhandler(CSRFError)
    def stale(error: CSRFError) -> tuple[str, int] | Response:
        # One of the library's few sentences, or ours.
        log.warning("post_refused", endpoint=request.endpoint, why=error.description)
        # Pages that need a login have sent the visitor there already; the rest are for anybody, and hold nothing to keep.
        if request.endpoint == "session.logout" and getattr(session, "ended", False):
            return redirect(url_for("session.logged_out"), 303)
        if request.endpoint == "staying.extend":
            session.rests = True  # type: ignore[attr-defined]
            return redirect(url_for("staying.status"), 303)
        return parked.show_again() or _page(400, STALE)

    @app.errorhandler(SecurityError)
    def wrong_host(_error: SecurityError) -> Response:
        log.warning("strange_host")
        # No page can be drawn: its links would be built for a site that is not ours.
        return Response("400", 400, content_type="text/plain")

    @app.errorhandler(TooManyRequests)
    def too_often(error: TooManyRequests) -> tuple[str, int, dict[str, str]]:
        seconds, words = limits.seconds_to_wait(error), getattr(error, "words", "often")
        log.warning("too_often", endpoint=request.endpoint, words=words, again_in=seconds)
        page, code = _page(429, _wait(seconds, others=words == "others"))
        return page, code, {"Retry-After": str(seconds)}

    @app.errorhandler(MethodNotAllowed)
    def not_so(error: MethodNotAllowed) -> tuple[str, int, dict[str, str]]:
        page, code = _page(405, PAGES[405])
        return page, code, {"Allow": ", ".join(sorted(error.valid_methods or ()))}

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
        code = error.code or 500
        if code < 400:
            return error
        return _page(code, PAGES.get(code, PAGES[500] if code >= 500 else PAGES[400]))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> tuple[str, int]:
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
        # The error's own words may hold what somebody typed, so only its kind and place are written down.
        log.error("request_failed", error=type(error).__name__, where=where, endpoint=request.endpoint)
        return _page(500, PAGES[500])


def _page(code: int, words: tuple[object, object, tuple[object, ...]]) -> tuple[str, int]:
    title, lead, what_to_do = words
    return render_template("errors/error.html", title=str(title), lead=str(lead), what_to_do=[str(text) for text in what_to_do]), code


def _wait(seconds: int, *, others: bool) -> tuple[object, object, tuple[object, ...]]:
    minutes, hours = -(-seconds // 60), -(-seconds // 3600)
    if minutes <= 90:
        again = ngettext("Wait %(num)s minute and try again.", "Wait %(num)s minutes and try again.", minutes)
    else:
        again = ngettext("Wait %(num)s hour and try again.", "Wait %(num)s hours and try again.", hours)
    if others:
        lead = _("You have written several different CPR numbers today. To protect others we take no more for now.")
        return _("Wait a little"), lead, (again, _("Contact the municipality if you need help now."), SAVED)
    return _("Wait a little"), _("There have been too many tries in a short time."), (again, SAVED)
