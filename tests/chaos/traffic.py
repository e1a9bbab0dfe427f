"""What parties do during a trial. Each kind opens the scene, talks until told, and stops."""

import asyncio
import itertools
from collections import deque
from contextlib import suppress

from .agents import Agent, Console
from .clients import Customer, Tab
from .line import Lost
from .scene import Pace, Scene

# How many of a customer's last messages may be said again.
REPEATED = 50


async def open_talk(scene: Scene) -> list[asyncio.Task[None]]:
    """Customers chat, agents join and answer; everybody is in a conversation when this returns."""
    scene.cast_customers(scene.pace.talkers)
    scene.cast_agents()
    await scene.open()
    await asyncio.gather(*(customer.start() for customer in scene.customers))
    joined: list[list[str]] = [[] for _ in scene.agents]
    tasks = []
    for agent, console, chats in zip(scene.agents, scene.consoles, joined, strict=True):
        tasks.append(asyncio.create_task(_join(scene, agent, console, chats)))
        tasks.append(asyncio.create_task(_answer(scene, agent, chats)))
    await _all_joined(scene, joined)
    for one, listener in zip(scene.customers, scene.listeners, strict=True):
        echo = Customer(one.name, listener, scene.history)
        echo.tab.chat = one.tab.chat
        voices = 1 if one.tab.plain else scene.pace.voices
        said: deque[str] = deque(maxlen=REPEATED)
        tasks += [asyncio.create_task(_speak(scene, (one, echo), said)) for _ in range(voices)]
    return tasks


async def _all_joined(scene: Scene, joined: list[list[str]]) -> None:
    """Ann sees all chats but one, Bob sees them all and answers the one only."""
    groups = {one["id"]: one["group"] for one in scene.cast["customers"]}
    anns = sum(groups[customer.tab.customer["id"]] == 0 for customer in scene.customers)
    async with asyncio.timeout(20):
        while len(joined[0]) < anns or not joined[1]:
            await asyncio.sleep(0.05)


async def _speak(scene: Scene, hands: tuple[Customer, Customer], said: "deque[str]") -> None:
    """``said`` is what all voices of this customer said lately."""
    customer, pace = hands[0], scene.pace
    for turn in itertools.count(1):
        if scene.stopping.is_set():
            return
        if said and _is_wave(pace) and not customer.tab.plain:
            await scene.rng.choice(hands).say(scene.rng.choice(said))
        else:
            said.append(customer.draw_text())
            await customer.say(said[-1])
        with suppress(Lost):
            if turn % pace.types_every == 1:
                await customer.peek(f"{customer.name} types {turn}")
            if turn % pace.sees_every == 2 and customer.tab.last_time:
                await customer.see(customer.tab.last_time)
        if pace.pause[1]:
            await asyncio.sleep(scene.rng.uniform(*pace.pause))


def _is_wave(pace: Pace) -> bool:
    every, lasts = pace.waves
    return asyncio.get_running_loop().time() % every > every - lasts


async def _join(scene: Scene, agent: Agent, console: Console, chats: list[str]) -> None:
    own = scene.agents.index(agent)
    groups = {one["id"]: one["group"] for one in scene.cast["customers"]}
    while not scene.stopping.is_set():
        with suppress(TimeoutError):
            chat = await asyncio.wait_for(console.waiting.get(), 0.5)
            if bool(groups[console.customers[chat]]) == bool(own) and await agent.take(chat):
                chats.append(chat)


async def _answer(scene: Scene, agent: Agent, chats: list[str]) -> None:
    while not scene.stopping.is_set():
        if chats:
            await agent.say(scene.rng.choice(chats))
        await asyncio.sleep(scene.rng.uniform(0.1, 0.4))


async def open_crowd(scene: Scene, size: int) -> None:
    """Tabs of as many customers as there are, each with a chat of its own, spread over workers."""
    crowd = scene.cast["customers"][scene.pace.talkers : scene.pace.talkers + size]
    tabs = [
        Tab(f"crowd{number}", record, scene.homes(number, number + 1), scene.history)
        for number, record in enumerate(crowd)
    ]
    scene.extra += tabs
    for tab in tabs:
        tab.open()
    await asyncio.gather(*(asyncio.wait_for(tab.online.wait(), 30) for tab in tabs))


async def open_readers(scene: Scene, count: int) -> list[Tab]:
    """More tabs of the first customer."""
    record = scene.cast["customers"][0]
    tabs = [
        Tab(f"reader{number}", record, scene.homes(number), scene.history)
        for number in range(count)
    ]
    scene.extra += tabs
    for tab in tabs:
        tab.open()
    await asyncio.gather(*(asyncio.wait_for(tab.online.wait(), 30) for tab in tabs))
    return tabs
