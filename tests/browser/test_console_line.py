"""The console on a bad line: nothing is lost, nothing comes twice."""

import pytest
from playwright.sync_api import expect

from livechat_widget.domain import chats
from livechat_widget.models import ChatUser, Event
from livechat_widget.protocol.events import NewMessage
from tests.browser.desk import Open, ask, open_chat, pane, row, said, section
from tests.browser.line import Line
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_several_chats_are_open_each_with_its_draft(open_console: Open, live_cast: Cast) -> None:
    one, other = live_cast.chat(live_cast.customer(name="Vera")), live_cast.chat()
    for chat in (one, other):
        live_cast.reply(chat, "Hello")
    page = open_console(live_cast.ann)
    open_chat(page, one).get_by_label("Your reply").fill("To Vera")
    open_chat(page, other).get_by_label("Your reply").fill("To the other")
    expect(pane(page, one)).to_be_hidden()
    page.locator("#lc-tabs").get_by_role("button", name="Vera", exact=True).click()
    expect(pane(page, one).get_by_label("Your reply")).to_have_value("To Vera")
    page.reload()
    expect(pane(page, one).get_by_label("Your reply")).to_have_value("To Vera")
    expect(pane(page, other).get_by_label("Your reply")).to_have_value("To the other")
    expect(pane(page, other)).to_be_hidden()
    page.get_by_role("button", name="Close: Vera").click()
    expect(pane(page, one)).to_have_count(0)
    expect(pane(page, other)).to_be_visible()


def test_it_works_without_a_socket(open_console: Open, live_cast: Cast, line: Line) -> None:
    line.refuse_sockets()
    page = open_console(live_cast.ann, line.url)
    expect(page.locator("#lc-state")).to_have_text("Updating every 3 s", timeout=15_000)
    chat = live_cast.chat(text="Polled")
    expect(section(page, "waiting").locator(f"#lc-row-{chat.pk}")).to_contain_text("Polled")
    open_chat(page, chat).get_by_role("button", name="Take this chat").click()
    expect(pane(page, chat).get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("Answered")
    page.keyboard.press("Enter")
    expect(said(page, chat)).to_have_text(["Polled", "Answered"])
    ask(chat, "Thank you")
    expect(said(page, chat)).to_have_text(["Polled", "Answered", "Thank you"])
    chats.deactivate(chat.pk, chat.customer)
    expect(pane(page, chat)).to_contain_text("This chat has ended.")


def test_a_reply_that_meets_no_network_goes_out_later_and_once(
    open_console: Open, live_cast: Cast
) -> None:
    chat = live_cast.chat()
    live_cast.reply(chat, "Hello")
    page = open_console(live_cast.ann)
    reply = open_chat(page, chat).get_by_label("Your reply")
    page.context.set_offline(True)
    reply.fill("Can you hear me?")
    reply.press("Enter")
    expect(pane(page, chat)).to_contain_text("Not sent yet.")
    expect(reply).to_have_value("Can you hear me?")
    page.context.set_offline(False)
    expect(said(page, chat).last).to_have_text("Can you hear me?")
    expect(reply).to_have_value("")
    expect(pane(page, chat)).not_to_contain_text("Not sent yet.")
    assert chat.events.filter(author=live_cast.ann.public_id).count() == 2


def test_what_happened_while_the_line_was_down_is_caught_up(
    open_console: Open, live_cast: Cast, line: Line
) -> None:
    chat, gone = live_cast.chat(text="0"), live_cast.chat(text="Never mind")
    live_cast.reply(chat, "Hello")
    page = open_console(live_cast.ann, line.url)
    expect(page.locator("#lc-state")).to_have_text("Live")
    # No polls here: it is the next socket that has to bring what was missed.
    page.route("**/console/sync", lambda route: route.abort())
    open_chat(page, chat)
    line.cut()
    expect(page.locator("#lc-state")).to_have_text("Reconnecting…")
    for number in range(1, 4):
        ask(chat, str(number))
    chats.deactivate(gone.pk, gone.customer)
    new = live_cast.chat(text="New one")
    line.restore()
    expect(page.locator("#lc-state")).to_have_text("Live", timeout=20_000)
    expect(row(page, new)).to_be_visible()
    expect(row(page, gone)).to_have_count(0)
    expect(said(page, chat)).to_have_text(["0", "Hello", "1", "2", "3"])


def test_a_chat_that_starts_again_is_shown_whole(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat(text="First")
    live_cast.reply(chat, "Hello")
    page = open_console(live_cast.ann)
    open_chat(page, chat)
    chats.deactivate(chat.pk, chat.customer)
    expect(pane(page, chat)).to_contain_text("This chat has ended.")
    chats.resume(chat.pk, chat.customer, chats.Opening(events=[NewMessage(text="Again")]))
    expect(said(page, chat)).to_have_text(["First", "Hello", "Again"])
    expect(section(page, "waiting").locator(f"#lc-row-{chat.pk}")).to_be_visible()
    pane(page, chat).get_by_role("button", name="Take this chat").click()
    expect(pane(page, chat).get_by_label("Your reply")).to_be_focused()


def test_it_notices_that_the_agent_is_signed_out(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    page = open_console(live_cast.ann)
    open_chat(page, chat)
    page.context.clear_cookies()
    pane(page, chat).get_by_role("button", name="Take this chat").click()
    expect(page.locator("#lc-state")).to_contain_text("You are signed out")
    assert not ChatUser.objects.filter(chat=chat, agent=live_cast.ann).exists()


def test_an_event_is_drawn_once(open_console: Open, live_cast: Cast) -> None:
    """A pane that is drawn late holds events whose own pushes are still to come."""
    chat = live_cast.chat(text="0")
    page = open_console(live_cast.ann)
    row(page, chat).get_by_role("button").click(no_wait_after=True)
    for number in range(1, 6):
        ask(chat, str(number))
    expect(said(page, chat)).to_have_text([str(number) for number in range(6)])
    assert Event.objects.filter(chat=chat, type="message").count() == 6
