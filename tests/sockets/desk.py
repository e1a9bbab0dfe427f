"""How an agent's browser comes to the console's socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from livechat_widget.models import Agent, Chat
from tests.clients import Client
from tests.servers import Server


def session_of(agent: Agent) -> str:
    browser = Browser()
    browser.force_login(agent.user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def knock(server: Server, cookie: str = "", origin: str | None = None) -> Client:
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
    return Client(
        f"{server.socket_url}/livechat/console/ws",
        additional_headers=headers,
        origin=origin or server.url,
    )


@contextmanager
def console_client(
    server: Server, agent: Agent, session: str = "", **payload: Any
) -> Iterator[Client]:
    """A page of the agent's that is logged in; ``client.login`` is the answer."""
    with knock(server, session or session_of(agent)) as client:
        client.login = client.ask_ok("login", {"fragments": "en", **payload})
        yield client


def seq_of(chat: Chat) -> int:
    return Chat.objects.get(pk=chat.pk).customer.stream.seq


def act(server: Server, agent: Agent, chat: Chat, name: str, **form: Any) -> None:
    """What a button of the console posts, such as ``take``."""
    path = reverse(f"admin:livechat_widget_chat_console_{name}", kwargs={"chat_id": chat.pk})
    token = "t" * 32
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(agent)}; csrftoken={token}"
    body = urlencode({**form, "csrfmiddlewaretoken": token}).encode()
    with urlopen(Request(f"{server.url}{path}", body, {"Cookie": cookies})) as response:
        assert response.status == 204
