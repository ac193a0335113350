"""The ground the other tests stand on: servers, browser, no way out."""

import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.servers import postgres, rabbitmq

ROOT = Path(__file__).resolve().parents[2]


def encoding(url):
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute("SHOW server_encoding").fetchone()[0]


def test_there_is_a_database_of_our_own(postgres_url):
    assert "/portal_test_" in postgres_url
    assert encoding(postgres_url) == "UTF8"


@pytest.mark.postgres
def test_a_throw_away_postgres_comes_and_goes():
    if not list(postgres.PROGRAMS.glob("*/bin/initdb")):
        pytest.skip("there are no PostgreSQL server programs")
    with postgres.throw_away_server() as url:
        assert postgres.execute(url, "SELECT 1") == 1
        folder = url.query["host"]
    assert subprocess.run(["ls", folder], capture_output=True, check=False).returncode != 0


def test_there_is_a_message_broker(rabbitmq_url):
    port = int(rabbitmq_url.rpartition(":")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"AMQP\x00\x00\x09\x01")
        # The first method a broker sends is connection.start, on channel 0.
        assert connection.recv(11)[:3] == b"\x01\x00\x00"


@pytest.mark.rabbitmq
def test_a_throw_away_broker_comes_and_goes():
    if not (rabbitmq.PROGRAMS / "rabbitmq-server").exists():
        pytest.skip("there are no RabbitMQ server programs")
    with rabbitmq.throw_away_server() as url:
        port = int(url.rpartition(":")[2].partition("/")[0])
        assert rabbitmq.listens(port)
    assert not rabbitmq.listens(port)


def test_no_test_reaches_beyond_this_machine():
    with pytest.raises(AssertionError, match="beyond this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_the_browser_starts(page):
    page.set_content("<title>x</title><p>Godmorgen</p>")
    assert page.locator("p").inner_text() == "Godmorgen"


def test_a_page_that_complains_is_noticed(page, expected_console_errors):
    expected_console_errors.append("noticed on purpose")
    with page.expect_console_message():
        page.evaluate("console.error('noticed on purpose')")


def test_a_complaint_fails_a_browser_test(tmp_path):
    (tmp_path / "conftest.py").write_text("from tests.conftest import browser_type_launch_args, expected_console_errors, quiet_browser\n")
    (tmp_path / "test_it.py").write_text(
        "def test_it(page):\n    with page.expect_console_message():\n        page.evaluate(\"console.error('a stain')\")\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", f"--rootdir={tmp_path}", tmp_path]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 1, outcome.stdout
    assert "the browser reported: console: a stain" in outcome.stdout
