"""The whole bench: databases, people, servers; then every server in turn, round after round."""

import resource
from contextlib import ExitStack
from functools import partial
from typing import Any

from tests.services import chromium_path

from . import contestants, pages, stores
from .contestants import Contestant
from .crowds import WARM, sweep, with_and_without_idle
from .figures import Figures
from .runs import Bench
from .stores import Store

FILES = 20_000


def measure(bench: Bench) -> Figures:
    """Everything that the gates need."""
    _allow_many_sockets()
    figures = Figures()
    with ExitStack() as stack:
        ours, control = _databases(stack)
        say("making people and chats")
        plan = bench.plan
        crowd = WARM + max(plan.idle, *plan.sweep)
        cast = contestants.seed(ours, sets=3 * plan.rounds, crowd=crowd, fan=plan.fan)
        us = stack.enter_context(contestants.ours(ours, cast["sets"], "ours"))
        _take_turns(bench, figures, _field(stack, bench, figures, us, control))
        for number in range(plan.rounds):
            say(f"idle connections, round {number + 1}")
            figures.idle.append(with_and_without_idle(bench, us, cast["crowd"]))
        _fan_out(bench, figures, us, cast["fan"], control)
        _load_pages(figures, us)
    with ExitStack() as stack:
        ours, control = _databases(stack)
        crowd = contestants.seed(ours, crowd=crowd)["crowd"]
        _sweep(bench, figures, ours, control, crowd)
    return figures


def _databases(stack: ExitStack) -> tuple[Store, Store]:
    """Ours, with the demo's people in it, and the stock servers'."""
    ours = stack.enter_context(stores.postgres("ours", **contestants.POOL))
    control = stack.enter_context(stores.postgres("stock"))
    contestants.migrate(ours, ours=True)
    contestants.migrate(control, ours=False)
    return ours, control


def _field(
    stack: ExitStack, bench: Bench, figures: Figures, us: Contestant, control: Store
) -> list[Contestant]:
    """All servers, running side by side; whoever is not asked sleeps."""
    field = [us, stack.enter_context(contestants.control(control, "control"))]
    field.append(stack.enter_context(contestants.echo(control)))
    if reason := contestants.why_no_socket_io():
        figures.missing["socket.io"] = reason
    else:
        store = stack.enter_context(stores.postgres("node"))
        field.append(stack.enter_context(contestants.socket_io(store)))
    return [*field, *_on_sqlite(stack, bench)]


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
            say(f"round {number + 1}: {contestant.name}: {run.rate:.0f} messages/s, {spent}")


def _fan_out(bench: Bench, figures: Figures, us: Contestant, members: Any, control: Store) -> None:
    phase = {"kind": "counted", "count": bench.plan.fan_messages}
    with contestants.relay(control, len(members)) as relay:
        for _ in range(bench.plan.rounds):
            us.sets = iter([[members]])
            mine, theirs = (bench.play(one, [phase])[0]["lasts"]["p50"] for one in (us, relay))
            figures.fan.append((theirs, mine))
            say(f"last of {len(members)}: {1000 * mine:.1f} ms, stock {1000 * theirs:.1f} ms")


def _load_pages(figures: Figures, us: Contestant) -> None:
    if chromium_path() is None:
        figures.missing["pages"] = "no Chromium on this machine"
        return
    figures.before, figures.after = pages.weigh(f"{us.server.url}/")


def _sweep(bench: Bench, figures: Figures, ours: Store, control: Store, members: list[Any]) -> None:
    echoes = [{"path": "/echo"} for _ in members]
    for number in range(bench.plan.rounds):
        start = partial(contestants.ours, ours, [], "ours")
        figures.ours.append(sweep(bench.plan, start, members))
        figures.echo.append(sweep(bench.plan, partial(contestants.echo, control), echoes))
        say(f"connections, round {number + 1}: {figures.ours[-1]}, echo {figures.echo[-1]}")


def _allow_many_sockets() -> None:
    """The children inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def say(line: str) -> None:
    print(f"  {line}", flush=True)
