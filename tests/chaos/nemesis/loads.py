"""What parties themselves can do to a server: repeat, retry, storm, burst, stop reading."""

import asyncio
from collections.abc import Awaitable, Callable

from ..clients import Customer, Tab
from ..line import Lost
from ..scene import Scene
from ..traffic import open_crowd, open_readers

Inject = Callable[[Scene], Awaitable[None]]


async def talk(scene: Scene) -> None:
    """No fault at all."""
    await asyncio.sleep(2)
    scene.effects["seconds talked"] += 2


async def echo(scene: Scene) -> None:
    """One message many times over: from two sockets, on two workers, all at once."""
    customer = scene.customers[0]
    other = Customer(customer.name, scene.listeners[0], scene.history)
    for turn in range(10):
        text, times = f"{customer.name} echoes {turn}", scene.rng.randint(2, 20)
        voices = [(customer, other)[number % 2] for number in range(times)]
        other.tab.chat = customer.tab.chat
        got = await asyncio.gather(*(voice.say(text) for voice in voices))
        scene.effects["frames doubled"] += times - 1
        if len(set(got) - {None}) > 1:
            raise AssertionError(f"one custom_id was answered with {set(got)}")


async def lose_answers(scene: Scene) -> None:
    """Each act once with its answer lost on the way; the client leaves, returns, tries again."""
    customer = scene.customers[0]
    tab = customer.tab
    for turn in range(3):
        await _blind(scene, tab)
        await customer.say(f"{customer.name} unheard {turn}")
        scene.effects["acts tried again"] += 1
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: customer.see(tab.last_time),
        lambda: tab.ask("update_customer", {"name": "Vera"}),
    ]
    for act in acts:
        await _blind(scene, tab)
        for _ in range(10):
            await tab.online.wait()
            try:
                await act()
                break
            except Lost:
                await asyncio.sleep(0.1)
        scene.effects["acts tried again"] += 1


async def _blind(scene: Scene, tab: Tab) -> None:
    """What the tab's link brings down from now on is lost."""
    await tab.online.wait()
    number = int(tab.conn.rpartition("@")[2])
    scene.workers[number].proxy.treat("down", hole=True)


def storm(size: int) -> Inject:
    async def inject(scene: Scene) -> None:
        await open_crowd(scene, size)
        async with scene.outage("storm"):
            for worker in scene.workers:
                worker.proxy.reset()
            await asyncio.sleep(0.1)  # until they have noticed
            await asyncio.gather(
                *(asyncio.wait_for(line.online.wait(), 30) for line in scene.lines)
            )

    return inject


async def stop_reading(scene: Scene) -> None:
    """A tab on each kind of server hangs while a lot is said; then it reads on."""
    tabs = await open_readers(scene, 2)
    for tab in tabs:
        tab.gate.clear()
    customer = scene.customers[0]
    for _ in range(60):
        text = customer.draw_text(size=12_000)
        if await customer.say(text):
            scene.effects["bytes unread"] += len(text) * len(tabs)
    for tab in tabs:
        tab.gate.set()


async def burst(scene: Scene) -> None:
    """As much as can be said, into one chat, by three at once, before twenty readers."""
    await open_readers(scene, 20)
    customer, agent = scene.customers[0], scene.agents[0]

    async def talk_at_once(count: int) -> None:
        for _ in range(count):
            await customer.say()

    async def answer(count: int) -> None:
        for _ in range(count):
            await agent.say(customer.tab.chat)

    await asyncio.gather(talk_at_once(80), talk_at_once(80), answer(40))
    scene.effects["events in the burst"] += 200


async def grow_old(scene: Scene) -> None:
    """Sockets outlive the core layer's group_expiry, and daphne's websocket_timeout, of 3 s."""
    began = {line.conn for line in scene.lines}
    await asyncio.sleep(4.5)
    scene.effects["sockets outlived"] += len(began)
