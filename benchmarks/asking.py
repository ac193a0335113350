"""A browser that is nothing but requests: one kept connection, one cookie, no waiting."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from types import TracebackType
from urllib.parse import urlencode

from benchmarks.pages import Page
from benchmarks.processes import CannotMeasure
from portal.cli.demo_settings import HOST

SECONDS = 30


class Connection:
    """One connection to one of the servers."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection(HOST, port, timeout=SECONDS)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None) -> None:
        self._http.close()

    def rest(self) -> None:
        """Let go until something is asked again: a server does the same when it has waited."""
        self._http.close()

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """One request; the answer and its body."""
        body = urlencode(form) if form else None
        sent = dict(headers) | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        try:
            self._http.request(method, path, body, sent)
            answer = self._http.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException) as problem:
            raise CannotMeasure(f"no answer to {method} {path}: {type(problem).__name__}") from problem

    def ask_for(self, page: Page) -> bytes:
        """A page as it should be. Raises CannotMeasure for another status: what is refused is quick and proves nothing."""
        answer, body = self.ask(page.method, page.path, page.headers, page.form)
        if answer.status != page.status:
            raise CannotMeasure(f"{page.name}: status {answer.status} and not {page.status}")
        return body
