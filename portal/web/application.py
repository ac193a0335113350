"""The Flask application: rooms of pages, what templates know, what every answer carries."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import i18n
from portal.contacts import contact
from portal.journey import fields
from portal.months import Month
from portal.settings import Settings
from portal.web import backchannel, closed, errors, health, limits, pages, quote, security_txt, session_routes, static_files, staying
from portal.web.addresses import address
from portal.web.audit import routes as audit
from portal.web.back_office import routes as office
from portal.web.citizen import answering, apply, mine
from portal.web.forgery import csrf_token
from portal.web.guard import MOST_TEXT, watch, watch_logins
from portal.web.headers import guard_answers, protection
from portal.web.logs import log_requests
from portal.web.parts import Parts, stop_reading
from portal.web.sessions import DatabaseSessions
from portal.web.typed import TypedRequest
from portal.web.visitor import visitor

ROOT = Path(__file__).resolve().parents[2]
MOST_FORM_BYTES = 500_000
LANGUAGES = (("da", "Dansk"), ("en", "English"))


def make_application(parts: Parts) -> Flask:
    """The application on these parts."""
    settings = parts.settings
    app = Flask("portal", static_folder=None, template_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        # Flask-WTF knows nothing of fallbacks, but hands what it is given to a signer that does.
        WTF_CSRF_SECRET_KEY=settings.signing_keys,
        MAX_CONTENT_LENGTH=MOST_TEXT,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=trusted_hosts(settings),
    )
    app.request_class = TypedRequest
    app.extensions["portal"] = parts
    app.session_interface = DatabaseSessions(parts.database, settings)
    fields.allow_fictional_numbers = settings.demo
    prepare_templates(app)
    app.context_processor(_known_everywhere)
    log_requests(app)
    watch(app)
    closed.watch_connections(app)
    limits.install(app, parts)
    CSRFProtect(app).exempt(backchannel.blueprint)
    watch_logins(app)
    closed.watch_applications(app)
    protecting = protection(settings, parts.citizen_eid.origins | parts.staff_eid.origins)
    guard_answers(app, protecting)
    app.teardown_appcontext(stop_reading)
    for room in (pages, quote, health, security_txt, session_routes, backchannel, staying, apply, mine, answering, office, audit):
        app.register_blueprint(room.blueprint)
    errors.answer_errors(app)
    if settings.trusted_proxies:
        # Only what these proxies add themselves is believed; whatever a visitor sends of the kind stands before it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
    static_files.serve(app, ROOT / "static", settings.var / "static", protecting)
    return app


def trusted_hosts(settings: Settings) -> list[str]:
    """The hosts that a request may name: our own, and in the demo this machine by its two names."""
    own = urlsplit(settings.base_url).hostname or ""
    return [own, "localhost"] if settings.demo else [own]


def prepare_templates(app: Flask) -> None:
    """Where the templates lie and what they may call; needs no database and no session."""
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates")])  # type: ignore[misc]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {
        "_": i18n.gettext,
        "ngettext": i18n.ngettext,
        "csrf_token": csrf_token,
        "static_url": static_url,
        "url_for": address,
        "closed": closed.notice,
    }
    app.jinja_env.filters |= {
        "date": i18n.format_date,
        "datetime": i18n.format_datetime,
        "month": i18n.format_month,
        "kroner": i18n.format_kroner,
        "listed": i18n.format_list,
    }
    app.jinja_env.tests["month"] = lambda value: isinstance(value, Month)


def _known_everywhere() -> dict[str, Any]:
    user, here = visitor(), _here()
    return {
        "locale": i18n.get_locale(),
        "current_user": user,
        "demo": fields.allow_fictional_numbers,
        "session_end": staying.for_layout(),
        "contact": _contact(),
        "sender_name": contact(session["municipality"]).name if session.get("municipality") else None,
        "nav_items": _nav(user.roles) if user else [],
        "page_language_links": [(code, name, url_for("pages.language", code=code, next=here)) for code, name in LANGUAGES],
        "request_path": here,
    }


def _here() -> str:
    if request.endpoint in session_routes.ANSWERED_AT:
        return "/"
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _contact() -> dict[str, str] | None:
    code = session.get("municipality")
    if not code:
        return None
    told = contact(code)
    return {"name": told.name, "phone": told.phone, "phone_hours": "", "email": told.write, "url": ""}


def _nav(roles: frozenset[str]) -> list[dict[str, Any]]:
    if "citizen" in roles:
        items = [
            (i18n.gettext("My page"), "mine.overview"),
            (i18n.gettext("Cases"), "mine.cases"),
            (i18n.gettext("To do"), "mine.tasks"),
            (i18n.gettext("Payments"), "mine.payments"),
            (i18n.gettext("Post"), "mine.post"),
        ]
    else:
        items = [(i18n.gettext("Queue"), "office.queue")] if roles & {"case_worker", "decider"} else []
        items += [(i18n.gettext("Audit log"), "audit.page")] if "auditor" in roles else []
    return [{"text": text, "url": address(endpoint), "current": _stands_at(endpoint)} for text, endpoint in items]


def _stands_at(endpoint: str) -> bool:
    # What was searched for is shown by an address of its own, which is still the page of the search.
    return request.endpoint == endpoint or (endpoint, request.endpoint) == ("audit.page", "audit.search")


@cache
def static_url(path: str) -> str:
    """The address of a static file, with its content's hash, so that a browser may keep it for a year."""
    digest = sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:8]
    return f"/static/{path}?v={digest}"
