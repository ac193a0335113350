"""The demo's processes live and die together."""

from __future__ import annotations

import os
import select
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.cli import demo
from portal.cli.demo_settings import CannotStart, chosen_port, demo_environment, free_port, own_keys
from portal.cli.supervisor import Child
from portal.settings import load_settings

ROOT = Path(__file__).resolve().parents[3]
FAKE = Path(__file__).with_name("fake_children.py")

# The demo in a process of its own, as `python -m portal demo` runs it, but with fake children.
PROGRAM = """
import sys
from pathlib import Path
from tests.portal.cli.test_demo import all_noted, fake_plan
from portal.cli import demo
folder, verbs = Path(sys.argv[1]), sys.argv[2].split(",")

def ready():
    all_noted(folder, verbs)
    print("ready", flush=True)

sys.exit(demo.run(fake_plan(folder, *verbs), folder, ready, grace=1.0))
"""


def fake_plan(folder, *verbs, prepare=()):
    port = free_port(19000 + os.getpid() % 10000)

    def child(verb):
        return Child(verb, [sys.executable, str(FAKE), verb, str(port), str(folder)])

    return demo.Plan([child(verb) for verb in prepare], [child(verb) for verb in verbs], f"http://127.0.0.1:{port}", dict(os.environ))


def stop_when_ready():
    raise demo.Stopped


def noted(folder, verb):
    """The process id that a fake child wrote down; it may take a moment to begin."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            return int((folder / f"{verb}.pid").read_text())
        except FileNotFoundError:
            select.select([], [], [], 0.01)
    raise AssertionError(f"{verb} never began")


def all_noted(folder, verbs):
    """The fake children have all begun: one that is stopped before has written nothing down."""
    return [noted(folder, verb) for verb in verbs]


def is_gone(pid, seconds=10.0):
    """Whether the process ends within so long."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)


@pytest.fixture
def started(tmp_path):
    """Starts the demo in a process of its own and waits until it says that it is ready."""
    processes = []

    def start(verbs):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), verbs], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_it_stops_all_it_started(tmp_path, capsys):
    def ready():
        all_noted(tmp_path, ["serve", "work"])
        raise demo.Stopped

    assert demo.run(fake_plan(tmp_path, "serve", "work"), tmp_path, ready) == 0
    assert is_gone(noted(tmp_path, "serve"), 0)
    assert is_gone(noted(tmp_path, "work"), 0)
    assert capsys.readouterr().out == "portal: stopped\n"


def test_a_failed_preparation_is_shown_and_nothing_is_served(tmp_path, capsys):
    plan = fake_plan(tmp_path, "serve", prepare=["fail"])
    assert demo.run(plan, tmp_path, stop_when_ready) == 1
    shown = capsys.readouterr().err
    assert "fail ended unexpectedly (status 3)" in shown
    assert "the table is missing" in shown
    assert not (tmp_path / "serve.pid").exists()


def test_one_child_that_dies_stops_the_rest_and_its_last_words_are_shown(tmp_path, capsys):
    plan = fake_plan(tmp_path, "work", "fail")
    assert demo.run(plan, tmp_path, stop_when_ready) == 1
    assert "the table is missing" in capsys.readouterr().err
    assert is_gone(noted(tmp_path, "fail"), 0)


def test_a_child_killed_while_it_serves_stops_the_rest(tmp_path, capsys):
    plan = fake_plan(tmp_path, "serve", "work")
    assert demo.run(plan, tmp_path, lambda: os.kill(noted(tmp_path, "work"), signal.SIGKILL)) == 1
    assert "work ended unexpectedly (status -9)" in capsys.readouterr().err
    assert is_gone(noted(tmp_path, "serve"), 0)


def test_when_the_portal_answers_with_an_error_what_it_wrote_is_shown(tmp_path, capsys):
    def ready():
        raise OSError("HTTP Error 500")

    assert demo.run(fake_plan(tmp_path, "serve"), tmp_path, ready) == 1
    shown = capsys.readouterr().err
    assert "HTTP Error 500" in shown
    assert "GET /health/ready" in shown  # the fake server's own log
    assert is_gone(noted(tmp_path, "serve"), 0)


def test_a_portal_that_is_never_ready_is_given_up(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(demo, "READY_SECONDS", 0.3)
    assert demo.run(fake_plan(tmp_path, "work"), tmp_path, stop_when_ready) == 1
    assert "was not ready after 0.3 seconds" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_in_good_order(started, tmp_path, number):
    process = started("serve,work")
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "portal: stopped\n", "")
    assert is_gone(noted(tmp_path, "serve"), 0)
    assert is_gone(noted(tmp_path, "work"), 0)


def test_what_does_not_listen_is_killed_with_all_its_own(started, tmp_path):
    process = started("serve,stubborn")
    grandchild = noted(tmp_path, "grandchild")
    process.terminate()
    assert process.wait(20) == 0
    assert is_gone(noted(tmp_path, "stubborn"), 0)
    assert is_gone(grandchild, 5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_no_child_outlives_a_supervisor_that_was_killed(started, tmp_path):
    process = started("serve,work")
    pids = [noted(tmp_path, "serve"), noted(tmp_path, "work")]
    process.kill()
    assert [is_gone(pid) for pid in pids] == [True, True]


def test_a_taken_port_is_said_in_one_line(capsys, monkeypatch):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        assert demo.main([]) == 2
    shown = capsys.readouterr().err
    assert "is taken" in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(CannotStart, match="number from 1 to 65535"):
        chosen_port({"PORT": port})


def test_unknown_words_are_refused(capsys):
    assert demo.main(["--help-me"]) == 2
    assert "usage" in capsys.readouterr().err


def test_keys_are_made_once_and_kept_from_others(tmp_path):
    folder = tmp_path / "demo"
    keys = own_keys(folder)
    assert own_keys(folder) == keys
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_its_keys_the_data_begin_anew(tmp_path):
    folder = tmp_path / "demo"
    before = own_keys(folder)
    (folder / "portal.sqlite3").write_text("unreadable now")
    (folder / "keys").unlink()
    assert own_keys(folder) != before
    assert not (folder / "portal.sqlite3").exists()


def test_settings_of_the_shell_do_not_reach_the_demo(tmp_path):
    shell = {"PATH": "/bin", "PORTAL_DATABASE_URL": "postgresql://production", "PORTAL_REGISTERS_URL": "https://registers.example"}
    environ = demo_environment(shell, tmp_path / "demo", 8000, 8001)
    settings = load_settings(environ)
    assert settings.demo
    assert settings.database_url.startswith("sqlite:")
    assert settings.registers_url == ""
    assert settings.citizen_eid.issuer == "http://127.0.0.1:8001/citizen"
    assert settings.staff_eid.issuer == "http://127.0.0.1:8001/staff"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert environ["PATH"] == "/bin"


def test_the_date_may_be_chosen(tmp_path):
    environ = demo_environment({"PORTAL_DEMO_DATE": "2026-12-24"}, tmp_path / "demo", 8000, 8001)
    assert environ["PORTAL_DEMO_DATE"] == "2026-12-24"


def test_the_greeting_names_the_address_and_whom_to_be():
    text = demo.greeting("http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000" in text
    assert all(person.name in text and person.shows_en in text for person in demo.demo_citizens())
    assert max(map(len, text.splitlines())) < 200
