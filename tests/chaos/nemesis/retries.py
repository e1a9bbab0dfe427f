"""Every act that changes something, with its answer lost on the way, and then tried again."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from ..agents import Agent
from ..clients import Customer, Tab
from ..line import Frame, Lost
from ..scene import Scene
from ..speaker import FINAL

TRIES = 20


class Visit:
    """Somebody whose chat begins, is answered, ends and begins again, each act of it twice."""

    def __init__(self, scene: Scene) -> None:
        record = scene.cast["customers"][scene.pace.talkers - 1]  # the one who does not talk
        self.scene = scene
        self.tab = Tab("visitor", record, scene.homes(0, 1), scene.history)
        self.customer = Customer("visitor", self.tab, scene.history)
        self.agent: Agent = scene.agents[0]
        self._numbers = itertools.count(1)
        scene.extra.append(self.tab)
        self.tab.open()

    async def unheard(self) -> None:
        """What comes down to the visitor from now on is lost, and then the connection."""
        await self.tab.online.wait()
        number = int(self.tab.conn.rpartition("@")[2])
        self.scene.workers[number].proxy.lose_answers(self.tab.port)

    def unheard_agent(self) -> None:
        for home in self.agent.homes:
            home.proxy.lose_answers()

    async def start(self) -> None:
        await self.unheard()
        await self.customer.start()

    async def say(self) -> None:
        await self.unheard()
        await self.customer.say()

    async def resume(self) -> None:
        await self.unheard()
        text = f"visitor is back {next(self._numbers)}"
        await self.customer.deliver("resume_chat", text, self._send_resume)

    async def _send_resume(self, event: Frame) -> Frame:
        await self.tab.online.wait()
        chat = {"id": self.tab.chat, "thread": {"events": [event]}}
        return await self.tab.ask("resume_chat", {"chat": chat, "continuous": True})

    async def type(self) -> None:
        await self.unheard()
        await _insist("send_sneak_peek", lambda: self.customer.peek("visitor types"), "")

    async def answer(self) -> None:
        self.unheard_agent()
        await self.agent.say(self.tab.chat)

    def ask(self, action: str, fine: str = "", **payload: Any) -> Callable[[], Awaitable[None]]:
        """The visitor's; an error of the type ``fine`` says that it was done before."""

        async def act() -> None:
            await self.unheard()
            given = {key: value() if callable(value) else value for key, value in payload.items()}
            await _insist(action, lambda: self._ask(action, given), fine)

        return act

    async def _ask(self, action: str, payload: Frame) -> Frame:
        await self.tab.online.wait()
        return await self.tab.ask(action, payload)

    def post(
        self, act: str, fine: str = "", of_chat: bool = True, **form: Any
    ) -> Callable[[], Awaitable[None]]:
        """The agent's, by HTTP."""

        async def post() -> None:
            self.unheard_agent()
            path = f"chats/{self.tab.chat}/{act}" if of_chat else act
            given = {key: value() if callable(value) else value for key, value in form.items()}
            await _insist(act, lambda: self.agent.post(path, given), fine)

        return post

    def acts(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """In the order of a visit. An act of the product that is in none of both tables fails."""
        tab = self.tab
        return {
            "start_chat": self.start,
            "send_event": self.say,
            "agent:take": self.post("take"),
            "agent:messages": self.answer,
            "agent:typing": self.post("typing", is_typing="true"),
            "agent:seen": self.post("seen", seen_up_to=lambda: tab.last_time),
            "agent:accepting": self.post("accepting", of_chat=False, accepting="true"),
            "mark_events_as_seen": self.ask(
                "mark_events_as_seen", chat_id=lambda: tab.chat, seen_up_to=lambda: tab.last_time
            ),
            "send_sneak_peek": self.type,
            "update_customer": self.ask("update_customer", name="Vera"),
            "update_customer_page": self.ask("update_customer_page", url="https://example.com/"),
            "agent:close": self.post("close", fine="chat_inactive"),
            "resume_chat": self.resume,
            "deactivate_chat": self.ask(
                "deactivate_chat", fine="chat_inactive", id=lambda: tab.chat
            ),
        }


# They change nothing.
READS = {
    *("check_goals", "get_chat", "get_customer", "list_chats", "list_threads"),
    *("agent:", "agent:chat", "agent:sync"),
}


async def lose_answers(scene: Scene) -> None:
    visit = Visit(scene)
    acts = visit.acts()
    if unknown := set(scene.rig.acts) - acts.keys() - READS:
        raise AssertionError(f"nemesis/retries.py says nothing of {sorted(unknown)}")
    for name, act in acts.items():
        try:
            await asyncio.wait_for(act(), 20)
        except (TimeoutError, AssertionError) as error:
            raise AssertionError(f"{name}: {error!r}") from error
        scene.effects["acts tried again"] += 1


async def _insist(name: str, attempt: Callable[[], Awaitable[Frame]], fine: str) -> None:
    for _ in range(TRIES):
        with suppress(Lost):
            answer = await attempt()
            problem = "" if answer["success"] else answer["payload"]["error"]["type"]
            if answer["success"] or problem == fine:
                return
            if problem in FINAL:
                raise AssertionError(f"{name} tried again was answered {problem}")
        await asyncio.sleep(0.1)
    raise AssertionError(f"{name} was never answered")
