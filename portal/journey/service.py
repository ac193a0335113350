"""What an application is, as data: the vocabulary in which each folder of forms/ describes itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.journey.forms import StepForm
from portal.journey.state import State
from portal.journey.stop import Stop


def always(_state: State) -> bool:
    """On every path."""
    return True


def nothing(_state: State) -> dict[str, Any]:
    """Nothing more for the page to show, or to remember."""
    return {}


@dataclass(frozen=True)
class Answer:
    """One row of "check your answers": what was asked, the answer in words, where it came from."""

    label: str
    text: str
    source: str = ""


@dataclass(frozen=True)
class Step:
    """One page. It is on the path when `applies`; `remember` adds to its answer what the page showed."""

    name: str
    title: Any
    form: type[StepForm] = StepForm
    applies: Callable[[State], bool] = always
    template: str = "journey/step.html"
    view: Callable[[State], dict[str, Any]] = nothing
    remember: Callable[[State], dict[str, Any]] = nothing
    summary: Callable[[State], Sequence[Answer]] = field(default=lambda _state: ())
    stop: Callable[[State], Any | None] = field(default=lambda _state: None)
    uploads: bool = False


class IncompleteAnswer(ValueError):
    """Something that the answer cannot do without was never given."""


@dataclass(frozen=True)
class AnswerPage:
    """How somebody else answers. The forms are asked one after the other.

    `look` takes from their facts what the pages show; that travels with the pages, so that the answer is to what was seen.
    `next_form` takes what is shown and what has been answered (by form number) and gives the next form, or None when done.
    `overtaken` tells from what was shown, what would be shown now and the answers whether they must look once more.
    `answer` makes what is stored. Raises IncompleteAnswer.
    """

    template: str
    look: Callable[[Mapping[str, Any]], dict[str, Any]]
    next_form: Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], type[StepForm] | None]
    overtaken: Callable[[Mapping[str, Any], Mapping[str, Any], Sequence[Mapping[str, Any]]], bool]
    answer: Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], dict[str, Any]]
    view: Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Service:
    """One application the portal offers. What is callable here is pure, except `gather`, which asks the registers.

    expects_person: whether it was known when the application was sent that a person must look at it. tell_citizen: the
    rules' reasons for that in the citizen's words. is_worse: whether a case worker's decision gives the citizen less than
    they were shown or asked for.
    """

    slug: str
    name: Any
    lead: Any
    kle: str
    kle_label: str
    facet: str
    steps: Sequence[Step]
    needs: Sequence[Any]
    decides: Any
    schema_version: int
    schema: Mapping[str, Any]
    gather: Callable[..., dict[str, Any]]
    needed_facts_problem: Callable[[Mapping[str, Any]], Stop | None]
    context: Callable[..., Any]
    build: Callable[[State], dict[str, Any]]
    requests: Callable[[Mapping[str, Any]], Sequence[Any]]
    decide: Callable[..., Any]
    propose: Callable[..., Any]
    letter: Callable[..., dict[str, Any]]
    compare: Callable[..., Sequence[Any]]
    hold_from: Callable[[Mapping[str, Any]], Any]
    expects_person: Callable[[Mapping[str, Any]], bool] = field(default=lambda _application: False)
    tell_citizen: Callable[[Sequence[Any]], Sequence[Any]] = field(default=lambda _why: ())
    is_worse: Callable[..., bool] = field(default=lambda *_: False)
    expected_plan: Callable[..., Any] | None = None
    answer_pages: Mapping[str, AnswerPage] = field(default_factory=dict)
