"""Logs as JSON lines with a request id. Routes are named by rule, never by address, so that no id of anybody is in them."""

from __future__ import annotations

import re
import sys
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request

# Anything with the shape of a CPR number, day + 60 too, however it is spelled.
CPR_SHAPED = re.compile(r"\b\d{2}[01]\d{3}(?:[- ]|%20|%2D)?\d{4}\b", re.IGNORECASE)


def redact(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take out what has the shape of a CPR number, whoever wrote it."""
    return {key: CPR_SHAPED.sub("[cpr]", value) if isinstance(value, str) else value for key, value in event.items()}


def set_up_logs() -> None:
    """One JSON object a line, on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def log_requests(app: Flask) -> None:
    """One line a request: rule, method, status, time."""
    log = structlog.get_logger("web")

    @app.before_request
    def begin() -> None:
        g.request_id = uuid.uuid4().hex
        g.begun = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "(none)"
        milliseconds = round((time.perf_counter() - g.get("begun", time.perf_counter())) * 1000, 1)
        log.info("request", request_id=g.get("request_id"), method=request.method, rule=rule, status=response.status_code, ms=milliseconds)
        return response
