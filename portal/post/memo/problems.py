"""What can be wrong with a message, in words a case worker can act on. No problem quotes what the message says."""

from __future__ import annotations

from dataclasses import dataclass

from babel.support import LazyProxy

from portal.i18n import lazy as _l

TEXTS: dict[str, LazyProxy] = {
    "action.code": _l("The button has a kind that Digital Post letters from here cannot use."),
    "action.url": _l("The button must lead to an address that begins with https://."),
    "attachments.too.many": _l("The letter has more than 10 attachments. Put some of them together."),
    "characters": _l("The text has hidden characters that cannot be sent. Write it again instead of pasting it."),
    "concerns.too.many": _l("The letter is about more than 11 people. Split it up."),
    "cpr": _l("The CPR number must have 10 digits."),
    "created": _l("The letter has no time of making, or one without a time zone."),
    "cvr": _l("The sender's CVR number must have 8 digits."),
    "deliver.too.early": _l("The day of delivery lies before the day the letter was made."),
    "deliver.too.late": _l("The day of delivery lies more than a year ahead."),
    "document.missing": _l("The letter has no document."),
    "empty": _l("A text that must be there is missing."),
    "file.empty": _l("A file is empty."),
    "file.kind": _l("The file is not of a kind we send, or its name ends in something else than its kind."),
    "file.name": _l("The file name has characters that Digital Post refuses."),
    "language": _l("A file does not say which language it is in, with two letters."),
    "notification.empty": _l("A text message must have a text."),
    "personal.number": _l("A title, a file name or a web address holds something that looks like a CPR number."),
    "reply.by": _l("The time limit for an answer has no time zone, or lies before the letter was made."),
    "size": _l("The letter takes up more than 99.5 MB. Make the attachments smaller."),
    "too.long": _l("A text is longer than Digital Post takes."),
    "unreadable": _l("The message is not a readable MeMo message."),
    "uuid": _l("The message's own number must be a version 4 UUID."),
}


@dataclass(frozen=True)
class Problem:
    """One rule broken: `code` from `TEXTS`, `where` the element, never its content."""

    code: str
    where: str = ""

    @property
    def text(self) -> str:
        """The problem in the language in use."""
        return str(TEXTS[self.code])


class InvalidLetter(ValueError):
    """A message that must not be sent as it is: a person has to look. `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.code} ({p.where})" if p.where else p.code for p in problems))
        self.problems = problems
