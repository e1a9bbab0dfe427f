"""Workers killed, frozen, deployed, starved, with wrong clocks."""

import asyncio
import resource
import signal
from collections.abc import Awaitable, Callable

from ..scene import Scene
from ..workers import Worker

Inject = Callable[[Scene], Awaitable[None]]


def kill_at(point: str) -> Inject:
    """The worker dies at the point's third passage, and is started again."""

    async def inject(scene: Scene) -> None:
        worker = scene.rng.choice(scene.workers)
        if point == "after response":
            worker.control.set(layer={"drop": 1})  # so that it dies before anybody has the hint
        arm(scene, worker, point, hit=3)
        async with scene.outage("worker"):
            await worker.gone(15)
            worker.control.reset()
            await worker.start()

    return inject


async def kill_amid_a_replay(scene: Scene) -> None:
    """Listeners are away while others talk; their return is what kills the worker."""
    worker = scene.workers[2 % len(scene.workers)]
    async with scene.outage("worker"):
        worker.proxy.refusing = True
        worker.proxy.reset()
        await asyncio.sleep(1.2)
        arm(scene, worker, "amid a replay", hit=3)
        worker.proxy.refusing = False
        await worker.gone(15)
        worker.control.reset()
        await worker.start()


def arm(scene: Scene, worker: Worker, point: str, hit: int, action: str = "kill") -> None:
    name = f"{point} {scene.rng.random()}"
    worker.control.set(failpoint={"id": name, "name": point, "hit": hit, "action": action})


async def terminate(scene: Scene) -> None:
    worker = scene.rng.choice(scene.workers)
    await asyncio.sleep(0.5)
    async with scene.outage("worker"):
        worker.signal(signal.SIGTERM)
        await worker.gone(10)
        scene.effects["workers terminated"] += 1
        scene.effects["goodbyes"] += sum(line.goodbyes for line in scene.lines)
        await worker.start()


def freeze(seconds: float) -> Inject:
    async def inject(scene: Scene) -> None:
        worker = scene.rng.choice(scene.workers)
        async with scene.outage("worker"):
            worker.signal(signal.SIGSTOP)
            scene.effects["workers frozen"] += 1
            await asyncio.sleep(seconds)
            worker.signal(signal.SIGCONT)

    return inject


async def skew_clocks(scene: Scene) -> None:
    for worker, seconds in zip(scene.workers, (90, -90, 0), strict=False):
        worker.control.set(skew=seconds)
    await asyncio.sleep(1.5)
    scene.rig.set_all(skew=-600)
    await asyncio.sleep(1)


async def starve_of_files(scene: Scene) -> None:
    """Established sockets live on; new ones have to wait until there is room again."""
    worker = scene.rng.choice(scene.workers)
    before = resource.prlimit(worker.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (worker.gauge()["files"], before[1]))
    async with scene.outage("worker"):
        scene.effects["connections unserved"] += await _knock(worker, 8)
        resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, before)
        await worker.ready()


async def _knock(worker: Worker, times: int) -> int:
    """How many of so many requests get no answer within a second."""

    async def knock() -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", worker.proxy.target)
        try:
            writer.write(b"GET /livechat/customer HTTP/1.1\r\nHost: x\r\n\r\n")
            return not await asyncio.wait_for(reader.read(1), 1)
        except (OSError, TimeoutError):
            return True
        finally:
            writer.close()

    return sum(await asyncio.gather(*(knock() for _ in range(times))))
