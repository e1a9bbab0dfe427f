"""The console under its own policy: all of it works, and nobody else is told about it."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from livechat_widget.domain import customers
from livechat_widget.models import Agent, Chat
from tests.browser.desk import Open, ask, open_chat, pane, said, section
from tests.browser.people import CONSOLE
from tests.cast import Cast
from tests.clients import customer_client
from tests.servers import Server

pytestmark = pytest.mark.browser

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
  console.error("violation:", effectiveDirective, blockedURI, sample));
"""
OTHER_MARKUP = [
    "document.body.innerHTML = '<b>x</b>'",
    "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
    "htmx.swap(document.body, '<b>x</b>', {swapStyle: 'innerHTML'})",
    "trustedTypes.createPolicy('default', {createHTML: (text) => text})",
]


class Watched:
    """Ann's console, and what the browser has refused her."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.violations: list[str] = []
        page.on("console", lambda message: self._hear(message.text))
        page.add_init_script(REPORT_VIOLATIONS)

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text or text.startswith("violation:"):
            self.violations.append(text)


@pytest.fixture
def watch(server: Server, sign_in: Callable[..., Page]) -> Callable[..., Watched]:
    def make(agent: Agent, **options: str) -> Watched:
        watched = Watched(sign_in(agent, **options))
        watched.page.goto(f"{server.url}{CONSOLE}")
        expect(watched.page.locator("#lc-state")).to_have_attribute("data-state", "open")
        return watched

    return make


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_works(
    watch: Callable[..., Watched], live_cast: Cast, scheme: Literal["light", "dark"]
) -> None:
    watched = watch(live_cast.ann, color_scheme=scheme)
    page = watched.page
    chat = live_cast.chat(live_cast.customer(name="Vera"), "Is this on?")
    answer(page, chat)
    end(page, chat)
    toggle_theme(page)
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_title("Logged out | Django site admin")
    assert watched.violations == []


def answer(page: Page, chat: Chat) -> None:
    opened = open_chat(page, chat)
    opened.get_by_role("button", name="Take this chat").click()
    expect(opened.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("It is, see https://shop.example/")
    page.keyboard.press("Enter")
    expect(said(page, chat).last).to_contain_text("It is")
    ask(chat, "Thank you")
    expect(said(page, chat).last).to_have_text("Thank you")


def end(page: Page, chat: Chat) -> None:
    pane(page, chat).get_by_role("button", name="End chat").click()
    page.get_by_role("dialog").get_by_role("button", name="End chat").click()
    expect(section(page, "closed").locator(f"#lc-row-{chat.pk}")).to_be_visible()
    page.get_by_role("button", name="Keys", exact=True).click()
    expect(page.locator("#lc-help")).to_be_visible()
    page.keyboard.press("Escape")


def toggle_theme(page: Page) -> None:
    html = page.locator("html")
    expect(html).to_have_attribute("data-theme", "auto")
    for theme in ({"light", "dark"}, {"light", "dark"}, {"auto"}):
        page.locator(".theme-toggle").click()
        assert html.get_attribute("data-theme") in theme


def test_only_our_own_fragments_become_markup(
    watch: Callable[..., Watched], live_cast: Cast
) -> None:
    watched = watch(live_cast.ann)
    for attempt in OTHER_MARKUP:
        refused = (
            f"() => {{ try {{ {attempt}; return '' }} catch (error) {{ return error.name }} }}"
        )
        assert watched.page.evaluate(refused) == "TypeError"
    expect(watched.page.locator("b", has_text="x")).to_have_count(0)
    assert watched.violations


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server of a visitor's, and what it was asked for."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_visitor_s_picture_does_not_tell_where_the_agent_is(
    watch: Callable[..., Watched], live_cast: Cast, elsewhere: tuple[str, list[str]]
) -> None:
    url, asked = elsewhere
    vera = live_cast.customer(name="Vera", avatar=f"{url}/spy.png")
    chat = live_cast.chat(vera, f"See {url}/page")
    watched = watch(live_cast.ann)
    with watched.page.expect_console_message(lambda message: "spy.png" in message.text):
        open_chat(watched.page, chat)
    expect(said(watched.page, chat)).to_contain_text("See http")
    assert asked == []
    assert any("img-src" in text for text in watched.violations)
    # The listener does hear who really asks.
    watched.page.context.request.get(f"{url}/control")
    assert asked == ["/control"]


def test_the_visitor_s_page_is_shown_as_it_changes(
    server: Server, open_console: Open, live_cast: Cast
) -> None:
    chat = live_cast.chat()
    page = open_console(live_cast.ann)
    visited = open_chat(page, chat).locator(".lc-head__page")
    link = visited.get_by_role("link")
    expect(visited).to_be_hidden()
    expect(page.locator("#lc-state")).to_have_attribute("data-state", "open")
    with customer_client(server, live_cast, chat.customer) as visitor:
        cups = {"url": "https://shop.example/cups", "title": "<b>Cups</b>"}
        visitor.ask_ok("update_customer_page", cups)
        expect(visited).to_have_text("<b>Cups</b> · https://shop.example/cups")
        expect(link).to_have_attribute("href", "https://shop.example/cups")
        expect(link).to_have_attribute("rel", "noopener noreferrer ugc")
        visitor.ask_ok("update_customer_page", {"url": "javascript:alert(1)"})
        expect(visited).to_have_text("javascript:alert(1)")
        expect(link).to_have_count(0)
    # What is drawn anew knows it too.
    customers.update(chat.customer, name="Vera")
    expect(pane(page, chat).get_by_role("heading", name="Vera")).to_be_visible()
    expect(visited).to_have_text("javascript:alert(1)")


def test_a_closed_pane_leaves_nothing_behind(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    page = open_console(live_cast.ann)
    open_chat(page, chat)
    page.evaluate(
        "id => { window.closed_pane = new WeakRef(document.getElementById(id)) }",
        f"lc-pane-{chat.pk}",
    )
    page.keyboard.press("x")
    expect(pane(page, chat)).to_have_count(0)
    collector = page.context.new_cdp_session(page)
    gone = "() => window.closed_pane.deref() === undefined"
    deadline = time.monotonic() + 15
    while not page.evaluate(gone) and time.monotonic() < deadline:  # an answer may be on its way
        collector.send("HeapProfiler.collectGarbage")
    assert page.evaluate(gone)
