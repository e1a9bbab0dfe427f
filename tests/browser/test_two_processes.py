"""A visitor on one server, an agent on another: PostgreSQL and Redis are all that joins them."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.browser.conversation import Conversation
from tests.browser.line import Line
from tests.browser.people import Agent, Visitor
from tests.servers import Server, start_server
from tests.services import redis_url, require

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(scope="module")
def servers(django_db_setup: None) -> Iterator[tuple[Server, Server]]:
    """A daphne and a uvicorn whose reconcilers sleep: what arrives in time came by a hint."""
    require("Redis", redis_url())
    assert connection.vendor == "postgresql"
    environment = {"LIVECHAT_TEST_LAYER": "redis", "LIVECHAT_TEST_RECONCILE": "3600"}
    with (
        start_server("daphne", **environment) as one,
        start_server("uvicorn", **environment) as other,
    ):
        yield one, other


def test_it_works(
    visitor: Visitor,
    agent: Agent,
    new_line: Callable[[Server], Line],
    servers: tuple[Server, Server],
) -> None:
    one, other = servers
    assert len({one.pid, other.pid, os.getpid()}) == 3
    talk = Conversation(visitor, agent, (new_line(one), new_line(other)))
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
    for server in servers:
        assert "Traceback" not in server.log(), server.log()
