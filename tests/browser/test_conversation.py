"""A visitor and an agent talk through the real pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from livechat_widget.domain import events
from livechat_widget.protocol.events import NewMessage
from tests.browser.conversation import Conversation
from tests.browser.line import Line
from tests.browser.people import Agent, Visitor
from tests.browser.test_widget import chat_of
from tests.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def conversation(visitor: Visitor, agent: Agent, server: Server) -> None:
    """The agent has taken the visitor's chat; each has said something."""
    agent.visit(server.url)
    visitor.visit(server.url)
    visitor.introduce()
    visitor.say("Hello?")
    agent.take(visitor.name)
    agent.say("Good day")
    expect(visitor.messages).to_have_text(["Hello?", "Good day"])


def test_it_works(
    visitor: Visitor, agent: Agent, new_line: Callable[[Server], Line], server: Server
) -> None:
    talk = Conversation(visitor, agent, (new_line(server), new_line(server)))
    talk.begin()
    talk.exchange(2)
    talk.reload_host_page()
    talk.exchange(2)
    talk.cut_visitor()
    talk.reload_console()
    talk.exchange(2)
    talk.cut_agent()
    talk.exchange(1)
    talk.check()


@pytest.mark.usefixtures("conversation")
def test_each_sees_the_other_write(visitor: Visitor, agent: Agent) -> None:
    visitor.field.fill("Do you deli")
    expect(agent.pane.locator(".lc-peek")).to_have_text("Do you deli")
    expect(agent.row(visitor.name, "mine").locator(".lc-row__typing")).to_be_visible()
    visitor.field.fill("")
    expect(agent.pane.locator(".lc-peek")).to_be_hidden()
    agent.field.fill("We deli")
    expect(visitor.at("#lc-typing")).to_be_visible()
    agent.say("We deliver")
    expect(visitor.at("#lc-typing")).to_be_hidden()
    expect(visitor.messages.last).to_have_text("We deliver")


@pytest.mark.usefixtures("conversation")
def test_each_sees_what_the_other_has_seen(visitor: Visitor, agent: Agent) -> None:
    for person, other in ((visitor, agent), (agent, visitor)):
        person.say("Have you seen this?")
        expect(other.messages.last).to_have_text("Have you seen this?")
        seen = person.messages.page.locator(".lc-event--message:has(.lc-event__seen:visible)")
        expect(seen.locator(".lc-event__text")).to_have_text(["Have you seen this?"])


@pytest.mark.usefixtures("conversation")
def test_it_says_who_has_joined(visitor: Visitor) -> None:
    expect(visitor.at("#lc-header h1")).to_have_text("Ann")
    expect(visitor.at("#lc-events .lc-event--message[data-kind=agent]")).to_contain_text("Ann")


@pytest.mark.usefixtures("conversation")
def test_a_chat_that_has_ended_starts_again(visitor: Visitor, agent: Agent) -> None:
    agent.end()
    expect(agent.row(visitor.name, "closed")).to_be_visible()
    expect(visitor.at("#lc-foot")).to_contain_text("This chat has ended.")
    expect(visitor.field).to_be_hidden()
    visitor.at("#lc-foot [data-lc-ask]").click()
    expect(visitor.field).to_be_focused()
    visitor.say("One more thing")
    expect(visitor.at("#lc-foot")).to_have_attribute("data-state", "active")
    agent.take(visitor.name)
    agent.say("Yes?")
    for person in (visitor, agent):
        expect(person.messages).to_have_text(["Hello?", "Good day", "One more thing", "Yes?"])


@pytest.mark.usefixtures("conversation")
def test_the_visitor_may_end_it(visitor: Visitor, agent: Agent) -> None:
    visitor.at(".lc-menu summary").click()
    visitor.at(".lc-menu__item").last.click()
    expect(visitor.at("#lc-foot")).to_contain_text("This chat has ended.")
    expect(agent.pane.locator(".lc-foot")).to_contain_text("This chat has ended.")


def test_what_was_said_before_comes_as_one_scrolls_up(visitor: Visitor, server: Server) -> None:
    visitor.visit(server.url)
    visitor.say("Number 0")
    chat = chat_of(visitor)
    for number in range(1, 80):
        events.send(chat.pk, chat.customer, NewMessage(text=f"Number {number}"))
    visitor.page.reload()
    expect(visitor.messages).to_have_text([f"Number {number}" for number in range(30, 80)])
    oldest = visitor.messages.first
    top = visitor.at("#lc-conversation")
    top.evaluate("(scroller) => (scroller.scrollTop = 100)")
    place = oldest.evaluate("(text) => text.getBoundingClientRect().top")
    top.evaluate("(scroller) => (scroller.scrollTop = 0)")
    expect(visitor.messages).to_have_text([f"Number {number}" for number in range(80)])
    # What was read stays where it was.
    same = visitor.messages.filter(has_text="Number 30")
    now = same.evaluate("(text) => text.getBoundingClientRect().top")
    assert abs(now - place - 100) < 3
    expect(visitor.at(".lc-day")).to_have_count(1)
    expect(visitor.at("[data-lc-older]")).to_have_count(0)
