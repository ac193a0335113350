"""python -m portal work: one worker. Start as many as there is work for on PostgreSQL, one on SQLite."""

from __future__ import annotations

import os
import signal
import time

from portal.readiness import ready_settings
from portal.web.logs import set_up_logs
from portal.web.sessions import DatabaseSessions
from portal.wiring import load_contacts, make_clock, make_services, make_worker, open_database


class Flag:
    """Told to stop. Plain, because a lock that is taken in a signal's handler can be the one that was interrupted."""

    def __init__(self) -> None:
        self._set = False

    def set(self, *_signal: object) -> None:
        self._set = True

    def is_set(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


def main(_arguments: list[str]) -> int:
    """Work until told to stop."""
    settings = ready_settings(os.environ)
    set_up_logs()
    load_contacts(settings)
    database, clock = open_database(settings), make_clock(settings)
    stop = Flag()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop.set)
    DatabaseSessions(database, settings).sweep()
    make_worker(settings, database, clock, make_services(settings)).run(stop)
    database.close()
    return 0
