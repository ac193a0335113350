"""Is the process alive, can it serve, and the numbers Prometheus reads."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal.storage.models import Case, Letter, OutboxRow
from portal.web.parts import parts, reading

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/ready")
def ready() -> tuple[Response, int]:
    """The database answers too."""
    try:
        reading().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(status="no database"), 503
    return jsonify(status="ok"), 200


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts from the database, the same from every process. Needs the token of the settings, when one is set; else only the demo answers."""
    token = parts().settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (_same(given, token) if token else parts().settings.demo):
        abort(404)
    registry = CollectorRegistry()
    for name, words, column in (
        ("portal_cases", "Cases by state", Case.state),
        ("portal_outbox_rows", "Outbox rows by state", OutboxRow.state),
        ("portal_letters", "Letters by state", Letter.state),
    ):
        gauge = Gauge(name, words, ["state"], registry=registry)
        for state, number in reading().execute(select(column, func.count()).group_by(column)):
            gauge.labels(state).set(number)
    oldest = reading().scalar(select(func.min(OutboxRow.due)).where(OutboxRow.state == "waiting"))
    age = Gauge("portal_outbox_oldest_seconds", "How overdue the oldest waiting outbox row is", registry=registry)
    age.set(max(0.0, (parts().clock.now() - oldest).total_seconds()) if oldest else 0)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _same(given: str, token: str) -> bool:
    # As bytes, because text that is not plain ASCII cannot be compared in constant time. A header is read as Latin-1.
    return hmac.compare_digest(given.encode("latin-1", "replace"), token.encode("utf-8", "surrogateescape"))
