"""A stand-in for the municipality's integration layer: serves registers over HTTP, and misbehaves on order.

``python -m stand_ins.registers 8100 TOKEN`` serves the demo's data, to try the portal's real client by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import msgspec

from portal.registers import http as wire
from portal.registers.registers import Registers, embedded_registers

JSON = "application/json"
DRIPS = 200


class RegistersStandIn(ThreadingHTTPServer):
    """Serves `registers` on loopback. `misbehave` is one of the methods of `Handler` called ``do_wrong_…``, or empty.

    `asked` counts the questions that arrived; `times` limits how many of them are answered wrongly (None: all).
    """

    daemon_threads = True

    def __init__(self, registers: Registers, token: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.registers = registers
        self.token = token
        self.misbehave = ""
        self.times: int | None = None
        self.asked = 0
        self.paths: list[str] = []
        self.released = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @contextmanager
    def running(self) -> Iterator[RegistersStandIn]:
        """Serve in a thread inside the block."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self.shutdown()
            thread.join()
            self.server_close()

    def wrongs(self) -> str:
        """How to answer this question wrongly; empty when rightly."""
        if self.times is None:
            return self.misbehave
        self.times -= 1
        return self.misbehave if self.times >= 0 else ""

    def answer(self, path: str, body: bytes) -> object:
        """The right answer; raises KeyError for an unknown path and msgspec.DecodeError for a question that is none."""
        return ANSWERS[path](self.registers, body)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: RegistersStandIn

    def do_POST(self) -> None:
        self.server.asked += 1
        self.server.paths.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wrong = self.server.wrongs()
        if wrong:
            getattr(self, f"do_wrong_{wrong}")(body)
        elif self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self._send(401, b"{}")
        else:
            self._answer(body)

    def do_wrong_slow(self, _body: bytes) -> None:
        self.server.released.wait(30)

    def do_wrong_drip(self, _body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(DRIPS):
            if self.server.released.wait(0.02):
                return
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def do_wrong_error(self, body: bytes) -> None:
        self._send(500, b"stack trace about " + body)

    def do_wrong_garbage(self, body: bytes) -> None:
        self._send(200, b"<html>" + body + b"</html>")

    def do_wrong_characters(self, body: bytes) -> None:
        self._send(200, b'{"cpr": "\xff\xfe' + body)

    def do_wrong_types(self, body: bytes) -> None:
        cpr = msgspec.json.decode(body)["cpr"]
        person = {"cpr": cpr, "name": 7, "status": cpr}
        month = {"month": {"year": 2026, "month": 13}, "gross": "NaN", "kind": cpr}
        wrong = {"person": person, "household": {"person": person}, "cpr": cpr, "months": [month], "places": [{"id": cpr}]}
        self._send(200, msgspec.json.encode(wrong))

    def do_wrong_amount(self, body: bytes) -> None:
        asked = msgspec.json.decode(body)
        amounts = {"gross": "1e999999999", "am": "NaN", "atp": "0", "pension": "0"}
        month = {"month": asked["last"], **amounts, "kind": "wage"}
        self._send(200, msgspec.json.encode({"cpr": asked["cpr"], "months": [month]}))

    def do_wrong_half(self, _body: bytes) -> None:
        self._send(200, b'{"person": {"cpr": "', claimed=400)

    def do_wrong_redirect(self, _body: bytes) -> None:
        self.send_response(302)
        self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_wrong_drop(self, _body: bytes) -> None:
        self.close_connection = True

    def do_wrong_long(self, _body: bytes) -> None:
        self._send(200, b" " * 2_000_000)

    def do_wrong_person(self, body: bytes) -> None:
        mine = msgspec.json.decode(body)
        other = next(row for row in OTHERS if row != mine["cpr"])
        self._answer(msgspec.json.encode({**mine, "cpr": other}))

    def _answer(self, body: bytes) -> None:
        try:
            self._send(200, msgspec.json.encode(self.server.answer(self.path, body)))
        except KeyError:
            self._send(404, b"{}")
        except msgspec.DecodeError:
            self._send(400, b"{}")

    def _send(self, status: int, body: bytes, claimed: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(claimed or len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_args: object) -> None:
        """Says nothing: a stand-in's log is one more place for a CPR number."""


def _who(body: bytes) -> str:
    return msgspec.json.decode(body, type=wire.WhoQuestion).cpr


def _months(registers: Registers, body: bytes) -> wire.MonthsAnswer:
    question = msgspec.json.decode(body, type=wire.MonthsQuestion)
    count = question.last - question.first + 1
    return wire.MonthsAnswer(question.cpr, registers.income.months(question.cpr, question.last, count))


ANSWERS: dict[str, Callable[[Registers, bytes], object]] = {
    "/v1/people/person": lambda registers, body: wire.PersonAnswer(registers.people.person(_who(body))),
    "/v1/people/household": lambda registers, body: wire.HouseholdAnswer(registers.people.household(_who(body))),
    "/v1/income/months": _months,
    "/v1/places/of-parent": lambda registers, body: wire.PlacesAnswer(_who(body), registers.places.places(_who(body))),
}
OTHERS = ("7203914002", "9001944004")


if __name__ == "__main__":
    port, token = int(sys.argv[1]), sys.argv[2]
    with RegistersStandIn(embedded_registers(), token, port) as server:
        server.serve_forever()
