"""Every look-up in a register leaves an entry for each person asked about: the one way in which registers are asked."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy.orm import Session

from portal import audit
from portal.clock import Clock
from portal.storage.people import find_person

LOOK_UP = "look_up"
ANSWERED = frozenset({"ok", "unknown"})


class NotedAsk:
    """Asks as `ask` does, and remembers about whom which registers were asked, and which of them answered.

    The first thing a register is asked with is a CPR number. `municipality` may be told when a register has said it.
    """

    def __init__(self, ask: Callable[..., Any], municipality: str | None) -> None:
        self._ask = ask
        self.municipality = municipality
        self.asked: dict[str, dict[str, bool]] = {}

    def __call__(self, register: str, question: str, *args: Any) -> Any:
        registers = self.asked.setdefault(args[0], {})
        registers.setdefault(register, False)
        told = self._ask(register, question, *args)
        registers[register] |= told.status in ANSWERED
        return told


@contextmanager
def noted(
    ask: Callable[..., Any],
    transaction: Callable[[], AbstractContextManager[Session]],
    clock: Clock,
    *,
    role: str,
    actor: str | None,
    purpose: str,
    people: Mapping[str, uuid.UUID],
    case_id: uuid.UUID | None = None,
    municipality: str | None = None,
) -> Iterator[NotedAsk]:
    """A way to ask registers inside the block; when it ends, well or badly, what was asked is written in a transaction of its own.

    Registers are asked outside transactions, because they may be slow; and what was looked up was looked up, whatever
    comes of what it was for. `people` are the portal's ids by CPR number.
    """
    asking = NotedAsk(ask, municipality)
    try:
        yield asking
    finally:
        if asking.asked:
            with transaction() as session:
                for cpr, registers in asking.asked.items():
                    audit.record(
                        session,
                        clock.now(),
                        role=role,
                        actor=actor,
                        verb=LOOK_UP,
                        subject=f"registers:{','.join(registers)}",
                        person_id=people.get(cpr) or _met(session, cpr),
                        case_id=case_id,
                        municipality=asking.municipality,
                        purpose=purpose,
                        results=sum(registers.values()),
                    )


def _met(session: Session, cpr: str) -> uuid.UUID | None:
    person = find_person(session, cpr)
    return person.id if person is not None else None
