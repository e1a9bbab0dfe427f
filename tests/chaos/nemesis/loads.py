"""What parties themselves can do to a server: repeat, storm, burst, stop reading, stay away."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence

from ..clients import Customer
from ..scene import Scene
from ..traffic import open_crowd, open_readers
from ..workers import Worker

Inject = Callable[[Scene], Awaitable[None]]
# More than may wait for one connection, said by so many voices at once.
MISSED, VOICES = 1200, 8


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


def storm(size: int) -> Inject:
    async def inject(scene: Scene) -> None:
        await open_crowd(scene, size)
        async with scene.outage("storm"):
            for worker in scene.workers:
                worker.proxy.reset()
            began = time.monotonic()
            await asyncio.sleep(0.1)  # until they have noticed
            await asyncio.gather(
                *(asyncio.wait_for(line.online.wait(), 30) for line in scene.lines)
            )
        name = f"seconds until {len(scene.lines)} connections are back"
        scene.figures[name] = round(time.monotonic() - began, 1)

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


async def miss_much(scene: Scene) -> None:
    """Who listens at one of the workers is away while a lot is said, and then comes back."""
    customer, listener, worker = scene.customers[0], scene.listeners[0], scene.workers[2]

    async def talk_at_once(count: int) -> None:
        for _ in range(count):
            await customer.say()

    async with scene.outage("network"):
        worker.proxy.refusing = True
        worker.proxy.reset()
        start = listener.seq
        await asyncio.gather(*(talk_at_once(MISSED // VOICES) for _ in range(VOICES)))
        worker.proxy.refusing = False
        await listener.online.wait()
    missed, end = customer.tab.seq - start, customer.tab.seq
    async with asyncio.timeout(20):
        while listener.seq < end:
            await asyncio.sleep(0.05)
    trips = listener.asked.total() - listener.asked["ping"]
    scene.effects["events missed"] += missed
    scene.figures["round trips per hundred missed events"] = round(100 * trips / missed, 2)


async def grow_old(scene: Scene) -> None:
    """Sockets outlive the core layer's group_expiry of 3 s, and daphne's websocket_timeout of 4."""
    elders = [worker for worker in scene.workers if worker.kind == "daphne"]
    async with scene.outage("worker"):
        await _restart(elders, ["--websocket_timeout", "4"])
        await asyncio.gather(*(line.online.wait() for line in scene.lines))
    began = {line.conn for line in scene.lines}
    await asyncio.sleep(5)
    scene.effects["sockets outlived"] += len(began - {line.conn for line in scene.lines})
    async with scene.outage("worker"):
        await _restart(elders, [])


async def _restart(workers: Sequence[Worker], options: list[str]) -> None:
    for worker in workers:
        worker.options = options
        worker.signal(signal.SIGKILL)
        await worker.gone(5)
    await asyncio.gather(*(worker.start() for worker in workers))
