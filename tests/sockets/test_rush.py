"""A rush: many more chats than agents have room for, from many connections, in two processes.

Agents leave and return at random while customers start chats, leave the queue and end what was
answered; ``audit`` tells from the tables how the chats were given out.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from django.db import connection, connections
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidMessage

from livechat_widget.domain import agents, routing
from livechat_widget.models import Agent, Thread
from tests.cast import Cast
from tests.servers import ROOT, Server, start_server
from tests.services import redis_url, require

ROUNDS = 5
LIMIT = 5
PATIENCE = 240


@pytest.fixture
def rush(shared_db: None) -> Iterator["Rush"]:
    """200 customers, each five times, and 20 agents; a tenth of it on SQLite."""
    full = connection.vendor == "postgresql"
    environment, kinds = {}, ["daphne"]
    if full:
        require("Redis", redis_url())
        environment, kinds = {"LIVECHAT_TEST_LAYER": "redis"}, ["daphne", "uvicorn"]
    with ExitStack() as stack:
        servers = [stack.enter_context(start_server(kind, **environment)) for kind in kinds]
        yield Rush(servers, *((200, 20) if full else (20, 3)))


class Rush:
    """Three groups, and agents in some of them; the numbers are drawn with a seed."""

    def __init__(self, servers: list[Server], customers: int, agents: int) -> None:
        self.chance = random.Random(20)
        self.servers = servers
        self.cast = Cast("least_loaded")
        groups = [self.cast.general, self.cast.group(1), self.cast.group(2, "Repairs")]
        self.agents = [self.cast.ann]
        self.agents += [self.cast.agent(f"Agent {number}") for number in range(1, agents)]
        for place, agent in enumerate(self.agents):
            agent.groups.add(groups[1 + place % 2])
        Agent.objects.filter(organization=self.cast.organization).update(concurrent_limit=LIMIT)
        self.customers = [Visitor(self, number) for number in range(customers)]
        self.over = threading.Event()

    async def run(self, work: Callable[["Visitor"], Any]) -> None:
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for one in self.customers:
                group.create_task(work(one))

    def come_and_go(self) -> None:
        """Until it is over: an agent leaves, another one returns. In the end all are back."""
        chance = random.Random(21)
        while not self.over.wait(0.05):
            agents.set_accepting(chance.choice(self.agents), chance.random() < 0.6)
        for agent in self.agents:
            agents.set_accepting(agent, True)

    def waiting(self) -> int:
        return routing.waiting().filter(group__organization=self.cast.organization).count()


class Visitor:
    """A customer on one connection, who comes again and again."""

    def __init__(self, rush: Rush, number: int) -> None:
        self.number = number
        self.server = rush.servers[number % len(rush.servers)]
        self.organization = rush.cast.organization.organization_id
        self.token = rush.cast.token(rush.cast.customer())
        self.chance = random.Random(number)
        self.socket: Any = None
        self.chat = self.thread = ""
        self.answered: set[str] = set()

    async def come(self) -> None:
        path = f"livechat/v3.5/customer/rtm/ws?organization_id={self.organization}"
        url = f"{self.server.socket_url}/{path}"
        while self.socket is None:
            with suppress(InvalidMessage):  # a server that is slow to answer: clients come again
                self.socket = await connect(url, open_timeout=PATIENCE, compression=None)
        await self.ask("login", {"token": self.token})
        for _ in range(ROUNDS - 1):
            await self.start()
            if self.chance.random() < 0.9:  # the others leave the queue
                await self.wait_for_an_agent()
            await self.end()

    async def start(self) -> None:
        chat: dict[str, Any] = {"access": {"group_ids": [self.number % 3]}}
        action = "start_chat"
        if self.chat:
            action, chat["id"] = "resume_chat", self.chat
        answer = await self.ask(action, {"chat": chat, "continuous": True})
        self.chat, self.thread = answer.get("chat_id", self.chat), answer["thread_id"]

    async def end(self) -> None:
        await self.ask("deactivate_chat", {"id": self.chat})

    async def finish(self) -> None:
        await self.wait_for_an_agent()
        await self.end()
        await self.socket.close()

    async def wait_for_an_agent(self) -> None:
        while self.thread not in self.answered:
            await self.receive()

    async def ask(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        await self.socket.send(
            json.dumps({"request_id": action, "action": action, "payload": payload})
        )
        while (frame := await self.receive()).get("type") != "response":
            pass
        assert frame["success"], frame
        return frame["payload"]

    async def receive(self) -> dict[str, Any]:
        frame = json.loads(await self.socket.recv())
        if frame["action"] == "user_added_to_chat":
            self.answered.add(frame["payload"]["thread_id"])
        return frame


def with_connection(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connections.close_all()


def in_threads(*works: Callable[[], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=with_connection, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    return threads


def audit(organization_id: int) -> str:
    """What the script finds, which runs by itself."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "LIVECHAT_TEST_DB_NAME": str(connection.settings_dict["NAME"]),
    }
    command = [sys.executable, "-m", "tests.sockets.audit", str(organization_id), "--at-rest"]
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return result.stdout.strip() + result.stderr.strip()


def test_everybody_is_given_to_one_agent_with_room_in_order(rush: Rush) -> None:
    organization = rush.cast.organization.pk
    began = time.monotonic()

    async def day() -> None:
        threads = in_threads(rush.come_and_go)
        try:
            await rush.run(Visitor.come)
            await rush.run(Visitor.start)
        finally:
            rush.over.set()
        await asyncio.to_thread(threads[0].join)
        report = await asyncio.to_thread(with_connection, lambda: audit(organization))
        waiting = await asyncio.to_thread(with_connection, rush.waiting)
        assert (report, waiting) == ("", len(rush.customers) - LIMIT * len(rush.agents))
        await rush.run(Visitor.finish)

    asyncio.run(day())
    threads = Thread.objects.filter(chat__organization=organization)
    assert threads.count() == ROUNDS * len(rush.customers)
    assert not threads.filter(active=True).exists()
    assert audit(organization) == ""
    given = threads.filter(agent__isnull=False).count()
    print(f"{threads.count()} chats, {given} of them answered, {time.monotonic() - began:.0f} s")
