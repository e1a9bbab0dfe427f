"""What stands where in the console, and what the visitor does meanwhile."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from livechat_widget.domain import events
from livechat_widget.models import Chat
from livechat_widget.protocol.events import NewMessage

Open = Callable[..., Page]


def row(page: Page, chat: Chat) -> Locator:
    return page.locator(f"#lc-row-{chat.pk}")


def pane(page: Page, chat: Chat) -> Locator:
    return page.locator(f"#lc-pane-{chat.pk}")


def section(page: Page, status: str) -> Locator:
    return page.locator(f"#lc-{status}")


def said(page: Page, chat: Chat) -> Locator:
    return pane(page, chat).locator(".lc-event--message .lc-event__text")


def open_chat(page: Page, chat: Chat) -> Locator:
    row(page, chat).get_by_role("button").click()
    expect(pane(page, chat)).to_be_visible()
    return pane(page, chat)


def ask(chat: Chat, text: str) -> None:
    """The visitor writes."""
    events.send(chat.pk, chat.customer, NewMessage(text=text))
