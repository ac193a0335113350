"""Going through the pages as a browser without JavaScript does: what a page does not offer cannot be sent from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import pytest
from lxml import html
from werkzeug.test import TestResponse

from portal.i18n import gettext, use_locale
from portal.storage.database import Database
from tests.portal.fixtures import Browser
from tests.portal.records import Records

SLUG = "free-place"
START = f"/apply/{SLUG}"
# What each page is answered with when everything the registers say is right. A test gives what differs.
RIGHT: Mapping[str, Mapping[str, Any]] = {
    "household": {"living": "single"},
    "declaration": {"sworn": "yes"},
    "children": {"right": "yes"},
    "reason": {"reason": "income"},
    "income": {"use": "yes"},
    "income-base": {},
    "other-income": {"kinds": ["none"]},
    "partner-income": {},
    "papers": {},
    "start-date": {},
    "payment": {},
    "partner": {},
}
PAYSLIP = {"rhythm": "monthly", "gross": "28000", "am": "2232", "atp": "99", "pension": "0"}


@dataclass
class Page:
    """One page as it came, and what has been typed on it."""

    walker: Walker
    status: int
    path: str
    content: str
    typed: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tree = html.fromstring(self.content)

    @property
    def main(self) -> Any:
        return self.tree.get_element_by_id("main-content")

    @property
    def text(self) -> str:
        """The words of the page between header and footer, with plain spaces."""
        return " ".join(self.main.text_content().replace("\N{NO-BREAK SPACE}", " ").split())

    @property
    def heading(self) -> str:
        return " ".join(self.main.find(".//h1").text_content().split())

    @property
    def step(self) -> str:
        """The name of the page of an application, from its address."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [" ".join(item.text_content().split()) for item in self.main.xpath(".//*[contains(@class, 'error-summary')]//li")]

    def rows(self, table: str) -> list[list[str]]:
        """The cells of a table's body by the table's caption's id or a word of its caption."""
        found = next(
            each
            for each in self.main.iter("table")
            if each.find("caption").get("id") == table or table in each.find("caption").text_content()
        )
        return [[_plain(cell) for cell in row.iter("th", "td")] for row in found.find("tbody").iter("tr")]

    def value(self, name: str) -> Any:
        """What a control holds: its text, or the chosen values of radio buttons and boxes."""
        found = self.main.xpath(f".//*[@name='{name}']")
        assert found, f"there is no {name} on {self.path}: {self.text[:300]}"
        if found[0].tag == "input" and found[0].get("type") in ("radio", "checkbox"):
            return [each.get("value") for each in found if each.get("checked") is not None]
        if found[0].tag == "select":
            return next((each.get("value") for each in found[0].iter("option") if each.get("selected") is not None), "")
        return found[0].text.removeprefix("\n") if found[0].tag == "textarea" else found[0].get("value")

    def fill(self, values: Mapping[str, Any]) -> Self:
        """Type and choose. What the page does not offer is a fault of the test."""
        for name, value in values.items():
            found = self.main.xpath(f".//*[@name='{name}']")
            assert found, f"there is no {name} on {self.path}: {self.text[:300]}"
            if found[0].get("type") in ("radio", "checkbox"):
                offered = {each.get("value") for each in found}
                assert set(_many(value)) <= offered, f"{name} offers {offered}"
            self.typed[name] = value
        return self

    def press(self, button: str | None = None, **extra: Any) -> Page:
        """Send the form with this button (its English words), or the page's first; `extra` is sent beside what was typed."""
        pressed = self._button(button)
        form = next(pressed.iterancestors("form"))
        sent: dict[str, Any] = {}
        for control in form.xpath(".//*[@name]"):
            kind = control.get("type")
            if control.tag == "button" or kind == "file" or (kind in ("radio", "checkbox") and control.get("checked") is None):
                continue
            sent.setdefault(control.get("name"), []).append(self._held(control))
        sent |= {name: _many(value) for name, value in self.typed.items() if form.xpath(f".//*[@name='{name}']")}
        if pressed.get("name"):
            sent[pressed.get("name")] = [pressed.get("value")]
        return self.walker.send(form.get("action"), sent | extra)

    def _button(self, button: str | None) -> Any:
        words = self.walker.say(button) if button else None
        found = [each for each in self.main.iter("button") if words is None or _plain(each) == words]
        assert found, f"there is no button {words!r} on {self.path}: {self.text[:300]}"
        return found[0]

    def _held(self, control: Any) -> str:
        if control.tag == "textarea":
            return (control.text or "").removeprefix("\n")
        if control.tag == "select":
            chosen = control.xpath(".//option[@selected]") or control.xpath(".//option")
            return chosen[0].get("value")
        return control.get("value", "")

    def link(self, words: str) -> Page:
        """Follow the link that says these English words."""
        text = self.walker.say(words)
        found = [each for each in self.tree.iter("a") if _plain(each).startswith(text)]
        assert found, f"there is no link {text!r} on {self.path}: {self.text[:300]}"
        return self.walker.open(found[0].get("href"))


@dataclass
class Walker:
    """Somebody who goes from page to page."""

    browser: Browser
    language: str = "en"

    def say(self, words: str) -> str:
        """English words in the walker's language."""
        with use_locale(self.language):
            return gettext(words)

    def open(self, path: str) -> Page:
        """Fetch a page, wherever it leads."""
        return self._page(self.browser.get(path, follow_redirects=True))

    def send(self, path: str, data: Mapping[str, Any]) -> Page:
        """Send a form, and see the page that comes of it."""
        return self._page(self.browser.post(path, data, follow_redirects=True))

    def begin(self) -> Page:
        """The first page of a new application."""
        start = self.open(START)
        return start.press("Begin a new application" if self.say("You have already begun") in start.text else "Begin the application")

    def walk(self, page: Page, answers: Mapping[str, Mapping[str, Any]], *, until: str = "check") -> Page:
        """Answer page after page until the page `until`."""
        for _number in range(25):
            if page.step == until:
                return page
            before = page.path
            page = page.fill(_answers(answers, page.step)).press()
            assert page.status == 200, f"{before}: {page.status} {page.errors or page.text[:300]}"
        raise AssertionError(f"{until} was never reached")

    def fill_in(self, answers: Mapping[str, Mapping[str, Any]] | None = None, *, until: str = "check") -> Page:
        """A new application, answered until the page `until`."""
        return self.walk(self.begin(), answers or {}, until=until)

    def apply(self, answers: Mapping[str, Mapping[str, Any]] | None = None) -> Page:
        """A whole application, sent: the receipt."""
        receipt = self.fill_in(answers).press("Send application")
        assert "/receipt/" in receipt.path, f"{receipt.path}: {receipt.text[:300]}"
        return receipt

    def approve(self, request_id: object, *answers: Mapping[str, Any]) -> Page:
        """Answer what one is asked, form after form."""
        page = self.open(f"/my-page/tasks/{request_id}")
        for each in answers or ({"use": "yes"}, {"other": "no", "agree": "yes"}):
            page = page.fill(each).press()
        return page

    def _page(self, answer: TestResponse) -> Page:
        assert answer.mimetype == "text/html", answer.mimetype
        query = answer.request.query_string.decode()
        assert not query or "csrf" not in query
        return Page(self, answer.status_code, answer.request.path, answer.text)


def _answers(answers: Mapping[str, Mapping[str, Any]], step: str) -> Mapping[str, Any]:
    if step in answers:
        return answers[step]
    assert step in RIGHT, f"nobody said what to answer on {step}"
    return RIGHT[step]


def _many(value: Any) -> list[str]:
    return [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)


def _plain(element: Any) -> str:
    return re.sub(r"\s+", " ", element.text_content().replace("\N{NO-BREAK SPACE}", " ")).strip()


@pytest.fixture
def visit(login: Callable[..., Browser]) -> Callable[..., Walker]:
    """Somebody who is logged in and goes from page to page: ``visit("maria")``, in English unless told otherwise."""

    def begin(key: str, language: str = "en", *, fresh: bool = False) -> Walker:
        return Walker(login(key, language, fresh=fresh), language)

    return begin


@pytest.fixture
def records(database: Database) -> Records:
    """What stands in the database."""
    return Records(database)
