"""python -m portal serve: the portal on gunicorn with threads. Behind a proxy that speaks https, except in the demo."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from gunicorn.app.base import BaseApplication

from portal import create_app
from portal.readiness import ready_database, ready_settings
from portal.settings import Settings
from portal.web.logs import set_up_logs
from portal.wiring import open_database

THREADS = 4
LOOPBACK = "127.0.0.1"


class Server(BaseApplication):
    """gunicorn with our options and no file of its own."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        set_up_logs()
        return create_app()


def host(settings: Settings, environ: Mapping[str, str]) -> str:
    """The address to listen on. The demo lets anybody in as anybody, so it is for this machine alone."""
    return LOOPBACK if settings.demo else environ.get("HOST", LOOPBACK)


def main(_arguments: list[str]) -> int:
    """Serve until stopped."""
    settings = ready_settings(os.environ)
    # Here too, before gunicorn has processes that would each say it.
    ready_database(open_database(settings)).close()
    workers = int(os.environ.get("PORTAL_WEB_WORKERS", "1" if settings.demo else "2"))
    bind = f"{host(settings, os.environ)}:{os.environ.get('PORT', '8000')}"
    # No max_requests: gunicorn resets connections of the threads that are busy when a worker is replaced.
    Server(
        {"bind": bind, "workers": workers, "threads": THREADS, "worker_class": "gthread", "loglevel": "warning", "accesslog": None}
    ).run()
    return 0
