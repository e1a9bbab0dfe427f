"""The way between clients and workers: cut, half-open, slow, narrow."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from ..proxy import Direction
from ..scene import Scene

Inject = Callable[[Scene], Awaitable[None]]


async def reset(scene: Scene) -> None:
    for _ in range(3):
        for worker in scene.workers:
            worker.proxy.reset()
        await asyncio.sleep(0.7)


async def close(scene: Scene) -> None:
    for _ in range(3):
        for worker in scene.workers:
            worker.proxy.close()
        await asyncio.sleep(0.7)


def away(seconds: float) -> Inject:
    """Nobody gets anywhere; only agents' last posts may still be under way."""

    async def inject(scene: Scene) -> None:
        async with scene.outage("network"):
            for worker in scene.workers:
                worker.proxy.refusing = True
                worker.proxy.reset()
            await asyncio.sleep(seconds)
            for worker in scene.workers:
                worker.proxy.refusing = False

    return inject


def make_hole(ways: Sequence[Direction]) -> Inject:
    """The links of now go silent without being closed; links made later are good."""

    async def inject(scene: Scene) -> None:
        for worker in scene.workers:
            for way in ways:
                worker.proxy.treat(way, hole=True)
        await asyncio.sleep(5)

    return inject


async def slow_down(scene: Scene) -> None:
    await _treat_all(scene, delay=0.4, jitter=0.3, stalls=0.05)


async def narrow(scene: Scene) -> None:
    await _treat_all(scene, bytes_per_second=6000)


async def _treat_all(scene: Scene, **how: float) -> None:
    for worker in scene.workers:
        worker.proxy.treat("up", new_too=True, **how)
        worker.proxy.treat("down", new_too=True, **how)
    await asyncio.sleep(4)
    for worker in scene.workers:
        worker.proxy.heal()
