"""An environment like the application's, with the texts as they are written, and one field of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def gettext(text: str, **values: object) -> str:
    return text % values if values else text


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    return (one if number == 1 else many) % {"num": number, **values}


def make_environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.globals.update(
        _=gettext,
        ngettext=ngettext,
        locale="da",
        current_user=None,
        csrf_token=lambda: "token",
        demo=True,
        contact={
            "name": "Eksempel Kommune",
            "phone": "12 34 56 78",
            "phone_hours": "hverdage kl. 9-14",
            "email": "hjaelp@kommune.example",
            "url": "",
        },
        url_for=lambda endpoint, **values: "/" + endpoint.replace(".", "/"),
        closed=lambda _name: None,
        static_url=lambda path: f"/static/{path}",
        nav_items=[{"url": "/min-side", "text": "Min Side", "current": True}, {"url": "/sager", "text": "Sager", "current": False}],
        page_language_links=[("da", "Dansk", "?lang=da"), ("en", "English", "?lang=en")],
        request_path="/",
    )
    environment.filters.update(
        date=lambda day: f"{day.day}.{day.month}.{day.year}",
        kroner=lambda amount: f"{amount:,.2f} kr.".replace(",", " ").replace(".", ",", 1),
    )
    return environment


@dataclass
class FakeField:
    """What the macros may ask of a field."""

    kind: str
    id: str
    text: str
    description: str = ""
    value: str = ""
    errors: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    choice_hints: dict[str, str] = field(default_factory=dict)
    autocomplete: str | None = None
    suffix: str | None = None
    inputmode: str | None = None
    optional: bool = False
    check: str | None = None
    accept: str = ".pdf,.jpg,.png"
    max_mb: int = 10
    max_files: int = 5

    @property
    def name(self) -> str:
        return self.id

    @property
    def label(self) -> SimpleNamespace:
        return SimpleNamespace(text=self.text)

    @property
    def checked(self) -> bool:
        return bool(self.value)

    def _value(self) -> str:
        return self.value

    def parts(self) -> dict[str, str]:
        return {"day": "12", "month": "3", "year": "2026"}

    def iter_choices(self) -> Iterator[tuple[str, str, bool, dict[str, str]]]:
        for value, text in self.choices:
            yield value, text, value == self.value, {}


def make_form(*, with_errors: bool = False) -> list[FakeField]:
    """One field of every kind; with errors, each has one."""
    options = [("first", "Mit barn starter i dagtilbud"), ("income", "Vores indkomst har ændret sig"), ("stop", "Jeg vil stoppe")]
    yes_no = [("yes", "Ja"), ("no", "Nej")]
    form = [
        FakeField("text", "street", "Vejnavn og nummer", "Som det står på din post", "Prøvevej 1", autocomplete="address-line1"),
        FakeField("money", "gross", "Løn før skat", "Står på din lønseddel som A-indkomst", "28.000,00", suffix="kr.", check="money"),
        FakeField("number", "hours", "Timer om ugen", "", "37", optional=True),
        FakeField("cpr", "cpr", "CPR-nummer", "10 cifre, for eksempel 720391-4002", "720391-4002", check="cpr"),
        FakeField("email", "email", "E-mail", "", "prove@example.org", autocomplete="email"),
        FakeField("phone", "phone", "Telefon", "", "12 34 56 78", autocomplete="tel", optional=True),
        FakeField("textarea", "why", "Hvad er anderledes?", "Skriv kort, hvad der er ændret", "Jeg er gået ned i tid."),
        FakeField("yesno", "couple", "Bor du sammen med en partner?", "", "yes", choices=yes_no),
        FakeField(
            "choice",
            "event",
            "Hvad er der sket?",
            "Vælg det, der passer bedst",
            "income",
            choices=options,
            choice_hints={"income": "For eksempel nyt job"},
        ),
        FakeField(
            "ticks",
            "kinds",
            "Hvilke indtægter har du?",
            "Vælg alle, der passer",
            "income",
            choices=options,
            choice_hints={"first": "Tæller med fra den dag"},
        ),
        FakeField("select", "municipality", "Kommune", "", "0461", choices=[("", "Vælg kommune"), ("0461", "Odense"), ("0751", "Aarhus")]),
        FakeField("date", "since", "Hvornår flyttede I sammen?", "For eksempel 12 3 2026", autocomplete="bday"),
        FakeField("month", "start", "Hvilken måned gælder det?", "For eksempel 3 2026"),
        FakeField("file", "slips", "Lønsedler", "De seneste tre måneder"),
        FakeField("confirm", "truth", "Jeg bekræfter, at oplysningerne er rigtige", "Det er strafbart at give forkerte oplysninger", "yes"),
    ]
    if with_errors:
        for item in form:
            item.errors = [f"Ret <feltet> {item.text}", "En fejl mere"]
    return form


@pytest.fixture
def environment() -> Environment:
    return make_environment()


@pytest.fixture(params=[False, True], ids=["clean", "errors"])
def components_page(request: pytest.FixtureRequest, environment: Environment) -> str:
    form = make_form(with_errors=request.param)
    return environment.get_template("demo/components.html").render(form=form, errors=request.param, page_title="Komponenter")


@pytest.fixture
def fields_clean() -> list[FakeField]:
    return make_form()


@pytest.fixture
def fields_wrong() -> list[FakeField]:
    return make_form(with_errors=True)
