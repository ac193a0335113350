"""A letter as data, and how it becomes a page. The words come from the form; the frame around them is here.

The data is kept with the decision, so that the letter can be drawn again and read on Min Side. It holds no address and
no CPR number: a protected address must not lie in a letter.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.i18n import format_date, gettext, ngettext, use_locale
from portal.post.pdf import render_pdf

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@dataclass(frozen=True)
class SenderBlock:
    """Who writes: the municipality as the citizen knows it. `url` is where to write to it, `phone` as it is read aloud."""

    name: str
    address: tuple[str, ...]
    phone: str
    url: str
    cvr: str


@dataclass(frozen=True)
class Section:
    """A heading, then paragraphs, a table of (label, value), a list. With `total` the table's last row is the sum."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class LetterContent:
    """One letter in one language (da or en).

    `lead` says what was decided, in one or two sentences. `sections` come in the order they are read: the sum, what
    happens next. `appeal` says how and by when, `contact` whom to ask (None: the sender's phone and address on the
    web), `law` names the rules, one a line.
    """

    title: str
    lead: str
    case_number: str
    date: date
    sender: SenderBlock
    recipient_name: str = field(repr=False)
    language: str
    sections: tuple[Section, ...] = ()
    appeal: Section | None = None
    contact: Section | None = None
    law: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The letter as what JSON can hold."""
        return asdict(self) | {"date": self.date.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LetterContent:
        """The letter kept by `to_json`. Raises KeyError or TypeError for anything else."""
        return cls(
            **data
            | {
                "date": date.fromisoformat(data["date"]),
                "sender": SenderBlock(**data["sender"] | {"address": tuple(data["sender"]["address"])}),
                "sections": tuple(_section(each) for each in data["sections"]),
                "appeal": _section(data["appeal"]) if data["appeal"] else None,
                "contact": _section(data["contact"]) if data["contact"] else None,
                "law": tuple(data["law"]),
            }
        )


def _section(data: dict[str, Any]) -> Section:
    rows = tuple((label, value) for label, value in data["table"])
    return Section(**data | {"paragraphs": tuple(data["paragraphs"]), "table": rows, "items": tuple(data["items"])})


class LetterRenderer:
    """Letters as HTML and as PDF/UA, in the letter's own language whatever language is in use."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def html(self, letter: LetterContent) -> str:
        """The page the PDF is drawn from."""
        with use_locale(letter.language):
            return self._environment.get_template("letters/letter.html").render(letter=letter)

    def pdf(self, letter: LetterContent) -> bytes:
        """The letter as PDF/UA-1. Raises `portal.post.pdf.LetterNotAccessible`."""
        return render_pdf(self.html(letter), language=letter.language, title=letter.title)


def letter_environment() -> Environment:
    """A Jinja environment for letters, for processes without the web application."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"_": gettext, "ngettext": ngettext}
    environment.filters["date"] = format_date
    return environment


def make_renderer() -> LetterRenderer:
    """A renderer that stands on its own."""
    return LetterRenderer(letter_environment())
