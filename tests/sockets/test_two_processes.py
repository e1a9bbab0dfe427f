"""Two servers, PostgreSQL and Redis: it does not matter which process somebody is on."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.cast import Cast
from tests.clients import Client, customer_client
from tests.servers import Server, start_server
from tests.services import redis_url, require
from tests.sockets.messages import message, opening

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(scope="module")
def servers(django_db_setup: None) -> Iterator[tuple[Server, Server]]:
    """A daphne and a uvicorn whose reconcilers sleep: what arrives in time came by a hint."""
    require("Redis", redis_url())
    if connection.vendor != "postgresql":
        pytest.skip("runs in the PostgreSQL lane: LIVECHAT_TEST_DATABASE=postgres")
    environment = {"LIVECHAT_TEST_LAYER": "redis", "LIVECHAT_TEST_RECONCILE": "3600"}
    with (
        start_server("daphne", **environment) as one,
        start_server("uvicorn", **environment) as other,
    ):
        yield one, other


def test_it_works(servers: tuple[Server, Server], live_cast: Cast) -> None:
    one, other = servers
    assert len({one.pid, other.pid, os.getpid()}) == 3
    customer = live_cast.customer()
    with (
        customer_client(one, live_cast, customer) as left,
        customer_client(other, live_cast, customer) as right,
    ):
        chat = left.ask_ok("start_chat", opening())["chat_id"]
        assert right.push("incoming_chat")["payload"]["chat"]["id"] == chat
        for number in range(5):
            for client in (left, right):
                event = message(f"{number}")
                client.ask_ok("send_event", {"chat_id": chat, "event": event})
        for client in (left, right):
            while len(pushed(client)) < 10:
                client.receive()
        assert pushed(left) == pushed(right)
        assert [seq for seq, _ in pushed(left)] == list(range(2, 12))


def pushed(client: Client) -> list[tuple[int, str]]:
    return [
        (frame["seq"], frame["payload"]["event"]["text"])
        for frame in client.frames
        if frame["action"] == "incoming_event" and frame["type"] == "push"
    ]
