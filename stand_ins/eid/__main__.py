"""``python -m stand_ins.eid --port 8001 --portal http://127.0.0.1:8000`` serves the stand-in for the demo portal."""

from __future__ import annotations

import argparse
import logging
import signal
import sys

from stand_ins.eid.accounts import demo_citizens, demo_staff
from stand_ins.eid.app import create_app
from stand_ins.eid.clients import demo_client
from stand_ins.eid.serving import bind


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m stand_ins.eid", description="Made-up people log in to the demo.")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--portal", default="http://127.0.0.1:8000", help="address of the demo portal")
    chosen = parser.parse_args(arguments)
    # One line per request would bury what the demo prints.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    client = demo_client(chosen.portal.rstrip("/"))
    server, base_url = bind(lambda base: create_app(base, citizens=demo_citizens(), staff=demo_staff(), clients=[client]), chosen.port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"eID stand-in: {base_url}", flush=True)  # noqa: T201 - a program started by hand says where it is
    try:
        server.serve_forever()
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
