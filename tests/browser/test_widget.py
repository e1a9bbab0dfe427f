"""The widget's page on a bad line, under its policy, and against who means ill."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from livechat_widget.domain import chats, customers, events
from livechat_widget.models import Agent as AgentProfile
from livechat_widget.models import Chat, Event
from livechat_widget.protocol.events import NewMessage
from tests.browser.conversation import HELD
from tests.browser.line import Line
from tests.browser.people import Agent, Visitor
from tests.servers import Server, start_server

pytestmark = pytest.mark.browser

# Each would ask for /canary, show a dialog or break the policy if it were more than text.
HOSTILE = [
    "<script>fetch('/canary')</script>",
    "<img src=/canary onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe src=/canary srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)' autofocus onfocus=alert(1)>press</a>",
    "javascript:alert(1)",
    'https://a.test/"onmouseover="alert(1)',
    "https://a.test/'><img src=/canary>",
    'mailto:a@b.test?"><script>alert(1)</script>',
    "<div hx-get=/canary hx-trigger=load></div>",
    "<div hx-on:htmx:load='alert(1)' hx-on::load='alert(1)'></div>",
    "<div hx-swap-oob='true' id='lc-header'>taken over</div>",
    "</li></ol><ol hx-swap-oob='beforeend:#lc-events'><li>smuggled</li></ol>",
    "</template></body><script>alert(1)</script><template>",
    "<form action=/canary><input name=token autofocus></form>",
    "<style>@import '/canary'; * { display: none }</style>",
    "<link rel=stylesheet href=/canary><base href=//a.test/>",
    "<meta http-equiv=refresh content='0; url=/canary'>",
    "{{ 7|add:7 }}{% csrf_token %}${7*7}<%= 7 %>",
    "&lt;img src=/canary&gt; \u202etxt.exe\u202c <!--<p title='--><img src=/canary>'>",
]


def chat_of(visitor: Visitor) -> Chat:
    """As soon as there is one."""
    me = visitor.at("body").get_attribute("data-me")
    return Chat.objects.select_related("customer").get(customer__pk=me)


def reply(chat: Chat, agent: AgentProfile, text: str) -> None:
    chats.join(chat.pk, agent)
    events.send(chat.pk, agent, NewMessage(text=text))


def count(text: str, chat: Chat) -> int:
    return Event.objects.filter(chat=chat, content__text=text).count()


def test_a_cut_line_is_shown_and_mended(visitor: Visitor, ann: AgentProfile, line: Line) -> None:
    visitor.visit(line.url)
    visitor.say("Hello?")
    line.cut()
    expect(visitor.banner).to_be_visible()
    expect(visitor.banner).to_have_text("Reconnecting…")
    reply(chat_of(visitor), ann, "Can you hear me?")
    line.restore()
    expect(visitor.banner).to_be_hidden()
    expect(visitor.messages).to_have_text(["Hello?", "Can you hear me?"])


def test_an_answer_that_is_lost_makes_no_second_message(visitor: Visitor, line: Line) -> None:
    visitor.visit(line.url)
    visitor.say("Hello?")
    line.cut_at_answer_to(b"POST /livechat/widget/messages")
    visitor.write("Once only")
    expect(visitor.note).to_have_text(HELD)
    chat = chat_of(visitor)
    assert count("Once only", chat) == 1
    line.restore()
    expect(visitor.field).to_have_value("")
    expect(visitor.messages).to_have_text(["Hello?", "Once only"])
    assert count("Once only", chat) == 1


def test_a_message_for_a_server_that_is_away_arrives_once(
    visitor: Visitor, new_line: Callable[[Server], Line], server: Server
) -> None:
    with start_server() as first:
        line = new_line(first)
        visitor.visit(line.url)
        visitor.say("Hello?")
    visitor.write("Are you there?")
    expect(visitor.note).to_have_text(HELD)
    expect(visitor.banner).to_be_visible()
    line.target = server.port
    expect(visitor.field).to_have_value("")
    expect(visitor.banner).to_be_hidden()
    visitor.say("There you are")
    expect(visitor.messages).to_have_text(["Hello?", "Are you there?", "There you are"])
    assert count("Are you there?", chat_of(visitor)) == 1


def test_without_a_socket_it_asks_for_news(visitor: Visitor, ann: AgentProfile, line: Line) -> None:
    line.refuse_sockets()
    visitor.visit(line.url)
    visitor.write("Hello?")
    expect(visitor.messages).to_have_text(["Hello?"])
    reply(chat_of(visitor), ann, "Good day")
    expect(visitor.messages).to_have_text(["Hello?", "Good day"])
    expect(visitor.at("#lc-header")).to_contain_text("Ann")
    expect(visitor.banner).to_be_hidden()


def test_nobody_types_for_ever(visitor: Visitor, agent: Agent, server: Server) -> None:
    agent.visit(server.url)
    visitor.page.clock.install()
    visitor.visit(server.url)
    visitor.introduce()
    visitor.say("Hello?")
    agent.take(visitor.name)
    agent.field.fill("Goo")
    expect(visitor.at("#lc-typing")).to_be_visible()
    agent.page.close()
    visitor.page.clock.fast_forward(10_000)
    expect(visitor.at("#lc-typing")).to_be_hidden()


def test_what_people_write_stays_text(
    visitor: Visitor, agent: Agent, ann: AgentProfile, server: Server
) -> None:
    asked: list[str] = []
    for page in (visitor.page, agent.page):
        page.on("request", lambda request: asked.append(request.url))
    agent.visit(server.url)
    visitor.visit(server.url)
    visitor.say(HOSTILE[0])
    chat = chat_of(visitor)
    customers.update(chat.customer, name=f"{HOSTILE[1]} of {visitor.name}")
    reply(chat, ann, HOSTILE[0])
    agent.row(f"{HOSTILE[1]} of {visitor.name}", "mine").click()
    for text in HOSTILE[1:]:
        for author in (chat.customer, ann):
            events.send(chat.pk, author, NewMessage(text=text))
    for person in (visitor, agent):
        check_text(person)
        person.page.reload()
        check_text(person)
    assert [url for url in asked if "canary" in url] == []


def check_text(person: Visitor | Agent) -> None:
    """What was written stands there as it was written, and made no elements but links."""
    expect(person.messages).to_have_text([text for text in HOSTILE for _ in range(2)])
    expect(person.messages.locator(":not(p, a)")).to_have_count(0)


def test_a_violation_of_the_policy_would_be_noticed(
    visitor: Visitor, server: Server, problems: list[str]
) -> None:
    visitor.visit(server.url)
    with visitor.page.expect_console_message(lambda message: "violation:" in message.text):
        visitor.page.evaluate("new Image().src = 'https://elsewhere.test/face.png'")
    assert any("img-src https://elsewhere.test/face.png" in problem for problem in problems)
    problems.clear()


def test_it_is_accessible(visitor: Visitor, ann: AgentProfile, line: Line) -> None:
    visitor.visit(line.url)
    audit(visitor.page)
    visitor.say("Does https://example.org belong to you?")
    chat = chat_of(visitor)
    reply(chat, ann, "It does")
    expect(visitor.messages.last).to_have_text("It does")
    audit(visitor.page)
    line.cut()
    visitor.write("Not yet")
    expect(visitor.note).to_have_text(HELD)
    expect(visitor.banner).to_be_visible()
    audit(visitor.page)
    line.restore()
    expect(visitor.field).to_have_value("")
    chats.deactivate(chat.pk, ann)
    expect(visitor.at("#lc-foot [data-lc-ask]")).to_be_visible()
    audit(visitor.page)


def audit(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()
