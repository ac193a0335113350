from __future__ import annotations

from portal.breaker import CircuitBreaker


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def opened() -> tuple[CircuitBreaker, Hands]:
    clock = Hands()
    breaker = CircuitBreaker(failures=3, seconds=30, clock=clock)
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()
    return breaker, clock


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker, clock = opened()
    clock.seconds += 29.9
    assert not breaker.allows()


def test_a_success_between_begins_the_count_again() -> None:
    breaker = CircuitBreaker(failures=2, seconds=30, clock=Hands())
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    breaker.failed()
    assert breaker.allows()


def test_after_the_pause_one_is_let_through() -> None:
    breaker, clock = opened()
    clock.seconds += 30
    assert breaker.allows()
    assert not breaker.allows()


def test_it_stays_open_when_that_one_fails_and_closes_when_it_succeeds() -> None:
    breaker, clock = opened()
    clock.seconds += 30
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    clock.seconds += 30
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_a_try_that_never_reports_back_does_not_close_the_register_for_good() -> None:
    breaker, clock = opened()
    clock.seconds += 30
    assert breaker.allows()
    clock.seconds += 30
    assert breaker.allows()
