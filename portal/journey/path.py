"""Which pages are on the way, given the answers: computed each time, never stored, and the check of who may be where."""

from __future__ import annotations

from collections.abc import Sequence

from portal.journey.service import Service, Step
from portal.journey.state import State


class NotOnPath(LookupError):
    """The page is not on this person's way, or comes after one that is not answered; `instead` is where to go."""

    def __init__(self, instead: Step | None) -> None:
        super().__init__("not on the path")
        self.instead = instead


def path(service: Service, state: State) -> list[Step]:
    """The pages on the way, in order.

    A page's condition sees only answers of pages that are themselves on the way before it, so an answer that no longer
    counts cannot open a page.
    """
    way: list[Step] = []
    seen: dict[str, object] = {}
    for step in service.steps:
        trimmed = State(answers=seen, facts=state.facts, today=state.today, context=state.context)
        if step.applies(trimmed):
            way.append(step)
            if step.name in state.answers:
                seen[step.name] = state.answers[step.name]
    return way


def counting(service: Service, state: State) -> State:
    """The state with only the answers that are on the way."""
    names = {step.name for step in path(service, state)}
    return State({name: answer for name, answer in state.answers.items() if name in names}, state.facts, state.today, state.context)


def first_unanswered(way: Sequence[Step], state: State) -> Step | None:
    """The first page still to be answered; None when all are."""
    return next((step for step in way if step.name not in state.answers), None)


def find(service: Service, state: State, name: str) -> tuple[list[Step], int]:
    """The way and the place of page `name` on it. Raises NotOnPath when the person can't be there yet, or at all."""
    way = path(service, state)
    gap = first_unanswered(way, state)
    for index, step in enumerate(way):
        if step.name == name:
            return way, index
        if step is gap:
            raise NotOnPath(gap)
    raise NotOnPath(gap)
