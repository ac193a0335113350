"""What the rules of an application can answer with: a decision, a need for a person, or a need to hear somebody first.

Pure values: no Flask, no SQL, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from portal.months import Month
from portal.phrases import Phrase

Outcome = Literal["granted", "partly", "refused", "stopped"]
# Weeks to appeal in, from the day the letter has come.
APPEAL_WEEKS = 4


@dataclass(frozen=True)
class GrantSpec:
    """A right from a month on: `content` is the application's own (for free places the percentage the parents pay)."""

    from_month: Month
    content: Mapping[str, Any]
    until_month: Month | None = None


@dataclass(frozen=True)
class Proposal:
    """A decision as the rules would make it, with everything needed to explain it."""

    outcome: Outcome
    headline: Phrase
    reasons: Sequence[Phrase]
    law: Sequence[Phrase]
    sums: Sequence[tuple[Phrase, Phrase]]
    grants: Sequence[GrantSpec] = ()
    next_steps: Sequence[Phrase] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON form that `from_json` reads back."""
        return {
            "outcome": self.outcome,
            "headline": self.headline.to_json(),
            "reasons": [phrase.to_json() for phrase in self.reasons],
            "law": [phrase.to_json() for phrase in self.law],
            "sums": [[label.to_json(), value.to_json()] for label, value in self.sums],
            "grants": [
                {
                    "from": str(grant.from_month),
                    "until": str(grant.until_month) if grant.until_month else None,
                    "content": dict(grant.content),
                }
                for grant in self.grants
            ],
            "next": [phrase.to_json() for phrase in self.next_steps],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Proposal:
        """The proposal that `to_json` wrote."""
        return cls(
            outcome=data["outcome"],
            headline=Phrase.from_json(data["headline"]),
            reasons=[Phrase.from_json(item) for item in data["reasons"]],
            law=[Phrase.from_json(item) for item in data["law"]],
            sums=[(Phrase.from_json(label), Phrase.from_json(value)) for label, value in data["sums"]],
            grants=[
                GrantSpec(Month.parse(item["from"]), item["content"], Month.parse(item["until"]) if item["until"] else None)
                for item in data["grants"]
            ],
            next_steps=[Phrase.from_json(item) for item in data["next"]],
        )


@dataclass(frozen=True)
class Decide:
    """Objective: the decision can be made at once."""

    proposal: Proposal


@dataclass(frozen=True)
class NeedsPerson:
    """Somebody must look: each reason in words, and what the rules would say if they could.

    only_register: nothing but a silent register stands in the way, so that trying again a little later may be enough.
    """

    why: Sequence[Phrase]
    proposal: Proposal | None = None
    only_register: bool = False


@dataclass(frozen=True)
class HearFirst:
    """The decision would go against somebody on facts they have not seen (forvaltningsloven § 19)."""

    facts: Sequence[Phrase]
    proposal: Proposal
    deadline: date


@dataclass(frozen=True)
class RequestSpec:
    """Somebody who must answer before the case can be decided: who, what kind of answer, what they are told, by when."""

    cpr: str = field(repr=False)
    kind: str = ""
    question: Mapping[str, Any] = field(default_factory=dict, repr=False)
    deadline: date = date.max


@dataclass(frozen=True)
class AnswerGiven:
    """What one of those asked has answered."""

    kind: str
    outcome: str
    answer: Mapping[str, Any] = field(repr=False)


Verdict = Decide | NeedsPerson | HearFirst
