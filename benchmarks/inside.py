"""The portal asked without a server between: for counting statements and instructions."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from werkzeug.test import Client

from benchmarks.bare import make_bare
from benchmarks.pages import Page
from benchmarks.processes import CannotMeasure
from benchmarks.statements import counted
from portal.web.application import make_application
from portal.web.parts import Parts


class Inside:
    """The portal and the bare application in this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._portal, self._bare = make_application(parts), make_bare()

    def ask(self, page: Page, times: int = 1) -> None:
        """Ask for a page. Raises CannotMeasure when it is not what it should be."""
        repeat(self._bare if page.bare else self._portal, page, times)

    def statements(self, page: Page) -> int:
        """How many SQL statements one request takes, once its statements are known to the process."""
        self.ask(page)
        with counted(self._parts.database.engine) as seen:
            self.ask(page)
        return len(seen)


def repeat(app: Flask, page: Page, times: int) -> None:
    """Ask an application for a page over and over."""
    client = Client(app, use_cookies=False)
    asked: Callable[..., object] = client.open
    for _time in range(times):
        answer = asked(page.path, method=page.method, headers=page.headers, data=dict(page.form) or None)
        status = getattr(answer, "status_code", None)
        if status != page.status:
            raise CannotMeasure(f"{page.name}: status {status} and not {page.status}")
