"""The buttons of rich messages, under a visitor's finger."""

import pytest
from playwright.sync_api import expect

from livechat_widget.domain import chats, edits, events
from livechat_widget.models import Agent as AgentProfile
from livechat_widget.models import Event
from livechat_widget.protocol.events import NewMessage, NewRichMessage
from livechat_widget.protocol.rich import Button, Element
from tests.browser.people import Agent, Visitor
from tests.browser.test_widget import audit, chat_of
from tests.servers import Server

pytestmark = pytest.mark.browser

CARD = NewRichMessage(
    template_id="cards",
    elements=[
        Element(
            title="A scarf",
            buttons=[
                Button(text="Buy", postback_id="buy", type="message", value="I take it"),
                Button(text="Later", postback_id="later"),
                Button(text="Look", postback_id="look", type="url", value="https://shop.example/"),
            ],
        )
    ],
)


def test_a_press_is_seen_on_both_sides(
    visitor: Visitor, agent: Agent, ann: AgentProfile, server: Server
) -> None:
    agent.visit(server.url)
    visitor.visit(server.url)
    visitor.introduce()
    visitor.say("Hello?")
    agent.take(visitor.name)
    chat = chat_of(visitor)
    row = events.send(chat.pk, ann, CARD).event
    buy, later, look = (
        visitor.at(f"[data-lc-postback={name}]") for name in ("buy", "later", "look")
    )
    expect(look).to_have_attribute("href", "https://shop.example/")
    audit(visitor.page)
    later.focus()
    later.press("Enter")
    expect(later).to_have_attribute("aria-pressed", "true")
    expect(later).to_be_focused()
    shown = agent.pane.locator("[data-lc-postback=later]")
    expect(shown).to_have_attribute("aria-pressed", "true")
    expect(shown).to_be_disabled()
    later.press("Enter")
    expect(shown).to_have_attribute("aria-pressed", "false")
    buy.click()
    expect(visitor.messages.last).to_have_text("I take it")
    expect(agent.messages.last).to_have_text("I take it")
    answer = Event.objects.get(chat=chat, content__text="I take it")
    assert answer.content["postback"]["event_id"] == str(row.pk)
    audit(visitor.page)
    chats.deactivate(chat.pk, ann)
    expect(later).to_be_disabled()
    expect(buy).to_be_disabled()


def test_an_edit_takes_the_place_of_what_was_said(
    visitor: Visitor, agent: Agent, ann: AgentProfile, server: Server
) -> None:
    agent.visit(server.url)
    visitor.visit(server.url)
    visitor.introduce()
    visitor.say("Hello?")
    agent.take(visitor.name)
    agent.say("Good day")
    expect(visitor.messages).to_have_text(["Hello?", "Good day"])
    chat = chat_of(visitor)
    row = Event.objects.get(chat=chat, content__text="Good day")
    edits.edit(chat.pk, row.thread_id, str(row.pk), ann, NewMessage(text="Good evening"))
    expect(visitor.messages).to_have_text(["Hello?", "Good evening"])
    expect(agent.messages).to_have_text(["Hello?", "Good evening"])
