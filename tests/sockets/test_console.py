"""The socket of the console: who may open it, and which chats it follows."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings
from websockets.exceptions import InvalidStatus

from livechat_widget.domain import chats, events, typing
from livechat_widget.models import Agent, Group
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast
from tests.clients import Client, customer_client
from tests.servers import Server
from tests.sockets.desk import console_client, knock, seq_of, session_of

Open = Callable[..., Client]


@pytest.fixture
def open_console(server: Server) -> Iterator[Open]:
    with ExitStack() as stack:

        def log_in(agent: Agent, **payload: Any) -> Client:
            return stack.enter_context(console_client(server, agent, **payload))

        yield log_in


def test_it_works(open_console: Open, live_cast: Cast) -> None:
    vera = live_cast.customer(name="Vera")
    console = open_console(live_cast.ann)
    assert console.login["sync"]["epoch"]
    chat = live_cast.chat(vera, "Is <this> on?")
    opened = console.push("incoming_chat")
    assert opened["payload"]["chat"]["id"] == chat.pk
    assert f'id="lc-row-{chat.pk}"' in opened["html"]
    events.send(chat.pk, vera, NewMessage(text="<b>Hello</b>"))
    said = console.push("incoming_event")
    assert said["payload"]["event"]["text"] == "<b>Hello</b>"
    assert "&lt;b&gt;Hello&lt;/b&gt;" in said["html"]
    assert "<b>Hello" not in said["html"]
    assert said["seq"] == opened["seq"] + 1


def test_it_shows_agents_by_their_login(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    console = open_console(live_cast.ann, known={chat.pk: seq_of(chat)})
    live_cast.reply(chat, "Good day")
    assert console.push("user_added_to_chat")["payload"]["user"]["id"] == live_cast.ann.login
    assert console.push("incoming_event")["payload"]["event"]["author_id"] == live_cast.ann.login


def test_it_goes_on_from_what_the_page_knows(open_console: Open, live_cast: Cast) -> None:
    vera = live_cast.customer()
    chat = live_cast.chat(vera)
    known = {chat.pk: seq_of(chat)}
    events.send(chat.pk, vera, NewMessage(text="Missed"))
    chats.deactivate(chat.pk, vera)
    console = open_console(live_cast.ann, known=known)
    assert console.push("incoming_event")["payload"]["event"]["text"] == "Missed"
    assert console.push("chat_deactivated")["payload"]["chat_id"] == chat.pk


def test_it_tells_of_open_chats_that_the_page_does_not_know(
    open_console: Open, live_cast: Cast
) -> None:
    chat = live_cast.chat(text="Anybody?")
    console = open_console(live_cast.ann)
    assert console.push("incoming_chat")["payload"]["chat"]["id"] == chat.pk


def test_it_shows_what_the_visitor_types(
    open_console: Open, live_cast: Cast, server: Server
) -> None:
    vera = live_cast.customer()
    chat = live_cast.chat(vera)
    console = open_console(live_cast.ann, known={chat.pk: seq_of(chat)})
    with customer_client(server, live_cast, vera) as client:
        client.ask_ok("send_sneak_peek", {"chat_id": chat.pk, "sneak_peek_text": "I wou"})
    peek = console.push("incoming_sneak_peek")
    assert peek["payload"]["sneak_peek"]["text"] == "I wou"
    assert "seq" not in peek


def test_it_tells_whose_page_was_left_for_which(
    open_console: Open, live_cast: Cast, server: Server
) -> None:
    vera = live_cast.customer()
    chat = live_cast.chat(vera)
    console = open_console(live_cast.ann, known={chat.pk: seq_of(chat)})
    page = {"url": "https://shop.example/cups", "title": "Cups"}
    with customer_client(server, live_cast, vera, version="3.3") as client:
        client.ask_ok("update_customer_page", page)
        own = client.push("customer_page_updated")["payload"]
    told = console.push("customer_page_updated")["payload"]
    assert own.keys() == {"url", "title", "opened_at"}
    assert told == {**own, "customer_id": str(vera.pk)}


def test_it_does_not_follow_chats_of_other_groups(open_console: Open, live_cast: Cast) -> None:
    sales = Group.objects.create(organization=live_cast.organization, number=7, name="Sales")
    bob = live_cast.agent("Bob")
    bob.groups.add(sales)
    ann, bobs = open_console(live_cast.ann), open_console(bob)
    hidden = chats.start(live_cast.customer(), chats.Opening(group_number=7, continuous=True))
    assert bobs.push("incoming_chat")["payload"]["chat"]["id"] == hidden.chat.pk
    shown = live_cast.chat()
    # Ann was told nothing before the chat that she may see.
    assert ann.push("incoming_chat")["payload"]["chat"]["id"] == shown.pk
    assert ann.names() == ["incoming_chat"]


def test_it_follows_no_chat_of_another_organization(open_console: Open, live_cast: Cast) -> None:
    console = open_console(live_cast.ann)
    Cast().chat()
    own = live_cast.chat()
    assert console.push("incoming_chat")["payload"]["chat"]["id"] == own.pk
    assert console.names() == ["incoming_chat"]


def test_it_takes_no_acts(open_console: Open, live_cast: Cast) -> None:
    chat = live_cast.chat()
    console = open_console(live_cast.ann)
    event = {"chat_id": chat.pk, "event": {"type": "message", "text": "x"}}
    assert console.error("send_event", event)["type"] == "validation"
    assert console.ask_ok("ping") == {}


def test_it_refuses_whoever_is_no_agent(server: Server, live_cast: Cast) -> None:
    outsider = live_cast.agent("Eve")
    outsider.user.user_permissions.clear()
    visitor = live_cast.agent("Vic")
    visitor.user.is_staff = False
    visitor.user.save()
    for cookie in ("", "nonsense", session_of(outsider), session_of(visitor)):
        with pytest.raises(InvalidStatus) as refusal:
            knock(server, cookie)
        assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_it_refuses_another_origin(server: Server, live_cast: Cast, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        knock(server, session_of(live_cast.ann), origin=origin)
    assert refusal.value.response.status_code == 403


def test_a_session_gives_no_rights_on_the_customer_socket(server: Server, live_cast: Cast) -> None:
    chat = live_cast.chat()
    organization = live_cast.organization.organization_id
    with Client(
        f"{server.socket_url}/livechat/v3.5/customer/rtm/ws?organization_id={organization}",
        additional_headers={
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session_of(live_cast.ann)}"
        },
    ) as client:
        assert client.error("get_chat", {"chat_id": chat.pk})["type"] == "authentication"


def test_typing_needs_presence(live_cast: Cast) -> None:
    chat = live_cast.chat()
    with pytest.raises(Exception, match="Join the chat"):
        typing.show(chat.pk, live_cast.ann, is_typing=True)
