"""The planted bugs as the rig runs them: what provokes each, and which invariant must name it."""

import asyncio

from .fault import CUT, DATABASE, Fault, Inject
from .nemesis import loads, processes
from .scene import Scene

ONE_COPY_INDEX = "livechat_event_custom_id"


# The invariants that may name each bug; any one of them will do.
CAUGHT_BY = {
    "B1": {"I1"},
    "B2": {"I4"},
    "B3": {"I4"},
    "B4": {"I4", "I5", "I6"},
    "B5": {"I5"},
    "B6": {"I1"},
    "B7": {"I3"},
    "B8": {"I7"},
    "B9": {"I4", "I5"},
    "B10": {"I6"},
    "B11": {"I5"},
    "B12": {"I13"},
}


def _plant(bug: str, then: Inject) -> Inject:
    async def inject(scene: Scene) -> None:
        scene.rig.set_all(bug=bug)
        await then(scene)

    return inject


async def _talk(scene: Scene) -> None:
    await asyncio.sleep(1.5)


async def _reconnect(scene: Scene) -> None:
    """Everybody leaves and comes back, again and again, while others go on talking."""
    for _ in range(3):
        for line in [*scene.listeners, *scene.consoles]:
            line.drop()
        await asyncio.sleep(0.8)


async def _hints_only(scene: Scene) -> None:
    """Reconcilers and pings are off: what comes, comes by hints."""
    for line in scene.lines:
        line.pings = False
    scene.rig.set_all(reconciler="off", bug="B5")
    await asyncio.sleep(1)


async def _same_ids(scene: Scene) -> None:
    """An agent's page may draw the custom_id that the visitor's drew."""
    customer, agent = scene.customers[0], scene.agents[0]
    for turn in range(4):
        text = f"the same words {turn}"
        await customer.say(text, custom_id=f"same {turn}")
        await agent.say(customer.tab.chat, text, custom_id=f"same {turn}")


async def _kill_after_commit(scene: Scene) -> None:
    """The retry arrives at another process; four times, since it may be an agent's message that is
    lost, or that of a client that never repeats."""
    assert scene.rig.postgres is not None
    await scene.rig.postgres.query(f"DROP INDEX {ONE_COPY_INDEX}")
    for _ in range(4):
        scene.rig.set_all(bug="B7")  # a worker that was started again has forgotten it
        await processes.kill_at("after commit")(scene)


async def _newcomers(scene: Scene) -> None:
    for console in scene.consoles:
        console.drop()
    await asyncio.sleep(1)


async def _failing_reads(scene: Scene) -> None:
    """Every reconciler meets one error, and there are no hints that could help."""
    for line in scene.lines:
        line.pings = False
    scene.rig.set_all(bug="B11", layer={"drop": 1})
    for worker in scene.workers:
        processes.arm(scene, worker, "reading heads", hit=1, action="raise")
    await asyncio.sleep(5)


async def _look_back(scene: Scene) -> None:
    customer = scene.customers[0]
    moments = []
    for _ in range(3):
        await customer.say()
        moments.append(customer.tab.last_time)
    for moment in (moments[-1], moments[0]):
        await customer.see(moment)


_TABLE: tuple[tuple[str, str, Inject, float], ...] = (
    ("B1", "answered before the commit", _talk, 5.0),
    ("B2", "a replay drops an event", _reconnect, 5.0),
    ("B3", "a replay begins one too early", _reconnect, 5.0),
    ("B4", "numbers drawn without the row's lock", loads.echo, 5.0),
    ("B5", "hint inside the transaction", _hints_only, 2.0),
    ("B6", "custom_id without its author", _same_ids, 5.0),
    ("B8", "pushed to an agent who may not see it", _newcomers, 5.0),
    ("B9", "a joiner reads, then listens", _reconnect, 5.0),
    ("B10", "order by a clock that is wrong", _talk, 5.0),
    ("B11", "the reconciler ends with its first error", _failing_reads, 3.0),
    ("B12", "a seen mark moves back", _look_back, 5.0),
    # The last one: it leaves the rig's database without an index.
    ("B7", "repeats known to one process only", _kill_after_commit, 5.0),
)
PLANTED = {
    bug: Fault(
        bug,
        title,
        _plant(bug, provoke),
        (f"{bug} struck",),
        bound=bound,
        closes=CUT,
        tracebacks=DATABASE,
        patience=bound + 1,
    )
    for bug, title, provoke, bound in _TABLE
}
