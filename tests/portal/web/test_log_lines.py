"""A line of the log is one line of JSON whatever is in it, and says when in universal time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import structlog

from portal.web.logs import set_up_logs


@pytest.fixture
def log() -> Iterator[structlog.BoundLogger]:
    """The log as a real portal sets it up."""
    set_up_logs()
    structlog.configure(cache_logger_on_first_use=False)
    yield structlog.get_logger("test")
    structlog.reset_defaults()


def lines(log: structlog.BoundLogger, capsys: pytest.CaptureFixture[str], **values: str) -> list[dict[str, str]]:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory())
    log.warning("seen", **values)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("typed", ['x\n{"event": "forged"}', "x\r\nx", 'x", "event": "forged', "\x1b[31mx", "x\u2028x", "x\x00"])
def test_nothing_that_was_typed_makes_a_line_or_a_field(log, capsys, typed) -> None:
    (line,) = lines(log, capsys, typed=typed)
    assert (line["event"], line["typed"]) == ("seen", typed)


def test_the_time_is_universal(log, capsys) -> None:
    (line,) = lines(log, capsys)
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "number",
    ["720391-4002", "7203914002", "720391 4002", "720391%204002", "720391%2D4002", '{"cpr":"7203914002"}', "key (7203914002) exists"],
)
def test_a_number_is_taken_out_however_it_is_written(log, capsys, number) -> None:
    (line,) = lines(log, capsys, typed=number)
    assert "4002" not in line["typed"]
    assert "[cpr]" in line["typed"]
