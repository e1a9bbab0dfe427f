"""Who may not be at the console any more leaves it within five seconds."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import pytest
from django.conf import settings
from django.test import Client as Browser
from websockets.exceptions import ConnectionClosed

from livechat_widget.domain import chats, events
from livechat_widget.models import Agent, Chat, Group
from livechat_widget.protocol.events import NewMessage
from tests.cast import Cast
from tests.clients import Client
from tests.servers import Server
from tests.sockets.desk import console_client, seq_of, session_of


def log_out(agent: Agent, session: str) -> None:
    browser = Browser()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session
    browser.logout()


def change_password(agent: Agent, session: str) -> None:
    agent.user.set_password("new")
    agent.user.save()


def set_inactive(agent: Agent, session: str) -> None:
    agent.user.is_active = False
    agent.user.save()


def take_staff_flag(agent: Agent, session: str) -> None:
    agent.user.is_staff = False
    agent.user.save()


def take_permission(agent: Agent, session: str) -> None:
    agent.user.user_permissions.clear()


@contextmanager
def in_time() -> Iterator[None]:
    start = monotonic()
    yield
    assert monotonic() - start < 5


def drain(client: Client) -> None:
    while True:
        client.receive()


def close_code(client: Client) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        drain(client)
    assert closed.value.rcvd
    return closed.value.rcvd.code


@pytest.mark.parametrize(
    "withdraw", [log_out, change_password, set_inactive, take_staff_flag, take_permission]
)
def test_it_ends_when_the_agent_may_not_be_there_any_more(
    server: Server, live_cast: Cast, withdraw: Callable[[Agent, str], None]
) -> None:
    session = session_of(live_cast.ann)
    with (
        console_client(server, live_cast.agent("Bob")) as bystander,
        console_client(server, live_cast.ann, session) as console,
    ):
        withdraw(live_cast.ann, session)
        with in_time():
            assert close_code(console) == 4401
        assert bystander.ask_ok("ping") == {}


@pytest.fixture
def sales(live_cast: Cast) -> Group:
    return Group.objects.create(organization=live_cast.organization, number=7, name="Sales")


@pytest.fixture
def chat(live_cast: Cast, sales: Group) -> Chat:
    opening = chats.Opening(group_number=sales.number, continuous=True)
    return chats.start(live_cast.customer(), opening).chat


def test_a_group_that_is_left_takes_its_chats_along(
    server: Server, live_cast: Cast, sales: Group, chat: Chat
) -> None:
    ann = live_cast.ann
    ann.groups.add(sales)
    with console_client(server, ann, known={chat.pk: seq_of(chat)}) as console:
        events.send(chat.pk, chat.customer, NewMessage(text="For Ann"))
        assert console.push("incoming_event")["payload"]["event"]["text"] == "For Ann"
        ann.groups.remove(sales)
        with in_time():
            console.push("sync_reset")
        events.send(chat.pk, chat.customer, NewMessage(text="Not for Ann"))
        assert close_code(console) == 4012
        assert "Not for Ann" not in json.dumps(console.frames)
    with console_client(server, ann, known={chat.pk: seq_of(chat) - 1}) as again:
        shown = live_cast.chat()
        assert again.push("incoming_chat")["payload"]["chat"]["id"] == shown.pk
        assert again.names() == ["incoming_chat"]


def test_a_group_that_is_joined_brings_its_chats(
    server: Server, live_cast: Cast, sales: Group, chat: Chat
) -> None:
    with console_client(server, live_cast.ann) as console:
        live_cast.ann.groups.add(sales)
        assert console.push("incoming_chat")["payload"]["chat"]["id"] == chat.pk
        # What has only just come is lost like everything else.
        live_cast.ann.groups.remove(sales)
        with in_time():
            console.push("sync_reset")
