"""What a host page gets: nothing before the click, a chat after it."""

import gzip
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, WebSocket, expect

from tests.browser.people import WIDGET, Agent, Visitor
from tests.servers import Server

pytestmark = pytest.mark.browser

MOST_BYTES_BEFORE = 6_000
MOST_BYTES_TO_WRITE = 35_000


class Traffic:
    """What a page has asked for and opened, frames included."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        self.sockets: list[WebSocket] = []
        page.on("request", lambda request: self.requests.append(request))
        page.on("websocket", lambda socket: self.sockets.append(socket))

    def paths(self) -> list[str]:
        return [request.url.split("/", 3)[3].partition("?")[0] for request in self.requests]

    def compressed(self) -> int:
        """Bytes of all bodies, as a server that compresses would send them."""
        responses = (request.response() for request in self.requests)
        return sum(len(gzip.compress(response.body())) for response in responses if response)


def test_before_the_click_it_takes_two_small_files_and_leaves_no_trace(
    visitor: Visitor, server: Server
) -> None:
    page = visitor.page
    traffic = Traffic(page)
    page.goto(server.url, wait_until="networkidle")
    expect(visitor.launcher).to_have_attribute("role", "button")
    host, *ours = traffic.paths()
    assert sorted(ours) == [
        "static/livechat_widget/css/embed.css",
        "static/livechat_widget/embed.js",
    ]
    traffic.requests.pop(0)
    assert traffic.compressed() <= MOST_BYTES_BEFORE
    assert traffic.sockets == []
    assert page.context.cookies() == []
    assert page.context.storage_state(indexed_db=True)["origins"] == []
    assert page.evaluate("[sessionStorage.length, navigator.serviceWorker?.controller]") == [
        0,
        None,
    ]
    expect(visitor.panel).to_have_count(0)


def test_after_the_click_one_can_soon_write(visitor: Visitor, server: Server) -> None:
    page = visitor.page
    page.goto(server.url, wait_until="networkidle")
    traffic = Traffic(page)
    visitor.press_launcher()
    # The servers of the tests run in DEBUG, where django-htmx adds a script of its own.
    traffic.requests = [one for one in traffic.requests if "django-htmx" not in one.url]
    assert traffic.paths() == [
        "livechat/widget/",
        "static/livechat_widget/widget.bundle.css",
        "static/django_htmx/htmx-2.min.js",
        "static/livechat_widget/widget.bundle.js",
    ]
    assert traffic.compressed() <= MOST_BYTES_TO_WRITE
    expect(visitor.launcher).to_have_attribute("aria-expanded", "true")
    assert len(traffic.sockets) == 1


def test_the_panel_survives_a_page_change(visitor: Visitor, server: Server) -> None:
    visitor.page.goto(server.url)
    visitor.press_launcher()
    visitor.say("Hello")
    visitor.page.get_by_role("link", name="Another page").click()
    visitor.page.wait_for_url("**/?page=2")
    expect(visitor.panel).to_be_visible()
    expect(visitor.messages).to_have_text(["Hello"])
    # A panel that opens by itself takes nobody's focus.
    expect(visitor.page.locator("body")).to_be_focused()
    visitor.say("Still here")


def test_a_closed_panel_stays_closed_on_the_next_page(visitor: Visitor, server: Server) -> None:
    visitor.page.goto(server.url)
    visitor.press_launcher()
    visitor.at("[data-lc-close]").click()
    expect(visitor.panel).to_be_hidden()
    visitor.page.reload()
    expect(visitor.launcher).to_have_attribute("aria-expanded", "false")
    expect(visitor.panel).to_have_count(0)


def test_a_second_tab_shows_the_same_chat(visitor: Visitor, server: Server) -> None:
    visitor.page.goto(server.url)
    visitor.press_launcher()
    visitor.say("From the first tab")
    second = Visitor(visitor.page.context.new_page(), visitor.name)
    second.page.goto(server.url)
    second.press_launcher()
    second.say("From the second tab")
    for tab in (visitor, second):
        expect(tab.messages).to_have_text(["From the first tab", "From the second tab"])


def test_on_a_phone_it_fills_the_screen(
    new_visitor: Callable[..., Visitor], server: Server
) -> None:
    size = {"width": 375, "height": 667}
    visitor = new_visitor(viewport=size, is_mobile=True, has_touch=True)
    visitor.page.goto(server.url)
    visitor.launcher.tap()
    visitor.enter_frame()
    # With a finger one first reads; the keyboard would hide half of it.
    expect(visitor.at("#lc-conversation")).to_be_focused()
    assert visitor.panel.bounding_box() == {"x": 0, "y": 0, **size}
    visitor.at("[data-lc-close]").tap()
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_in_viewport()


def test_it_is_worked_by_keyboard(visitor: Visitor, server: Server) -> None:
    visitor.page.goto(server.url)
    for key in ("Enter", "Space"):
        visitor.launcher.focus()
        visitor.page.keyboard.press(key)
        visitor.enter_frame()
        expect(visitor.field).to_be_focused()
        visitor.page.keyboard.press("Escape")
        expect(visitor.panel).to_be_hidden()
        expect(visitor.launcher).to_be_focused()
        expect(visitor.launcher).to_have_attribute("aria-expanded", "false")


def test_a_closed_panel_counts_what_is_unread(
    visitor: Visitor, agent: Agent, server: Server
) -> None:
    agent.visit(server.url)
    visitor.page.goto(server.url)
    visitor.press_launcher()
    visitor.introduce()
    visitor.say("Hello?")
    visitor.field.press("Escape")
    agent.take(visitor.name)
    agent.say("Good day")
    badge = visitor.launcher.locator("b")
    expect(badge).to_be_visible()
    expect(badge).to_have_text(re.compile(r"^\s*1\s+unread messages\s*$"))
    visitor.page.reload()
    agent.say("Are you there?")
    expect(badge).to_have_text(re.compile(r"^\s*2\s+unread messages\s*$"))
    visitor.press_launcher()
    expect(badge).to_be_hidden()
    expect(visitor.messages.last).to_have_text("Are you there?")


def test_without_javascript_it_is_a_page_that_one_can_write_in(
    new_visitor: Callable[..., Visitor], server: Server
) -> None:
    visitor = new_visitor(java_script_enabled=False)
    visitor.page.goto(server.url)
    with visitor.page.expect_popup() as popup:
        visitor.launcher.click()
    expect(popup.value).to_have_url(f"{server.url}{WIDGET}")
    alone = popup.value
    for number, text in enumerate(["Hello?", "Anybody there?"], 1):
        alone.get_by_label("Your message").fill(text)
        alone.get_by_role("button", name="Send").click()
        expect(alone.locator(".lc-event__text")).to_have_count(number)
        expect(alone).to_have_url(f"{server.url}{WIDGET}")
    expect(alone.locator(".lc-event__text")).to_have_text(["Hello?", "Anybody there?"])
    alone.get_by_role("link", name="Look for answers").click()
    expect(alone.locator(".lc-event__text")).to_have_text(["Hello?", "Anybody there?"])
