"""Chats that are given out, as agents see it."""

from playwright.sync_api import expect

from livechat_widget.domain import chats, routing
from livechat_widget.models import Agent
from tests.browser.desk import Open, open_chat, pane, row, section
from tests.cast import Cast


def test_a_chat_comes_to_who_has_the_console_open(open_console: Open, live_cast: Cast) -> None:
    live_cast.general.strategy = "least_loaded"
    live_cast.general.save()
    Agent.objects.filter(pk=live_cast.ann.pk).update(concurrent_limit=1)
    live_cast.agent("Bob", accepting=False)
    page = open_console(live_cast.ann)
    first, second = live_cast.chat(), live_cast.chat()
    routing.route(live_cast.organization.pk)
    expect(section(page, "mine").locator(f"#{row_id(first)}")).to_be_visible()
    expect(section(page, "waiting").locator(f"#{row_id(second)}")).to_be_visible()
    opened = open_chat(page, first)
    expect(opened.get_by_role("textbox")).to_be_visible()
    opened.get_by_text("Why?").click()
    expect(opened.get_by_text("Ann had the fewest chats")).to_be_visible()
    expect(opened.get_by_role("table").get_by_role("row")).to_have_text(
        ["Agent Chats Priority", "Ann 0 / 1 normal"], use_inner_text=True
    )
    waiting = open_chat(page, second)
    expect(waiting.get_by_text("it goes to the next agent who has room")).to_be_visible()
    expect(waiting.get_by_role("button", name="Take this chat")).to_be_visible()
    chats.deactivate(first.pk, first.customer)
    routing.route(live_cast.organization.pk)
    expect(section(page, "mine").locator(f"#{row_id(second)}")).to_be_visible()
    expect(pane(page, second).get_by_role("textbox")).to_be_visible()
    expect(row(page, first)).to_be_visible()


def row_id(chat: object) -> str:
    return f"lc-row-{chat.pk}"  # type: ignore[attr-defined]
