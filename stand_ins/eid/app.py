"""The stand-in as a web application: two issuers, /citizen and /staff, whose login page is a list of buttons."""

from __future__ import annotations

from collections.abc import Iterable
from secrets import token_urlsafe
from time import time
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Flask, Response, abort, g, jsonify, render_template, request

from stand_ins.eid.accounts import citizen_accounts, staff_accounts
from stand_ins.eid.clients import Client
from stand_ins.eid.issuer import IssuerServer
from stand_ins.eid.store import Chosen
from stand_ins.eid.texts import TEXTS, language

LEVELS = ("low", "substantial", "high")


def create_app(
    base_url: str,
    *,
    citizens: list[dict[str, Any]],
    staff: list[dict[str, Any]],
    clients: Iterable[Client],
    all_in_id_token: bool = False,
) -> Flask:
    """The application served at `base_url`, for example http://127.0.0.1:8001.

    `citizens` and `staff` are people as `accounts` describes. With `all_in_id_token` the name and the number stand in
    the ID token too, as some brokers do it.
    """
    app = Flask(__name__)
    clients = tuple(clients)
    accounts = {"citizen": citizen_accounts(citizens), "staff": staff_accounts(staff)}
    for realm, people in accounts.items():
        server = IssuerServer(app, f"{base_url}/{realm}", people, clients, all_in_id_token=all_in_id_token)
        app.register_blueprint(_realm(realm, server))
    app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))
    app.after_request(_headers)
    return app


def _realm(realm: str, server: IssuerServer) -> Blueprint:
    """The addresses of one issuer."""
    pages = Blueprint(realm, __name__, url_prefix=f"/{realm}")

    @pages.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(server.discovery())

    @pages.get("/jwks")
    def jwks() -> Response:
        return jsonify(keys=[server.key.as_dict(private=False)])

    @pages.get("/authorize")
    def choose() -> Any:
        return _page_of_people(realm, server)

    @pages.post("/authorize")
    def chosen() -> Any:
        return _answer(server)

    @pages.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @pages.get("/userinfo")
    def userinfo() -> Any:
        return server.create_endpoint_response("userinfo")

    @pages.route("/end_session", methods=["GET", "POST"])
    def end_session() -> Any:
        return server.create_endpoint_response("end_session") or _message("left", 200)

    return pages


def _page_of_people(realm: str, server: IssuerServer) -> Any:
    try:
        grant = server.get_consent_grant(end_user=None)
    except OAuth2Error as error:
        return _refusal(server, error)
    g.form_target = grant.request.payload.redirect_uri
    lang = _language()
    return render_template("choose.html", lang=lang, text=TEXTS[lang], title=f"title_{realm}", people=server.accounts.values())


def _answer(server: IssuerServer) -> Any:
    """Back to the portal with a code for the chosen person, or without one when the person stopped."""
    try:
        grant = server.get_consent_grant(end_user=None)
    except OAuth2Error as error:
        return _refusal(server, error)
    return server.create_authorization_response(grant_user=_chosen(server), grant=grant)


def _chosen(server: IssuerServer) -> Chosen | None:
    if "stop" in request.form:
        return None
    level, _, subject = request.form.get("person", "").partition(" ")
    if level not in LEVELS or subject not in server.accounts:
        abort(400)
    return Chosen(server.accounts[subject], level, int(time()), token_urlsafe(16))


def _refusal(server: IssuerServer, error: OAuth2Error) -> Any:
    """An error goes back to a portal we know; anybody else gets a page."""
    if getattr(error, "redirect_uri", None):
        return server.handle_error_response(None, error)
    return _message("refused", 400)


def _message(name: str, status: int) -> tuple[str, int]:
    lang = _language()
    return render_template("message.html", lang=lang, text=TEXTS[lang], name=name), status


def _language() -> str:
    return language(request.args.get("language"), request.args.get("ui_locales"))


def _headers(response: Response) -> Response:
    """Nothing inline, nothing from elsewhere, nothing kept. Browsers hold form-action against redirects too."""
    target = urlsplit(g.get("form_target") or "")
    back = f" {target.scheme}://{target.netloc}" if target.netloc else ""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; form-action 'self'{back}; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
