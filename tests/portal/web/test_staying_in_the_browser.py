"""The warning before one is logged out, in a browser whose clock the test moves: said once, moves nothing, takes no focus, loses nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from portal.clock import SystemClock
from portal.storage.models import WebSession
from stand_ins.eid.serving import running
from tests.portal.walking import START

MINUTE = 60
STICKS_OUT = "() => document.documentElement.scrollWidth > innerWidth"
# What a screen reader would be given to say: every text the status line has had.
LISTEN = """() => {
  window.said = [];
  const status = document.querySelector("#session-notice [role=status]");
  new MutationObserver(() => { if (status.textContent) window.said.push(status.textContent); })
    .observe(status, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def portal_settings(sqlite_settings):
    """What the browser shows does not depend on the engine."""
    return sqlite_settings


@pytest.fixture
def set_times(database):
    """Let everybody's session have been last used so long ago, and end so far ahead."""

    def change(idle=0, left=8 * 60):
        now = SystemClock().now()
        with database.transaction() as work:
            for row in work.scalars(select(WebSession)):
                row.last_seen, row.ends = now - timedelta(minutes=idle), now + timedelta(minutes=left)

    return change


@pytest.fixture
def scripts(request):
    """Whether the browser runs scripts."""
    return getattr(request, "param", True)


@pytest.fixture
def browser_context_args(browser_context_args, scripts):
    return {**browser_context_args, "java_script_enabled": scripts}


@pytest.fixture
def sofie(portal_app, visit, context, scripts):
    """A tab with a page that Sofie is typing on; ``sofie()`` opens another."""
    walker = visit("sofie", "da")
    path = walker.fill_in({"children": {"right": "no"}}, until="correction").path
    with running(lambda _base: portal_app) as address:
        context.add_cookies([{"name": "portal", "value": walker.browser.client.get_cookie("portal").value, "url": address}])
        context.set_default_timeout(10_000)
        if scripts:
            context.clock.install()

        def open_tab():
            page = context.new_page()
            page.goto(address + path)
            if scripts:
                page.evaluate(LISTEN)
            page.locator("textarea[name=text]").fill("Noah er stoppet")
            return page

        yield open_tab
        for page in context.pages:
            page.close()


def pass_minutes(page, minutes):
    """Let the browser's clock go on, and its questions be answered."""
    page.clock.run_for(int(minutes * MINUTE * 1000))


def notice(page):
    return page.locator("#session-notice")


def test_one_is_warned_once_and_stays_by_a_button_without_losing_anything(sofie, set_times, database):
    page = sofie()
    field, stay = page.locator("textarea[name=text]"), notice(page).get_by_role("button", name="Bliv logget ind")
    place = page.get_by_role("button", name="Fortsæt").bounding_box()
    expect(stay).to_be_hidden()
    expect(page.locator(".session-plain")).to_be_hidden()

    set_times(idle=25.1)
    pass_minutes(page, 25.2)
    expect(stay).to_be_visible()
    expect(field).to_be_focused()
    assert page.get_by_role("button", name="Fortsæt").bounding_box() == place
    pass_minutes(page, 3)
    (warning,) = page.evaluate("said")
    assert "Du bliver logget ud kl." in warning
    assert 'Tryk på knappen "Bliv logget ind" nederst på siden' in warning

    stay.click()
    expect(stay).to_be_hidden()
    expect(field).to_be_focused()
    expect(field).to_have_value("Noah er stoppet")
    assert [text.split(" kl.")[0] for text in page.evaluate("said")] == ["Du bliver logget ud", "Du er logget ind til"]
    with database.session(reads_only=True) as work:
        assert SystemClock().now() - work.scalars(select(WebSession)).one().last_seen < timedelta(seconds=30)
    pass_minutes(page, 1)
    expect(notice(page)).not_to_have_class("session-notice session-notice--shown")
    page.get_by_role("button", name="Fortsæt").click()
    expect(page).to_have_url(step_url("reason"))


def test_work_in_another_tab_counts_and_takes_a_warning_away(sofie, set_times):
    one = sofie()
    set_times(idle=5)
    pass_minutes(one, 26)
    # The server knows of the work elsewhere.
    expect(notice(one)).not_to_have_class("session-notice session-notice--shown")
    set_times(idle=26)
    pass_minutes(one, 21)
    expect(notice(one)).to_have_class("session-notice session-notice--shown")
    other = sofie()
    expect(notice(other)).not_to_have_class("session-notice session-notice--shown")
    set_times(idle=0)
    pass_minutes(one, 1.1)
    expect(notice(one).get_by_role("button")).to_be_hidden()
    assert one.evaluate("said").pop().startswith("Du er logget ind til")


def test_asking_again_and_again_lets_the_session_end_and_says_what_becomes_of_the_text(sofie, set_times):
    page = sofie()
    set_times(idle=31)
    pass_minutes(page, 26)
    again = notice(page).get_by_role("link", name="Log ind igen (åbner en ny fane)")
    expect(again).to_be_visible()
    expect(notice(page)).to_contain_text("Det, du har skrevet i en ansøgning eller et svar, går ikke tabt.")
    expect(page.locator("textarea[name=text]")).to_have_value("Noah er stoppet")


def test_where_the_hard_end_comes_first_there_is_a_new_login_instead_of_a_button(sofie, set_times):
    page = sofie()
    set_times(left=4)
    pass_minutes(page, 26)
    expect(notice(page)).to_contain_text("Du kan ikke få mere tid.")
    expect(notice(page).get_by_role("button", name="Bliv logget ind")).to_be_hidden()
    again = notice(page).get_by_role("link", name="Log ind igen (åbner en ny fane)")
    expect(again).to_have_attribute("href", "/login?next=/session/status&fresh=1")
    expect(again).to_have_attribute("target", "_blank")


def test_a_press_that_has_begun_still_lands_on_its_button(sofie, set_times):
    page = sofie()
    set_times(idle=26)
    box = page.get_by_role("button", name="Fortsæt").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    pass_minutes(page, 26)
    page.wait_for_timeout(0)
    expect(notice(page)).not_to_have_class("session-notice session-notice--shown")
    page.mouse.up()
    expect(page).to_have_url(step_url("reason"))


@pytest.mark.parametrize("colours", ["none", "active"])
def test_on_a_small_phone_it_fits_and_can_be_seen_in_forced_colours(sofie, set_times, colours):
    page = sofie()
    page.set_viewport_size({"width": 320, "height": 568})
    page.emulate_media(forced_colors=colours)
    set_times(idle=26)
    pass_minutes(page, 26)
    stay = notice(page).get_by_role("button", name="Bliv logget ind")
    expect(stay).to_be_in_viewport()
    assert not page.evaluate(STICKS_OUT)
    assert notice(page).bounding_box()["height"] <= 284
    border = "() => getComputedStyle(document.getElementById('session-notice')).borderTopStyle"
    assert page.evaluate(border) == "solid"
    # What lies last on the page can be scrolled clear of it.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator(".site-links a").last.bounding_box()
    assert last["y"] + last["height"] <= notice(page).bounding_box()["y"]


@pytest.mark.parametrize("scripts", [False], indirect=True)
def test_without_scripts_one_stays_in_a_tab_beside_the_page(sofie, set_times, context):
    page = sofie()
    expect(page.locator(".session-plain")).to_contain_text("Du er logget ind til kl.")
    set_times(idle=28)
    with context.expect_page() as opened:
        page.get_by_role("button", name="Bliv logget ind (åbner en ny fane)").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("Du er logget ind til kl.")
    opened.value.close()
    set_times(idle=3)
    expect(page.locator("textarea[name=text]")).to_have_value("Noah er stoppet")
    page.get_by_role("button", name="Fortsæt").click()
    expect(page).to_have_url(step_url("reason"))


def step_url(step):
    """The address of a step of somebody's application."""
    return re.compile(rf"{START}/[-0-9a-f]+/{step}$")
