"""What parties do during a trial. Each kind opens the scene, talks until told, and stops."""

import asyncio
import itertools
from contextlib import suppress

from .agents import Agent, Console
from .clients import Customer, Tab
from .line import Lost
from .scene import Scene


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
    await _all_joined(joined, scene.pace.talkers)
    for one, listener in zip(scene.customers, scene.listeners, strict=True):
        echo = Customer(one.name, listener, scene.history)
        voices = 1 if one.tab.plain else scene.pace.voices
        tasks += [asyncio.create_task(_speak(scene, one, echo)) for _ in range(voices)]
    return tasks


async def _all_joined(joined: list[list[str]], talkers: int) -> None:
    """Ann sees all chats but one, Bob sees them all and answers the one only."""
    async with asyncio.timeout(20):
        while len(joined[0]) < talkers - 1 or not joined[1]:
            await asyncio.sleep(0.05)


async def _speak(scene: Scene, customer: Customer, echo: Customer) -> None:
    for turn in itertools.count():
        if scene.stopping.is_set():
            return
        text = customer.draw_text()
        said = [customer.say(text)]
        if not customer.tab.plain and scene.rng.random() < scene.pace.echoes:
            echo.tab.chat = customer.tab.chat
            said.append(echo.say(text))
        await asyncio.gather(*said)
        with suppress(Lost):
            if turn % 4 == 1:
                await customer.peek(f"{customer.name} types {turn}")
            if turn % 5 == 2 and customer.tab.last_time:
                await customer.see(customer.tab.last_time)
        await asyncio.sleep(scene.rng.uniform(*scene.pace.pause))


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
