"""The HTTP client when the other side misbehaves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
import stamina
import structlog.testing

from portal.months import Month
from portal.registers.errors import RegisterError, RegisterNonsense, RegisterUnavailable
from portal.registers.http import connect_registers
from portal.registers.registers import Registers, embedded_registers
from stand_ins.registers import RegistersStandIn

MARIA = "7203914002"
OCTOBER = Month(2026, 10)
IMPATIENT = 0.15

QUESTIONS: dict[str, Callable[[Registers], object]] = {
    "person": lambda registers: registers.people.person(MARIA),
    "household": lambda registers: registers.people.household(MARIA),
    "months": lambda registers: registers.income.months(MARIA, OCTOBER),
    "places": lambda registers: registers.places.places(MARIA),
}


@pytest.fixture(autouse=True)
def no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=9, cap=True):
        yield


@pytest.fixture
def server() -> Iterator[RegistersStandIn]:
    with RegistersStandIn(embedded_registers(), "secret").running() as running:
        yield running


def client(server: RegistersStandIn, timeout: float = 5, token: str = "secret") -> Registers:
    return Registers(*connect_registers(server.url, token=token, timeout=timeout))


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
@pytest.mark.parametrize(
    ("wrong", "error", "reason"),
    [
        ("slow", RegisterUnavailable, "timeout"),
        ("drip", RegisterUnavailable, "timeout"),
        ("error", RegisterUnavailable, "status"),
        ("drop", RegisterUnavailable, "network"),
        ("half", RegisterUnavailable, "network"),
        ("garbage", RegisterNonsense, "unreadable"),
        ("characters", RegisterNonsense, "unreadable"),
        ("types", RegisterNonsense, "unreadable"),
        ("long", RegisterNonsense, "too_long"),
        ("redirect", RegisterNonsense, "redirect"),
        ("person", RegisterNonsense, "other_person"),
    ],
)
def test_misbehaviour_is_told_by_a_word_and_nothing_more(
    server: RegistersStandIn, question: Callable[[Registers], object], wrong: str, error: type[RegisterError], reason: str
) -> None:
    server.misbehave = wrong
    registers = client(server, IMPATIENT if wrong in ("slow", "drip") else 5)
    with pytest.raises(error) as caught:
        question(registers)
    assert caught.value.reason == reason
    assert str(caught.value) == f"{caught.value.register} register: {reason}"
    # A library's exception may quote what was sent or answered; none hangs on ours.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_amounts_that_are_none_are_nonsense(server: RegistersStandIn) -> None:
    server.misbehave = "amount"
    with pytest.raises(RegisterNonsense, match="unreadable"):
        client(server).income.months(MARIA, OCTOBER)


def test_a_redirect_is_not_followed(server: RegistersStandIn) -> None:
    server.misbehave = "redirect"
    with pytest.raises(RegisterNonsense):
        client(server).people.person(MARIA)
    assert server.asked == 1


def test_a_dropped_connection_is_tried_once_more(server: RegistersStandIn) -> None:
    server.misbehave, server.times = "drop", 1
    person = client(server).people.person(MARIA)
    assert person is not None
    assert server.asked == 2


def test_but_only_once_more(server: RegistersStandIn) -> None:
    server.misbehave = "drop"
    with pytest.raises(RegisterUnavailable, match="network"):
        client(server).people.person(MARIA)
    assert server.asked == 2


@pytest.mark.parametrize("wrong", ["slow", "error", "garbage"])
def test_nothing_else_is_tried_again(server: RegistersStandIn, wrong: str) -> None:
    server.misbehave = wrong
    with pytest.raises(RegisterError):
        client(server, IMPATIENT if wrong == "slow" else 5).people.person(MARIA)
    assert server.asked == 1


def test_a_wrong_token_is_not_an_unknown_person(server: RegistersStandIn) -> None:
    with pytest.raises(RegisterUnavailable, match="refused"):
        client(server, token="wrong").people.person(MARIA)


def test_a_wrong_address_is_not_an_unknown_person(server: RegistersStandIn) -> None:
    people, _income, _places = connect_registers(f"{server.url}/wrong", token="secret", timeout=5)
    with pytest.raises(RegisterUnavailable, match="status"):
        people.person(MARIA)


def test_nobody_there_at_all() -> None:
    with RegistersStandIn(embedded_registers(), "secret").running() as server:
        gone = client(server)
    with pytest.raises(RegisterUnavailable, match="network"):
        gone.people.person(MARIA)


def test_a_register_that_is_down_is_left_alone_and_the_others_are_not(server: RegistersStandIn) -> None:
    registers = client(server)
    server.misbehave = "error"
    for _ in range(5):
        with pytest.raises(RegisterUnavailable, match="status"):
            registers.income.months(MARIA, OCTOBER)
    with pytest.raises(RegisterUnavailable, match="circuit_open"):
        registers.income.months(MARIA, OCTOBER)
    assert server.asked == 5
    server.misbehave = ""
    assert registers.people.person(MARIA) is not None


def test_nonsense_does_not_open_the_circuit(server: RegistersStandIn) -> None:
    registers = client(server)
    server.misbehave = "redirect"
    for _ in range(7):
        with pytest.raises(RegisterNonsense):
            registers.places.places(MARIA)
    assert server.asked == 7


def test_no_number_stands_in_an_address_or_a_log(server: RegistersStandIn, caplog: pytest.LogCaptureFixture) -> None:
    registers = client(server)
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as structured:
        for question in QUESTIONS.values():
            server.misbehave, server.times = "drop", 1
            question(registers)
    assert len(server.paths) == 2 * len(QUESTIONS)
    assert not any(MARIA in path for path in server.paths)
    assert caplog.records
    assert structured
    told = f"{caplog.text}{structured}"
    assert MARIA not in told
    assert "Prøve" not in told
    assert "21107" not in told
    assert "secret" not in told


@pytest.mark.parametrize(
    "url", ["http://registers.example", "http://10.0.0.1", "ftp://127.0.0.1", "registers.example", "", "http://127.0.0.1.example"]
)
def test_numbers_are_not_sent_in_the_open(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        connect_registers(url, token="secret", timeout=1)


def test_no_token_no_client() -> None:
    with pytest.raises(ValueError, match="PORTAL_REGISTERS_TOKEN"):
        connect_registers("https://registers.example", token="", timeout=1)
