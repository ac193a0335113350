"""The main job in a real browser against the real processes: apply, approve, be decided, read the letter, see twelve right months."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Locator, Page, expect

from portal.cli.demo import portal_plan, wait_until_ready
from portal.cli.demo_settings import free_port
from portal.cli.supervisor import Supervisor
from portal.i18n import format_kroner, format_month, gettext, use_locale
from portal.months import Month
from portal.storage.base import Base
from portal.storage.database import Database

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT = 21000
PAUSE = 0.05
WORKER_SECONDS = 20

# By hand from the rules. 18,500 and 14,900 a month are 400,800 a year; less 7,000 for the second child, less the lower
# limit of 218,100, are 175,700: the 37th of 95 bands of 4,835.79. The first band is 5 percent, so the 37th is 41.
OWN = Decimal("0.41")
IDA = Decimal(3961) + Decimal(709)
EMIL = Decimal(2503)
HALF = Decimal("0.5")
ORE = Decimal("0.01")


def expected_months() -> list[tuple[Month, Decimal, Decimal, str]]:
    """Twelve months from November 2026: the month, what is paid for Ida and for Emil, and what the page says of it.

    Ida's place is the dearest; Emil's is half as the sibling's, after the free-place subsidy. July is free. No figures of
    2027 are out, so those of 2026 are used and marked.
    """
    before = (Month(2026, 11), IDA, (EMIL * HALF).quantize(ORE), "Bill sent")
    after = ((IDA * OWN).quantize(ORE), (EMIL * OWN * HALF).quantize(ORE, "ROUND_HALF_UP"))
    months = [before, (Month(2026, 12), *after, "Expected")]
    for number in range(2, 12):
        month = Month(2026, 11).plus(number)
        months.append((month, Decimal(0), Decimal(0), "") if month.month == 7 else (month, *after, "Estimate"))
    return months


def test_the_amounts_by_hand_are_those_of_the_task() -> None:
    _month, ida, emil, _state = expected_months()[1]
    assert (ida, emil) == (Decimal("1914.70"), Decimal("513.12"))


@dataclass
class Demo:
    """The running demo."""

    address: str
    database: Database
    again: Callable[[], None]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The portal, its worker and the eID stand-in as `make demo` starts them, on ports of their own."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    folder.mkdir()
    plan = portal_plan({"PATH": "/usr/bin:/bin"}, folder, free_port(FIRST_PORT))
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)

    class Patience:
        def pause(self) -> None:
            time.sleep(PAUSE)  # a process says by ending, or by answering, that it is ready

    with Supervisor(plan.environ, logs, ROOT) as supervisor:
        for child in plan.prepare:
            supervisor.run(child, Patience().pause)
        for child in plan.serve:
            supervisor.start(child)
        wait_until_ready(plan.address, supervisor, Patience())  # type: ignore[arg-type]
        database = Database(plan.environ["PORTAL_DATABASE_URL"])

        def again() -> None:
            with database.transaction() as session:
                # The audit log is only added to, by anybody.
                for table in reversed([table for table in Base.metadata.sorted_tables if table.name not in ("audit_entry", "audit_head")]):
                    session.execute(table.delete())
            supervisor.run(plan.prepare[-1], Patience().pause)

        yield Demo(plan.address, database, again)
        database.close()


@pytest.fixture
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return getattr(request, "param", True)


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object], scripts: bool) -> dict[str, object]:
    """A browser with or without JavaScript."""
    return {**browser_context_args, "java_script_enabled": scripts}


@dataclass
class Person:
    """Somebody at the screen."""

    page: Page
    address: str
    language: str

    def say(self, words: str) -> str:
        """English words in the language of the journey."""
        with use_locale(self.language):
            return gettext(words)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def log_in(self, name: str) -> None:
        """Press one's name at the stand-in."""
        self.page.get_by_role("button", name=name).first.click()

    def press(self, words: str) -> None:
        self.page.locator("main").get_by_role("button", name=self.say(words), exact=True).click()

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=self.say(words)).first.click()

    def choose(self, name: str, value: str) -> None:
        control = self.page.locator(f"input[name='{name}'][value='{value}']")
        self.page.locator(f"label[for='{control.get_attribute('id')}']").click()
        expect(control).to_be_checked()

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say(words))

    def log_out(self) -> None:
        self.page.get_by_role("button", name=self.say("Log out")).click()
        self.heading("You are logged out")

    def main(self) -> str:
        return " ".join(self.page.locator("main").inner_text().replace("\N{NO-BREAK SPACE}", " ").split())

    def until(self, path: str, there: Callable[[], bool]) -> None:
        """Load a page until something is there: the worker is another process."""
        until = time.monotonic() + WORKER_SECONDS
        while True:
            self.go(path)
            if there():
                return
            assert time.monotonic() < until, f"it never came: {self.main()[:500]}"
            time.sleep(PAUSE)


APPLICATION = [
    ("living", "couple:a1"),
    ("right", "yes"),
    ("reason", "income"),
    ("use", "yes"),
    ("kinds", "none"),
]


@pytest.mark.parametrize("scripts", [True, False], indirect=True, ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_from_the_first_page_to_twelve_right_months(demo: Demo, page: Page, language: str, scripts: bool) -> None:
    demo.again()
    person = Person(page, demo.address, language)
    page.set_default_timeout(15_000)
    person.go(f"/language/{language}")

    apply(person)
    check_what_waits(person)
    person.log_out()
    approve(person)
    person.log_out()
    person.go("/my-page")
    person.log_in("Maria Prøve")
    find_the_decision(person)
    read_the_letter(person)
    check_the_months(person)


def apply(person: Person) -> None:
    """Maria from the front page to the receipt."""
    page = person.page
    person.follow("Start here")
    person.follow("Log in and begin")
    person.log_in("Maria Prøve")
    person.press("Begin the application")
    for name, value in APPLICATION:
        person.choose(name, value)
        person.press("Continue")
    page.locator("input[name=estimate]").fill("14900")
    person.press("Continue")
    with use_locale(person.language):
        assert format_month(Month(2026, 12)).replace("\N{NO-BREAK SPACE}", " ") in person.main()
    person.press("Continue")
    assert "41" in person.main()
    assert money(person, Decimal("2427.82")) in person.main()
    person.press("Continue")
    assert "21. februar 2027" in person.main() or "21 February 2027" in person.main()
    person.press("Continue")
    person.heading("Check your answers")
    assert "Anders Prøve" in person.main()
    person.press("Send application")
    person.heading("We have received your application")


def check_what_waits(person: Person) -> None:
    """While Anders has not answered, December waits."""
    person.go("/my-page/payments")
    assert person.say("Your bills are on hold") in person.main()
    rows = months_on(person.page)
    assert person.say("On hold") in rows[1][1]


def approve(person: Person) -> None:
    """Anders finds what he is asked, logs in once more, and approves."""
    person.go("/my-page/tasks")
    person.log_in("Anders Prøve")
    person.page.locator("main").get_by_role("link", name="Maria Prøve").click()
    person.log_in("Anders Prøve")
    person.choose("use", "yes")
    person.press("Continue")
    person.choose("other", "no")
    person.choose("agree", "yes")
    person.press("Approve")
    person.heading("You have approved")


def find_the_decision(person: Person) -> None:
    """The worker has decided; the case says what and when."""
    person.go("/my-page/cases")
    case = person.page.locator("main a[href*='/my-page/cases/']").first.get_attribute("href") or ""
    person.until(case, lambda: person.say("Read the letter with the reasons, the sum and how to appeal") in person.main())
    with use_locale(person.language):
        month = format_month(Month(2026, 12))
        headline = gettext("You get the free-place subsidy from %(month)s. You pay %(own)s percent of the price.", month=month, own=41)
    assert headline.replace("\N{NO-BREAK SPACE}", " ") in person.main()


def read_the_letter(person: Person) -> None:
    """As a page, and as the PDF that was sent."""
    person.follow("Read the letter with the reasons, the sum and how to appeal")
    letter = person.page.url.removeprefix(person.address)
    person.until(letter, lambda: person.page.locator("main a[href$='/pdf']").count() == 1)
    person.heading("You get the free-place subsidy")
    text = person.main()
    assert money(person, Decimal(400800)) in text
    assert money(person, Decimal("1914.70")) in text
    assert money(person, Decimal("513.12")) in text
    assert person.say("If you disagree") in text
    answer = person.page.request.get(person.address + (person.page.locator("main a[href$='/pdf']").get_attribute("href") or ""))
    assert answer.headers["content-type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.body())) as pdf:
        assert str(pdf.Root.Lang).startswith(person.language)
        assert "/StructTreeRoot" in pdf.Root


def check_the_months(person: Person) -> None:
    """Every cell of the twelve months."""
    person.go("/my-page/payments")
    assert person.say("Your bills are on hold") not in person.main()
    rows = months_on(person.page)
    assert len(rows) == 12
    for (month, ida, emil, state), (header, status, *cells) in zip(expected_months(), rows, strict=True):
        with use_locale(person.language):
            name = format_month(month).replace("\N{NO-BREAK SPACE}", " ")
        assert header.lower() == name.lower(), header
        assert cells == [money(person, amount) for amount in (ida, emil, ida + emil)], header
        assert not state or person.say(state) in status, header


def months_on(page: Page) -> list[list[str]]:
    """The rows of the table of months, as texts."""
    table = page.locator("table", has=page.locator("caption#months"))
    rows = table.locator("tbody tr")
    return [
        [" ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()) for text in rows.nth(number).locator("th, td").all_inner_texts()]
        for number in range(rows.count())
    ]


def money(person: Person, amount: Decimal) -> str:
    """An amount as the pages write it, with plain spaces."""
    with use_locale(person.language):
        return format_kroner(amount).replace("\N{NO-BREAK SPACE}", " ")


def test_the_keyboard_is_enough(demo: Demo, page: Page) -> None:
    demo.again()
    page.set_default_timeout(15_000)
    page.goto(demo.address + "/apply/free-place")
    person = Person(page, demo.address, "da")
    tab_to(page, page.get_by_role("link", name=person.say("Log in and begin")), "Enter")
    tab_to(page, page.get_by_role("button", name="Maria Prøve").first, "Enter")
    tab_to(page, page.get_by_role("button", name=person.say("Begin the application")), "Enter")
    for name, value in APPLICATION:
        page.wait_for_selector(f"input[name='{name}']")
        reach(page, name, value)
        go_on(person)
    page.wait_for_selector("input[name=estimate]")
    tab_to(page, page.locator("input[name=estimate]"))
    page.keyboard.type("14900")
    # Enter in a line of text sends the page, as people expect.
    page.keyboard.press("Enter")
    for words in ("From when?", "What you will pay", "Your partner must approve"):
        person.heading(words)
        go_on(person)
    person.heading("Check your answers")
    tab_to(page, page.get_by_role("button", name=person.say("Send application")), "Enter")
    person.heading("We have received your application")


def test_mistakes_are_found_by_keyboard(demo: Demo, page: Page, expected_console_errors: list[str]) -> None:
    """An empty page: the summary takes focus, its link leads to the control, and the mistake is put right there."""
    expected_console_errors.append("422")
    demo.again()
    page.set_default_timeout(15_000)
    page.goto(demo.address + "/apply/free-place")
    person = Person(page, demo.address, "da")
    person.follow("Log in and begin")
    person.log_in("Sofie Eksempel")
    person.press("Begin the application")
    go_on(person)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=living]").first).to_be_focused()
    page.keyboard.press("Space")
    go_on(person)
    person.heading("Declaration that you are a single parent")


def go_on(person: Person) -> None:
    tab_to(person.page, person.page.get_by_role("button", name=person.say("Continue"), exact=True), "Enter")


def reach(page: Page, name: str, value: str) -> None:
    """Tab to a group and choose in it: arrows among radio buttons, space on a box."""
    wanted = page.locator(f"input[name='{name}'][value='{value}']")
    if wanted.get_attribute("type") == "checkbox":
        tab_to(page, wanted, "Space")
        return
    group = page.locator(f"input[name='{name}']")
    entry = (
        group.locator("nth=0")
        if page.locator(f"input[name='{name}']:checked").count() == 0
        else page.locator(f"input[name='{name}']:checked")
    )
    tab_to(page, entry, "Space")
    for _step in range(group.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def tab_to(page: Page, target: Locator, key: str | None = None) -> None:
    """Press Tab until the target has focus, then a key."""
    target.wait_for()
    for _press in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            if key:
                page.keyboard.press(key)
            return
    raise AssertionError("it cannot be reached with the Tab key")
