"""The parts of the bench; each starts its own servers, however another ended."""

import resource
import traceback
from collections.abc import Callable, Collection
from contextlib import ExitStack
from functools import partial
from time import perf_counter
from typing import NamedTuple

from tests.services import chromium_path

from . import contestants, pages, stores
from .contestants import Contestant
from .crowds import WARM, sweep, with_and_without_idle
from .figures import Figures
from .runs import Bench
from .stores import Store

FILES = 20_000


class Ground(NamedTuple):
    """What every part stands on: ours, with the demo's people in it, and the stock servers'."""

    bench: Bench
    figures: Figures
    ours: Store
    stock: Store


def measure(bench: Bench, parts: Collection[str]) -> Figures:
    """Everything that the gates of these parts need; a part that fails costs no other's figures."""
    _allow_many_sockets()
    figures = Figures()
    with (
        stores.postgres("ours", **contestants.POOL) as ours,
        stores.postgres("stock", **contestants.PREPARED) as stock,
    ):
        contestants.migrate(ours, ours=True)
        contestants.migrate(stock, ours=False)
        for name in parts:
            start = perf_counter()
            try:
                PARTS[name](Ground(bench, figures, ours, stock))
            except Exception as error:
                traceback.print_exception(error)
                figures.missing[name] = f"{type(error).__name__}: {str(error).splitlines()[0]}"
            say(f"{name} took {perf_counter() - start:.0f} s")
    return figures


def rate(ground: Ground) -> None:
    """The closed and the open loop: all servers run side by side; whoever is not asked sleeps."""
    bench, figures = ground.bench, ground.figures
    with ExitStack() as stack:
        sets = contestants.seed(ground.ours, sets=bench.plan.rounds)["sets"]
        field = [
            stack.enter_context(contestants.ours(ground.ours, sets, "ours")),
            stack.enter_context(contestants.control(ground.stock, "control")),
            stack.enter_context(contestants.echo(ground.stock)),
        ]
        if reason := contestants.why_no_socket_io():
            figures.missing["socket.io"] = reason
        else:
            store = stack.enter_context(stores.postgres("node"))
            field.append(stack.enter_context(contestants.socket_io(store)))
        _take_turns(bench, figures, [*field, *_on_sqlite(stack, bench)])


def _on_sqlite(stack: ExitStack, bench: Bench) -> list[Contestant]:
    ours, control = (stack.enter_context(stores.sqlite(name)) for name in ("ours", "stock"))
    contestants.migrate(ours, ours=True)
    contestants.migrate(control, ours=False)
    sets = contestants.seed(ours, sets=bench.plan.rounds)["sets"]
    return [
        stack.enter_context(contestants.ours(ours, sets, "ours, SQLite")),
        stack.enter_context(contestants.control(control, "control, SQLite")),
    ]


def _take_turns(bench: Bench, figures: Figures, field: list[Contestant]) -> None:
    for number in range(bench.plan.rounds):
        for contestant in field:
            run = bench.run(contestant, opened=contestant.name in {"ours", "control", "echo"})
            figures.add(contestant.name, run)
            spent = f"{run.server:.0f} + {run.postgres:.0f} us"
            line = f"{contestant.name}: {run.rate:.0f} messages/s, {spent}"
            say(f"round {number + 1}: {line}, others {run.others:.0%}")


def idle(ground: Ground) -> None:
    """The closed loop beside a crowd that says nothing."""
    plan = ground.bench.plan
    cast = contestants.seed(ground.ours, sets=2 * plan.rounds, crowd=plan.idle)
    with contestants.ours(ground.ours, cast["sets"], "ours") as us:
        for number in range(plan.rounds):
            crowded, alone = with_and_without_idle(ground.bench, us, cast["crowd"])
            ground.figures.idle.append((crowded, alone))
            say(f"round {number + 1}: {plan.idle} idle: {crowded:.0f}/s, none: {alone:.0f}/s")


def fan(ground: Ground) -> None:
    """One room with many members, one message at a time."""
    plan = ground.bench.plan
    members = contestants.seed(ground.ours, fan=plan.fan)["fan"]
    phase = {"kind": "counted", "count": plan.fan_messages}
    with (
        contestants.ours(ground.ours, [[members]] * plan.rounds, "ours") as us,
        contestants.relay(ground.stock, len(members)) as relay,
    ):
        for _ in range(plan.rounds):
            theirs, mine = (
                ground.bench.play(one, [phase])[0]["lasts"]["p50"] for one in (relay, us)
            )
            ground.figures.fan.append((theirs, mine))
            say(f"last of {len(members)}: {1000 * mine:.1f} ms, stock {1000 * theirs:.1f} ms")


def logins(ground: Ground) -> None:
    """Fresh servers fill with connections, all logged in: what each takes of CPU and memory."""
    plan, figures = ground.bench.plan, ground.figures
    members = contestants.seed(ground.ours, crowd=WARM + max(plan.sweep))["crowd"]
    echoes = [{"path": "/echo"} for _ in members]
    for number in range(plan.rounds):
        ours = sweep(plan, partial(contestants.ours, ground.ours, [], "ours"), members)
        echo = sweep(plan, partial(contestants.echo, ground.stock), echoes)
        figures.ours.append(ours)
        figures.echo.append(echo)
        say(f"round {number + 1}: {ours}, echo {echo}")


def load_pages(ground: Ground) -> None:
    """The bytes and requests of the chat on a shop page."""
    if chromium_path() is None:
        ground.figures.missing["pages"] = "no Chromium on this machine"
        return
    with contestants.ours(ground.ours, [], "ours") as us:
        ground.figures.before, ground.figures.after = pages.weigh(f"{us.server.url}/")


PARTS: dict[str, Callable[[Ground], None]] = {
    "rate": rate,
    "idle": idle,
    "fan": fan,
    "logins": logins,
    "pages": load_pages,
}


def _allow_many_sockets() -> None:
    """The children inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def say(line: str) -> None:
    print(f"  {line}", flush=True)
