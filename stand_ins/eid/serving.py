"""Serving the stand-in, on this machine's own loopback address and nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

HOST = "127.0.0.1"


def bind(make_app: Callable[[str], Any], port: int = 0) -> tuple[BaseWSGIServer, str]:
    """A server for ``make_app(base_url)``, bound and ready, with its address; port 0 takes a free one."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    listening.listen(128)
    port = listening.getsockname()[1]
    base_url = f"http://{HOST}:{port}"
    server = make_server(HOST, port, make_app(base_url), threaded=True, fd=listening.fileno())
    listening.close()  # The server has its own copy.
    return server, base_url


@contextmanager
def running(make_app: Callable[[str], Any], port: int = 0) -> Iterator[str]:
    """Serve ``make_app(base_url)`` in a thread inside the block; gives the address."""
    server, base_url = bind(make_app, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield base_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
