"""The console for who has no mouse, no eyes for it, or a phone only."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import Open, ask, open_chat, pane, row, said, section
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_it_is_worked_by_keyboard_alone(open_console: Open, live_cast: Cast) -> None:
    first, second = (live_cast.chat(text=text) for text in ("First", "Second"))
    page = open_console(live_cast.ann)
    press = page.keyboard.press
    press("j")
    expect(row(page, first).get_by_role("button")).to_be_focused()
    press("j")
    expect(row(page, second).get_by_role("button")).to_be_focused()
    press("Enter")
    expect(pane(page, second).get_by_role("button", name="Take this chat")).to_be_focused()
    press("Enter")
    reply = pane(page, second).get_by_label("Your reply")
    expect(reply).to_be_focused()
    page.keyboard.type("jkntrex?")
    expect(reply).to_have_value("jkntrex?")
    press("Enter")
    expect(said(page, second).last).to_have_text("jkntrex?")
    press("Escape")
    expect(row(page, second).get_by_role("button")).to_be_focused()
    press("e")
    dialog = page.get_by_role("dialog", name="End this chat?")
    expect(dialog).to_be_visible()
    press("Escape")
    expect(dialog).to_be_hidden()
    press("e")
    press("Enter")
    expect(section(page, "closed").locator(f"#lc-row-{second.pk}")).to_be_visible()
    expect(pane(page, second)).to_contain_text("This chat has ended.")
    press("x")
    expect(row(page, second)).to_have_count(0)
    expect(pane(page, second)).to_have_count(0)
    press("n")
    expect(pane(page, first)).to_be_visible()
    press("t")
    expect(pane(page, first).get_by_label("Your reply")).to_be_focused()


def test_the_keys_can_be_turned_off(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    page = open_console(live_cast.ann)
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Use these keys")).to_be_hidden()
    page.keyboard.press("j")
    expect(row(page, chat).get_by_role("button")).not_to_be_focused()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_label("Use these keys")).to_be_hidden()


def test_on_a_phone_it_shows_the_list_or_a_chat(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    live_cast.reply(chat, "Hello")
    page = open_console(live_cast.ann, viewport={"width": 375, "height": 700})
    opened = open_chat(page, chat)
    expect(row(page, chat)).to_be_hidden()
    expect(opened.get_by_label("Your reply")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    opened.get_by_role("button", name="Back to the list").click()
    expect(row(page, chat)).to_be_visible()
    expect(opened).to_be_hidden()
    ask(chat, "Unseen")
    expect(row(page, chat).locator(".lc-row__unread")).to_have_text(re.compile("1"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(open_console: Open, live_cast: Cast, scheme: str) -> None:
    mine, waiting = live_cast.chat(live_cast.customer(name="Vera")), live_cast.chat()
    live_cast.reply(mine, "Hello")
    ask(mine, "https://example.org is what?")
    page = open_console(live_cast.ann, color_scheme=scheme, reduced_motion="reduce")
    open_chat(page, waiting)
    open_chat(page, mine)
    found = Axe().run(page, context="#lc-console", options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()
