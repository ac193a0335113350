"""A RabbitMQ to test on: one that runs, or a throw-away one from the programs found on this machine."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

PROGRAMS = Path("/usr/lib/rabbitmq/bin")
START_SECONDS = 90


class NoServer(Exception):
    """There is no server, and no program to start one with."""


@contextlib.contextmanager
def own_vhost(environ: Mapping[str, str]) -> Iterator[str]:
    """The URL of an empty virtual host that is gone when the block ends. Raises NoServer."""
    asked = environ.get("PORTAL_TEST_RABBITMQ_URL")
    if asked:
        yield asked
        return
    if listens(5672) and may_administer():
        name = f"portal_test_{uuid.uuid4().hex[:12]}"
        control("add_vhost", name)
        try:
            control("set_permissions", "-p", name, "guest", ".*", ".*", ".*")
            yield f"amqp://guest:guest@127.0.0.1:5672/{name}"
        finally:
            control("delete_vhost", name)
        return
    with throw_away_server() as url:
        yield url


def listens(port: int) -> bool:
    """Whether something accepts connections on this port of ours."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def may_administer() -> bool:
    """Whether the running server takes our orders: it may be another's, reachable and not ours to change."""
    try:
        control("status")
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def control(*arguments: str) -> None:
    subprocess.run(["rabbitmqctl", "--quiet", *arguments], check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)


@contextlib.contextmanager
def throw_away_server() -> Iterator[str]:
    """A server of our own with its files in a temporary folder, stopped and removed when the block ends."""
    program = PROGRAMS / "rabbitmq-server"
    if not program.exists():
        raise NoServer("RabbitMQ: no server answers that we may administer, and there are no server programs in /usr/lib/rabbitmq")
    folder = Path(tempfile.mkdtemp(prefix="portal-mq-", dir="/tmp"))
    port, distribution_port, epmd_port = free_ports(3)
    (folder / ".erlang.cookie").write_text(secrets.token_hex(16))
    (folder / ".erlang.cookie").chmod(0o400)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"portal{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution_port),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
    }
    with (folder / "output").open("wb") as output:
        server = subprocess.Popen(
            [program], env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(port, server, folder / "output")
        yield f"amqp://guest:guest@127.0.0.1:{port}/%2F"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)  # its data are thrown away, so it need not close them well
        server.wait(30)
        stop_name_server(environment)
        shutil.rmtree(folder, ignore_errors=True)


def stop_name_server(environment: Mapping[str, str]) -> None:
    """Erlang's name server outlives what started it; it lets itself be ended once it has forgotten the dead node."""
    until = time.monotonic() + 10
    while listens(int(environment["ERL_EPMD_PORT"])) and time.monotonic() < until:
        subprocess.run(["epmd", "-kill"], env=environment, capture_output=True, check=False)
        time.sleep(0.05)  # it tells nobody when it has forgotten


def wait_for(port: int, server: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not listens(port):
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"RabbitMQ did not start: {output.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)  # the server tells nobody when it is ready


def free_ports(count: int) -> list[int]:
    """Ports nobody has, below those the system hands out: a client that keeps trying one of those can meet itself."""
    ports: list[int] = []
    start = 20000 + os.getpid() % 10000
    for port in range(start, 32768):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        ports.append(port)
        if len(ports) == count:
            return ports
    raise RuntimeError("no free port")
