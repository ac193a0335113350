"""How a letter becomes a page. The words come from the form; the frame around them is in templates/letters."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.i18n import format_date, gettext, ngettext, use_locale
from portal.post.content import LetterContent
from portal.post.pdf import ROOT, render_pdf

TEMPLATES = ROOT / "templates"


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
