"""What every test may ask for, and the rules that hold for all of them."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.security import is_about_security
from tests.servers import postgres, rabbitmq

# Shared cores make single examples slow at random; CI tries the same examples each time, so that it fails only for a reason.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("portal-ci", settings.get_profile("portal"), derandomize=True, print_blob=True)
settings.load_profile("portal-ci" if os.environ.get("CI") == "true" else "portal")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def not_here(reason: str) -> None:
    """In CI what a test needs must be there; elsewhere the test is left out, and says why."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (with CI=true this is a failure)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """No test reaches further than this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])  # type: ignore[index]
            if not (host.startswith("127.") or host in ("localhost", "::1")):
                self.close()
                raise AssertionError("a test tried to reach beyond this machine")
        return connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database, this test run's own, dropped at its end."""
    try:
        with postgres.own_database(os.environ) as url:
            yield url
    except postgres.NoServer as problem:
        not_here(str(problem))


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """The URL of an empty RabbitMQ virtual host, this test run's own, gone at its end."""
    try:
        with rabbitmq.own_vhost(os.environ) as url:
            yield url
    except rabbitmq.NoServer as problem:
        not_here(str(problem))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Playwright drives the browser that the machine has; it never fetches one of its own."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        not_here("no browser: install chromium")
    return {**browser_type_launch_args, "executable_path": program, "args": BROWSER_FLAGS}


@pytest.fixture
def expected_console_errors() -> list[str]:
    """A browser test appends a part of each console error it provokes on purpose, as the 404 of a page that is not there."""
    return []


@pytest.fixture(autouse=True)
def quiet_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """A browser test fails when a page reported an error, threw one, or broke its content security policy."""
    if "context" not in request.fixturenames:
        yield
        return
    context = request.getfixturevalue("context")
    expected = request.getfixturevalue("expected_console_errors")
    seen: list[str] = []
    # Chromium reports a broken content security policy as a console error.
    context.on("console", lambda message: seen.append(f"console: {message.text}") if message.type == "error" else None)
    context.on("weberror", lambda error: seen.append(f"thrown: {error.error}"))
    yield
    unexpected = [text for text in seen if not any(part in text for part in expected)]
    assert not unexpected, "the browser reported: " + " | ".join(unexpected)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks follow from what a test asks for and where it stands, so that none is forgotten."""
    for item in items:
        if is_about_security(item.nodeid.partition("::")[0]):
            item.add_marker("security")
        names = getattr(item, "fixturenames", ())
        for mark, fixture in (("browser", "context"), ("postgres", "postgres_url"), ("rabbitmq", "rabbitmq_url")):
            if fixture in names:
                item.add_marker(mark)
