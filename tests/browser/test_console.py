"""The console in a real browser: what agents see of visitors and of each other."""

import re

import pytest
from playwright.sync_api import expect

from livechat_widget.domain import chats, customers, events
from livechat_widget.models import Agent, Group
from livechat_widget.protocol.events import NewMessage
from tests.browser.desk import Open, ask, open_chat, pane, row, said, section
from tests.cast import Cast
from tests.clients import customer_client
from tests.servers import Server

pytestmark = pytest.mark.browser


def test_an_agent_takes_and_answers_a_chat(open_console: Open, live_cast: Cast) -> None:
    ann = open_console(live_cast.ann)
    expect(ann.locator("#lc-quiet")).to_be_visible()
    chat = live_cast.chat(live_cast.customer(name="Vera"), "Is this on?")
    expect(section(ann, "waiting").locator(f"#lc-row-{chat.pk}")).to_contain_text("Is this on?")
    expect(ann).to_have_title(re.compile(r"^\(1\) "))
    expect(row(ann, chat).locator("time")).to_have_text(re.compile(r"^\d+:\d\d$"))
    opened = open_chat(ann, chat)
    opened.get_by_role("button", name="Take this chat").click()
    expect(section(ann, "mine").locator(f"#lc-row-{chat.pk}")).to_be_visible()
    expect(opened.get_by_label("Your reply")).to_be_focused()
    ann.keyboard.type("It is.\nReally")
    expect(said(ann, chat)).to_have_text(["Is this on?", "It is."])
    ann.keyboard.press("Shift+Enter")
    ann.keyboard.type("!")
    ann.keyboard.press("Enter")
    expect(said(ann, chat)).to_have_text(["Is this on?", "It is.", "Really\n!"])
    ask(chat, "Good")
    expect(said(ann, chat).last).to_have_text("Good")
    expect(ann).not_to_have_title(re.compile(r"^\("))


def test_two_agents_see_each_other_s_acts(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat(live_cast.customer(name="Vera"))
    ann, bob = open_console(live_cast.ann), open_console(live_cast.agent("Bob"))
    open_chat(bob, chat)
    open_chat(ann, chat).get_by_role("button", name="Take this chat").click()
    expect(section(bob, "others").locator(f"#lc-row-{chat.pk}")).to_contain_text("Ann")
    foot = pane(bob, chat).locator(".lc-foot")
    expect(foot).to_contain_text("Answered by Ann")
    expect(pane(bob, chat).get_by_label("Your reply")).to_be_hidden()
    foot.get_by_role("button", name="Join").click()
    expect(section(bob, "mine").locator(f"#lc-row-{chat.pk}")).to_be_visible()
    bob.keyboard.type("Bob here")
    bob.keyboard.press("Enter")
    expect(said(ann, chat).last).to_have_text("Bob here")
    expect(pane(ann, chat).locator(".lc-foot")).to_contain_text("Ann, Bob")


def test_it_counts_what_is_unread(open_console: Open, live_cast: Cast) -> None:
    one, other = live_cast.chat(), live_cast.chat()
    for chat in (one, other):
        live_cast.reply(chat, "Hello")
    page = open_console(live_cast.ann)
    open_chat(page, one)
    ask(other, "Yes?")
    ask(other, "Anybody?")
    unread = row(page, other).locator(".lc-row__unread")
    expect(unread).to_have_text(re.compile(r"2\s*unread"))
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    ask(one, "Read at once")
    expect(said(page, one).last).to_have_text("Read at once")
    expect(row(page, one).locator(".lc-row__unread")).to_be_hidden()
    open_chat(page, other)
    expect(unread).to_be_hidden()
    last = other.events.latest("created_at").created_at
    # The mark is set by the page after it has shown the chat: the row that comes back proves it.
    expect(row(page, other)).to_have_attribute(
        "data-seen", re.compile(last.strftime("%Y-%m-%dT%H:%M:%S.%f"))
    )
    page.reload()
    expect(row(page, other)).to_be_visible()
    expect(row(page, other).locator(".lc-row__unread")).to_be_hidden()


def test_it_shows_what_the_visitor_is_writing(
    server: Server, open_console: Open, live_cast: Cast
) -> None:
    chat = live_cast.chat()
    live_cast.reply(chat, "Hello")
    page = open_console(live_cast.ann)
    opened = open_chat(page, chat)
    with customer_client(server, live_cast, chat.customer) as visitor:
        visitor.ask_ok("send_sneak_peek", {"chat_id": chat.pk, "sneak_peek_text": "Do you deli"})
        expect(opened.locator(".lc-peek")).to_have_text("Do you deli")
        expect(row(page, chat).locator(".lc-row__typing")).to_be_visible()
        event = {"type": "message", "text": "Do you deliver?"}
        visitor.ask_ok("send_event", {"chat_id": chat.pk, "event": event})
        expect(said(page, chat).last).to_have_text("Do you deliver?")
        expect(opened.locator(".lc-peek")).to_be_hidden()
        expect(row(page, chat).locator(".lc-row__typing")).to_be_hidden()


def test_it_says_what_the_visitor_has_seen(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    page = open_console(live_cast.ann)
    reply = live_cast.reply(chat, "Hello")
    opened = open_chat(page, chat)
    seen = opened.get_by_text("Seen").filter(visible=True)
    bob = live_cast.agent("Bob")
    chats.join(chat.pk, bob)
    events.mark_as_seen(chat.pk, bob, reply.created_at)
    expect(row(page, chat)).to_have_attribute("data-seen", re.compile(f"{bob.public_id}=2"))
    expect(said(page, chat).last).to_have_text("Hello")
    expect(seen).to_have_count(0)
    events.mark_as_seen(chat.pk, chat.customer, reply.created_at)
    expect(seen).to_have_count(1)


def test_a_visitor_s_new_name_is_shown_at_once(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    page = open_console(live_cast.ann)
    opened = open_chat(page, chat)
    expect(opened.get_by_role("heading", name="Visitor")).to_be_visible()
    customers.update(chat.customer, name="Vera", email="vera@example.org")
    expect(opened.get_by_role("heading", name="Vera")).to_be_visible()
    expect(opened.get_by_role("link", name="vera@example.org")).to_be_visible()
    expect(row(page, chat)).to_contain_text("Vera")
    ask(chat, "Still in order")
    expect(said(page, chat).last).to_have_text("Still in order")


def test_what_visitors_write_stays_text(open_console: Open, live_cast: Cast) -> None:
    evil = "<img src=x onerror=document.title='got'><script>document.title='got'</script>"
    chat = live_cast.chat(live_cast.customer(name=evil, email=evil), evil)
    page = open_console(live_cast.ann)
    open_chat(page, chat)
    ask(chat, evil)
    expect(said(page, chat)).to_have_text([evil, evil])
    expect(row(page, chat).locator(".lc-row__name")).to_have_text(evil)
    assert page.locator("#lc-console [src=x]").count() == 0
    expect(page).to_have_title(re.compile("Chat console"))


def test_chats_of_other_groups_do_not_come(open_console: Open, live_cast: Cast) -> None:
    Group.objects.create(organization=live_cast.organization, number=2, name="Repairs")
    page = open_console(live_cast.ann)
    opening = chats.Opening(group_number=2, continuous=True, events=[NewMessage(text="Broken")])
    foreign = chats.start(live_cast.customer(), opening).chat
    own = live_cast.chat()
    expect(row(page, own)).to_be_visible()
    expect(row(page, foreign)).to_have_count(0)


def test_accepting_is_a_switch(open_console: Open, live_cast: Cast) -> None:
    page = open_console(live_cast.ann)
    with page.expect_response("**/accepting") as answer:
        page.get_by_label("Accepting chats").uncheck()
    assert answer.value.status == 204
    assert not Agent.objects.get(pk=live_cast.ann.pk).accepting
    page.reload()
    expect(page.get_by_label("Accepting chats")).not_to_be_checked()
