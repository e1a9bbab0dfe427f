"""One trial: traffic before, during and after a fault; then quiet, a final read, a verdict."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from .agents import Console
from .checker import Verdict
from .checker.apart import check_apart
from .checker.store import Store
from .clients import Tab
from .control import count_effects
from .fault import Fault
from .history import History
from .line import Frame, Lost
from .rig import Cast, Rig
from .scene import CALM, Pace, Scene
from .traffic import open_talk

AFTER_SECONDS = 0.6


@dataclass
class Outcome:
    """``missing`` are effects that did not show: then the trial proves nothing, and fails."""

    fault: str
    seed: int
    folder: Path
    effects: Counter[str]
    missing: list[str]
    seconds: float
    trouble: str = ""
    figures: dict[str, float] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def passed(self) -> bool:
        return self.verdict.green and not self.missing and not self.trouble

    async def judge(self, store: Store) -> "Outcome":
        """Have the history checked; the rig may be in the next trial meanwhile."""
        self.verdict = await check_apart(self.folder / "history.jsonl", store)
        return self


async def run_trial(
    rig: Rig, fault: Fault, cast: Cast, seed: int, folder: Path, pace: Pace = CALM
) -> Outcome:
    """The folder gets the history and the logs; the seed fixes what the nemesis chooses.

    The outcome is still to be judged.
    """
    await rig.reset()
    began, before = time.monotonic_ns(), _count_proxies(rig)
    history = History(folder / "history.jsonl")
    scene = Scene(rig, cast, history, random.Random(seed), pace)
    history.note(
        "run", fault=fault.id, seed=seed, organization=cast["organization"], **fault.limits
    )
    marks = await _measure(scene, "start")
    trouble = ""
    try:
        await _perform(scene, fault)
    except Exception as error:  # the verdict on what was seen is worth more than a stack here
        trouble = repr(error)
    await scene.close()
    await rig.reset()
    await _calm(scene)
    _note_logs(scene, marks)
    history.close()
    for worker, start in zip(rig.workers, marks, strict=True):
        worker.keep_log(folder, start)
    effects = scene.effects + _count_workers(rig, began) + (_count_proxies(rig) - before)
    missing = [name for name in fault.effects if not effects[name]]
    seconds = (time.monotonic_ns() - began) / 1e9
    return Outcome(fault.id, seed, folder, effects, missing, seconds, trouble, scene.figures)


async def _perform(scene: Scene, fault: Fault) -> None:
    tasks = await open_talk(scene)
    try:
        await fault.inject(scene)
        await asyncio.sleep(AFTER_SECONDS)
    finally:
        scene.stopping.set()
        await asyncio.gather(*tasks)
        scene.rig.set_all(failpoint=None)
    if not await scene.settle(fault.patience):
        scene.history.note("unsettled", parties=await scene.behind())
    await scene.rig.reset()
    await read_finally(scene, fault.patience)


# -- the final read, by parties that know nothing yet ------------------------------------------


async def read_finally(scene: Scene, patience: float) -> None:
    tabs = [customer.tab for customer in scene.customers]
    await asyncio.gather(
        *(_read_history(scene, tab) for tab in tabs),
        *(_read_log(scene, console, patience) for console in scene.consoles),
    )


async def _read_history(scene: Scene, tab: Tab) -> None:
    fresh = Tab(
        f"{tab.party} at last", tab.customer, scene.homes(scene.rng.randrange(9)), scene.history
    )
    fresh.open()
    await asyncio.wait_for(fresh.online.wait(), 30)
    answer = await _ask(
        fresh, "list_threads", {"chat_id": tab.chat, "sort_order": "asc", "limit": 100}
    )
    events = [event["id"] for thread in answer["threads"] for event in thread["events"]]
    scene.history.note("final", party=fresh.party, stream=tab.customer["id"], events=events)
    await fresh.close()


async def _ask(tab: Tab, action: str, payload: Frame) -> Frame:
    for _ in range(10):
        try:
            answer = await tab.ask(action, payload)
        except Lost:
            await asyncio.wait_for(tab.online.wait(), 30)
            continue
        if answer["success"]:
            return answer["payload"]
        await asyncio.sleep(0.3)
    raise Lost(f"{action} was never answered")


async def _read_log(scene: Scene, console: Console, patience: float) -> None:
    """From number 0 on, every chat that the agent may see."""
    fresh = _Reader(
        f"{console.party} at last",
        console.agent,
        scene.homes(scene.rng.randrange(9)),
        scene.history,
        known=dict.fromkeys(console.known, 0),
    )
    fresh.customers = dict(console.customers)
    fresh.open()
    deadline = asyncio.get_running_loop().time() + patience
    while fresh.known != console.known and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.05)
    for chat, entries in fresh.entries.items():
        stream = fresh.customers[chat]
        scene.history.note("final", party=fresh.party, stream=stream, entries=entries)
    await fresh.close()


class _Reader(Console):
    """A console that keeps all it is told, and draws nothing."""

    fragments = ""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.entries: dict[str, list[list[object]]] = {chat: [] for chat in self.known}

    def take(self, frame: Frame) -> None:
        super().take(frame)
        if "seq" in frame:
            event = frame["payload"].get("event", {}).get("id")
            self.entries.setdefault(self._find_chat(frame), []).append([frame["seq"], event])


# -- what was given back -----------------------------------------------------------------------


async def _measure(scene: Scene, at: str) -> list[int]:
    """Gauges of workers and services; gives where each worker's log stands."""
    for worker in scene.workers:
        scene.history.note("gauge", at=at, of=f"worker {worker.number}", **worker.gauge())
    if scene.rig.postgres and scene.rig.redis:
        sessions = await scene.rig.postgres.query(
            "SELECT count(*) FILTER (WHERE state = 'idle in transaction' AND"
            " now() - state_change > interval '1 s') FROM pg_stat_activity"
        )
        keys = scene.rig.redis.client.dbsize()
        idle = sessions[0][0]
        scene.history.note("gauge", at=at, of="services", keys=keys, idle_in_transaction=idle)
    return [worker.log.stat().st_size for worker in scene.workers]


async def _calm(scene: Scene) -> None:
    """Servers need a moment, at most two of their pings, to see that everybody is gone."""
    deadline = asyncio.get_running_loop().time() + 9
    while any(worker.gauge().get("feeds") for worker in scene.workers):
        if asyncio.get_running_loop().time() > deadline:
            break
        await asyncio.sleep(0.1)
    await _measure(scene, "end")


def _note_logs(scene: Scene, starts: list[int]) -> None:
    for worker, start in zip(scene.workers, starts, strict=True):
        end = worker.log.stat().st_size
        scene.history.note("log", worker=worker.number, path=str(worker.log), start=start, end=end)


def _count_workers(rig: Rig, since: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for worker in rig.workers:
        counts.update(count_effects(worker.effects, since))
    return counts


def _count_proxies(rig: Rig) -> Counter[str]:
    counts: Counter[str] = Counter()
    for worker in rig.workers:
        counts.update(worker.proxy.effects)
    return counts
