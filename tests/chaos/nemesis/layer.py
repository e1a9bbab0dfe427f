"""The channel layer and its Redis: lost, late, doubled, deaf, gone."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from ..scene import Scene
from ..services import Redis

Inject = Callable[[Scene], Awaitable[None]]


def put(how: dict[str, Any], seconds: float = 2.5) -> Inject:
    """The layers of all workers behave like this for a while; see layer.py for how."""

    async def inject(scene: Scene) -> None:
        scene.rig.set_all(layer=how)
        await asyncio.sleep(seconds)
        scene.rig.set_all(layer={})

    return inject


async def hints_alone(scene: Scene) -> None:
    await _without(scene, reconciler="off")


async def reconcilers_alone(scene: Scene) -> None:
    await _without(scene, layer={"drop": 1})


async def pings_alone(scene: Scene) -> None:
    await _without(scene, pings=True, reconciler="off", layer={"drop": 1})


async def _without(scene: Scene, pings: bool = False, **switches: Any) -> None:
    """It stays so to the end of the trial: what one detector missed the others must not mend."""
    for line in scene.lines:
        line.pings = pings
    scene.rig.set_all(**switches)
    await asyncio.sleep(2.5)


async def kill_redis(scene: Scene) -> None:
    redis = _redis(scene)
    await asyncio.sleep(0.3)
    await redis.kill()
    scene.effects["redis killed"] += 1
    await asyncio.sleep(0.8)
    await redis.start()
    await asyncio.sleep(1.5)


async def flush_redis(scene: Scene) -> None:
    for _ in range(6):
        _redis(scene).client.flushall()
        scene.effects["redis flushed"] += 1
        await asyncio.sleep(0.5)


def freeze_redis(seconds: float) -> Inject:
    async def inject(scene: Scene) -> None:
        _redis(scene).signal(signal.SIGSTOP)
        scene.effects["redis frozen"] += 1
        await asyncio.sleep(seconds)
        _redis(scene).signal(signal.SIGCONT)

    return inject


async def refuse_clients(scene: Scene) -> None:
    """Redis ends all connections but ours, and takes no new ones."""
    client = _redis(scene).client
    before = client.info("stats")["rejected_connections"]
    usual = client.config_get("maxclients")["maxclients"]
    client.config_set("maxclients", 1)
    for kind in ("normal", "pubsub"):
        client.client_kill_filter(_type=kind, skipme=True)
    await asyncio.sleep(2.5)
    client.config_set("maxclients", usual)
    refused = client.info("stats")["rejected_connections"] - before
    scene.effects["redis connections refused"] += refused


async def start_without_redis(scene: Scene) -> None:
    """A worker that is started now serves at once, and hears hints when Redis is there."""
    redis, worker = _redis(scene), scene.rng.choice(scene.workers)
    await redis.kill()
    async with scene.outage("worker"):
        worker.signal(signal.SIGKILL)
        await worker.gone(5)
        await worker.start()
    scene.effects["workers started without redis"] += 1
    await asyncio.sleep(1.5)
    await redis.start()
    await asyncio.sleep(0.5)


def _redis(scene: Scene) -> Redis:
    assert scene.rig.redis is not None, "this rig has no Redis"
    return scene.rig.redis
