"""What only a browser shows: nothing sticks out on a phone, the policy is kept, the comfort script helps and never hinders."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route

ROOT = Path(__file__).resolve().parents[2]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'"
ORIGIN = "http://portal.test"
STICKS_OUT = """() => [...document.querySelectorAll("body *")]
  .filter(e => !e.closest(".sr-only, thead, .skipnav") && e.getBoundingClientRect().right > innerWidth + 0.5)
  .map(e => e.outerHTML.slice(0, 80))"""

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, components_page: str) -> Iterator[Callable[..., Page]]:
    """Opens the component page; at the end nothing may have been said in the console."""
    said: list[str] = []
    contexts = []

    def open_page(**options: object) -> Page:
        def answer(route: Route, request: Request) -> None:
            path = request.url.removeprefix(ORIGIN).split("?")[0]
            if path.startswith("/static/"):
                file = ROOT / path[1:]
                route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
            elif path == "/check-field":
                sent = json.loads(request.post_data or "")
                route.fulfill(json={"message": "" if sent["value"] == "28000" else f"Skriv {sent['kind']} igen"})
            else:
                headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
                route.fulfill(body=components_page, headers=headers)

        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.route("**/*", answer)
        page.goto(ORIGIN + "/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out(visit: Callable[..., Page], width: int) -> None:
    assert visit(viewport={"width": width, "height": 800}).evaluate(STICKS_OUT) == []


def test_first_tab_is_the_skip_link_or_the_first_error(visit: Callable[..., Page], components_page: str) -> None:
    page = visit(java_script_enabled=False)
    wrong = "error-summary" in components_page
    if wrong:
        page.locator(".error-summary:focus").wait_for()
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == ("#street" if wrong else "#main-content")


def test_what_the_server_said_stands_until_the_page_is_sent_again(visit: Callable[..., Page]) -> None:
    page = visit()
    if not page.locator(".error-summary").count():
        return
    field = page.locator("#gross")
    said = page.locator("#gross-error").inner_text()
    field.fill("28000")
    field.blur()
    page.wait_for_timeout(300)
    assert page.locator("#gross-error").inner_text() == said


def test_a_field_is_checked_as_the_person_leaves_it_and_cleared_again(visit: Callable[..., Page]) -> None:
    page = visit()
    if page.locator(".error-summary").count():
        return
    field = page.locator("#gross")
    field.fill("tolv")
    field.blur()
    slot = page.locator("#gross-error", has_text="Skriv money igen")
    slot.wait_for()
    assert slot.inner_text().startswith("Error:")
    assert field.get_attribute("aria-invalid") == "true"
    assert (field.get_attribute("aria-describedby") or "").split(" ") == ["gross-hint", "gross-suffix", "gross-error"]
    field.fill("28000")
    field.blur()
    page.wait_for_function("!document.getElementById('gross').hasAttribute('aria-invalid')")
    assert (field.get_attribute("aria-describedby") or "").split(" ") == ["gross-hint", "gross-suffix"]
    assert page.locator("#gross-error").inner_text() == ""


def test_two_presses_send_once_and_a_third_after_coming_back_sends_again(visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate("""() => {
        window.sent = 0;
        document.addEventListener("submit", event => { if (!event.defaultPrevented) window.sent += 1; event.preventDefault(); });
    }""")
    button = page.get_by_role("button", name="Continue")
    button.click()
    button.click(force=True)
    assert page.evaluate("window.sent") == 1
    assert button.get_attribute("aria-disabled") == "true"
    assert button.get_attribute("disabled") is None
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
    button.click()
    assert page.evaluate("window.sent") == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("control", ["couple", "kinds-2"])
def test_chosen_looks_chosen_in_forced_colours(visit: Callable[..., Page], scheme: str, control: str) -> None:
    page = visit(forced_colors="active", color_scheme=scheme)
    label = page.locator(f"label[for='{control}']")
    page.evaluate("document.activeElement.blur()")
    chosen = label.screenshot()
    page.evaluate(f"document.getElementById('{control}').checked = false")
    assert label.screenshot() != chosen


def test_nothing_moves_for_those_who_asked_for_that(visit: Callable[..., Page]) -> None:
    page = visit(reduced_motion="reduce")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div class=\"spinner\"></div>')")
    assert page.locator(".spinner").evaluate("element => getComputedStyle(element, '::before').animationName") == "none"
    durations = "() => [...new Set([...document.querySelectorAll('*')].map(e => getComputedStyle(e).transitionDuration))]"
    assert page.evaluate(durations) == ["0s"]


def test_two_font_files_and_no_script_of_the_design_system(visit: Callable[..., Page]) -> None:
    page = visit()
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name.split('/').pop())")
    fonts = sorted(name for name in names if name.endswith(".woff2"))
    assert fonts == ["IBMPlexSans-Regular-Latin1.woff2", "IBMPlexSans-SemiBold-Latin1.woff2"]
    assert [name for name in names if name.endswith(".js")] == ["app.js"]
