"""Logs as JSON lines with a request id. Routes are named by rule, never by address, so that no id of anybody is in them.

What has the shape of a CPR number is taken out of all that is logged, also of what libraries log by themselves, whoever
put it there: the last net, not the first. Words of exceptions are not written down at all, as nothing can be known of them.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Mapping, Set
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request

# What stands before a number and ends in digits itself: an encoded sign of an address, of JSON or of Python.
ENCODED = r"(?:(?<![0-9])|(?<=%[0-9A-F]{2})|(?<=\\x[0-9A-F]{2})|(?<=\\u[0-9A-F]{4}))"
BETWEEN = r"(?:[-\s+./_\u00a0\u2010-\u2015]|%20|%2D|%C2%A0|\\+x2d|\\+xa0|\\+u00a0|\\+u002d|\\+u201[0-5]){0,3}"
# Day + 60 too. Ids of ours are passed over first: one in 200 has ten digits in a row by chance.
CPR_SHAPED = re.compile(
    r"(?P<id>(?<![0-9A-F])(?:[0-9A-F]{32,}|[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12})(?![0-9A-F]))"
    rf"|{ENCODED}[0-9]{{2}}[01][0-9]{{3}}{BETWEEN}[0-9]{{4}}(?![0-9])",
    re.IGNORECASE,
)
GONE = "[cpr]"
SHORTEST = 10**8
DEEPEST = 8
plain_record = logging.getLogRecordFactory()


def cleaned(value: Any, depth: int = 0) -> Any:
    """A value as it may be logged: without what has the shape of a CPR number, however deep it lies."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        # A number loses its leading zero, and no more than one: no day is 00.
        return GONE if abs(value) >= SHORTEST and _clean(f"{abs(value):010.0f}") == GONE else value
    if isinstance(value, bytes | bytearray):
        return _clean(value.decode("utf-8", "replace"))
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {_clean(str(key)): cleaned(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple | Set):
        return [cleaned(each, depth + 1) for each in value]
    return _clean(value if isinstance(value, str) else repr(value))


def redact(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog's processor for it."""
    return dict(cleaned(event))


def set_up_logs() -> None:
    """One JSON object a line, on standard error, from us and from libraries; crashes too."""
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
    # Here and not on a handler, because libraries bring handlers of their own.
    logging.setLogRecordFactory(cleaned_record)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.getLogger().handlers[:] = [handler]
    # gunicorn keeps its own handler, and tells by it of requests that it cannot read.
    server = logging.getLogger("gunicorn.error")
    server.handlers[:] = []
    server.propagate = True
    sys.excepthook = report
    threading.excepthook = lambda told: report(told.exc_type, told.exc_value, told.exc_traceback)


class Lines(logging.Formatter):
    """What a library logs, as a line like ours: its words, and of an exception its kind and place."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return json.dumps(line)


def cleaned_record(*arguments: Any, **named: Any) -> logging.LogRecord:
    """A log record without CPR numbers, for whatever handler it meets. One that has none stays as it is."""
    record = plain_record(*arguments, **named)
    try:
        words = record.getMessage()
    except (TypeError, ValueError, KeyError):
        words = f"{record.msg} {record.args}"
    if (clean := _clean(words)) != words:
        record.msg, record.args = clean, ()
    if record.exc_info and record.exc_info[0] is not None:
        # A formatter takes what stands here instead of the exception's own words.
        record.exc_text = f"{record.exc_info[0].__name__} at {_where(record.exc_info[2])}"
    return record


def report(kind: type[BaseException], _error: BaseException | None, trace: TracebackType | None) -> None:
    """A process or a thread that ends by an error says which and where, and none of the error's own words."""
    structlog.get_logger("crash").critical("crashed", error=kind.__name__, where=_where(trace))


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


def _clean(text: str) -> str:
    return CPR_SHAPED.sub(lambda found: found["id"] or GONE, text)


def _where(trace: TracebackType | None) -> str:
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(traceback.extract_tb(trace)[-6:]))
