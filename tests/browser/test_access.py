"""The widget for everybody: small screens, large letters, other directions, keyboards, readers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from livechat_widget.models import Agent as AgentProfile
from tests.browser.people import Visitor
from tests.browser.test_questions import (
    POSTCHAT,
    PRECHAT,
    TICKET,
    Make,
    ann_here,
    form,
    nobody,
    open_page,
)
from tests.browser.test_widget import audit, chat_of, reply
from tests.servers import Server

pytestmark = pytest.mark.browser

__all__ = ["ann_here", "form", "nobody"]  # fixtures
SPILLS = """
() => [...document.querySelectorAll("body *")].filter((element) => {
  const { left, right, width } = element.getBoundingClientRect();
  const hidden = element.closest(".lc-visually-hidden, [hidden], svg");
  return width && !hidden && (left < -1 || right > innerWidth + 1);
}).map(({ outerHTML }) => outerHTML.slice(0, 80))
"""
# The panel, and the same with letters of twice the size; a telephone.
SIZES = [(380, 640), (190, 320), (375, 667)]


@pytest.fixture(params=SIZES, ids=["panel", "zoomed", "phone"])
def sized(request: pytest.FixtureRequest, new_visitor: Callable[..., Visitor]) -> Visitor:
    width, height = request.param
    return new_visitor(viewport={"width": width, "height": height})


def check(page: Page) -> None:
    """Nothing is cut off at the sides, and axe has nothing to say."""
    assert page.evaluate(SPILLS) == []
    audit(page)


def test_every_state_fits_and_is_accessible(
    sized: Visitor, form: Make, ann_here: AgentProfile, server: Server
) -> None:
    page = sized.page
    open_page(sized, server.url)
    expect(sized.at(".lc-welcome .lc-avatar").first).to_be_visible()
    check(page)
    form("prechat", PRECHAT).fields.filter(required=True).update(required=False)
    open_page(sized, server.url)
    page.get_by_label("What is it about?").fill("Averylongwordthatisnotbroken" * 5)
    check(page)
    page.get_by_role("button", name="Start the chat").click()
    expect(sized.at("#lc-header")).to_contain_text("Waiting for an agent")
    check(page)
    chat = chat_of(sized)
    reply(chat, ann_here, "Good day, https://example.org/" + "a" * 100)
    expect(sized.at("#lc-header")).to_contain_text("Ann")
    check(page)
    sized.at(".lc-menu summary").click()
    check(page)
    page.get_by_role("button", name="Rate or keep this chat").click()
    page.get_by_role("button", name="Good", exact=True).click()
    expect(page.get_by_label("Would you like to add something?")).to_be_visible()
    check(page)
    form("postchat", POSTCHAT)
    sized.at(".lc-menu summary").click()
    page.get_by_role("button", name="End this chat").click()
    expect(page.get_by_label("Anything else?")).to_be_visible()
    check(page)


def test_every_state_without_agents_fits_and_is_accessible(
    sized: Visitor, form: Make, nobody: None, server: Server
) -> None:
    page = sized.page
    open_page(sized, server.url)
    expect(sized.at("#lc-header")).to_contain_text("We are offline")
    check(page)
    form("ticket", TICKET)
    open_page(sized, server.url)
    page.get_by_role("textbox", name="Mail", exact=True).fill("vera@example.org")
    page.get_by_role("textbox", name="Your message").fill("Help")
    check(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you, we have your message.")).to_be_visible()
    check(page)


def test_it_reads_from_right_to_left(
    new_visitor: Callable[..., Visitor], form: Make, ann: AgentProfile, server: Server
) -> None:
    visitor = new_visitor(locale="ar", viewport={"width": 380, "height": 640})
    page = visitor.page
    form("prechat", PRECHAT).fields.filter(required=True).update(required=False)
    open_page(visitor, server.url)
    expect(visitor.at("html")).to_have_attribute("dir", "rtl")
    box = page.get_by_label("Large").bounding_box()
    assert box
    assert box["x"] > 190  # the box stands at the beginning of the line
    check(page)
    page.get_by_label("Large").check()
    page.get_by_role("button", name="Start the chat").click()
    visitor.say("Hello?")
    mine = visitor.messages.last.bounding_box()
    assert mine
    assert mine["x"] < 100
    check(page)


def test_on_a_phone_nothing_behind_the_panel_is_reached(
    new_visitor: Callable[..., Visitor], server: Server
) -> None:
    visitor = new_visitor(viewport={"width": 375, "height": 667})
    page = visitor.page
    page.goto(server.url)
    visitor.press_launcher()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.body.contains(document.activeElement)") is (
            page.evaluate("document.activeElement === document.body")
        )
    visitor.at("[data-lc-close]").click()
    expect(visitor.launcher).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Another page")).to_be_focused()


def test_a_form_is_filled_in_by_keyboard(
    visitor: Visitor, form: Make, ann: AgentProfile, server: Server
) -> None:
    form("prechat", [PRECHAT[1], PRECHAT[5], PRECHAT[7]])
    page = visitor.page
    open_page(visitor, server.url)
    page.get_by_role("textbox", name="Name", exact=True).focus()
    page.keyboard.type(visitor.name)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(visitor.field).to_be_focused()
    expect(visitor.at(".lc-event--filled_form")).to_contain_text("Lid")
