"""Where the time of this project's server goes: for a message, and for a login."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from . import contestants, samples, stores
from .contestants import Contestant, Rooms
from .crowds import WARM, crowd_job
from .generator import generate, play
from .report import short, table
from .servers import uvicorn
from .stores import Store

SECONDS = 8
LOGINS = 400
MOST_THREADS = 3
# The writer runs it once a batch.
ONCE_A_BATCH = "INSERT INTO livechat_widget_event "
COUNTED = "tests.bench.counted:application"
COUNTS = "/bench/counts"
Members = list[dict[str, Any]]
# Runs a load and gives how many messages or logins it was.
Load = Callable[[Contestant, Callable[[], Any], Callable[[], Any]], int]


def describe() -> str:
    """Two sections: shares of the time, statements, garbage."""
    with stores.postgres("profile", **contestants.POOL) as store, samples.spy() as tool:
        contestants.migrate(store, ours=True)
        cast = contestants.seed(store, sets=2, crowd=2 * (WARM + LOGINS))
        first, second = cast["sets"]
        here, there = cast["crowd"][: WARM + LOGINS], cast["crowd"][WARM + LOGINS :]
        message = _section(store, tool, _talk(first), _talk(second), "message")
        login = _section(store, tool, _log_in(here), _log_in(there), "login")
    return f"### A message\n\n{message}\n\n### A login\n\n{login}"


def _section(store: Store, tool: Path | None, load: Load, again: Load, unit: str) -> str:
    """Once with its stacks looked at, once with its statements counted."""
    time = _look(store, tool, load) if tool else "No shares of the time: py-spy is not to be had."
    with uvicorn(COUNTED, contestants.ours_environment(store)) as server:
        url = f"{server.url}{COUNTS}"
        counts: list[dict[str, Any]] = []
        counted = Contestant("ours, counted", "livechat", server, iter([]))
        number = again(counted, lambda: _fetch(url), lambda: counts.append(_fetch(url)))
    return f"{time}\n\n{_counts(counts[0], number, unit)}"


def _look(store: Store, tool: Path, load: Load) -> str:
    with contestants.ours(store, [], "ours") as us:
        sampling = samples.Sampling(tool, us.server.pid)
        looks: list[samples.Look] = []
        number = load(us, sampling.start, lambda: looks.append(sampling.stop()))
    return _time(looks[0], number)


def _talk(rooms: Rooms) -> Load:
    def load(us: Contestant, start: Callable[[], Any], stop: Callable[[], Any]) -> int:
        phases = [{"kind": "closed", "warm": 1, "seconds": SECONDS}]
        job = {"dialect": us.dialect, "rooms": rooms, "phases": phases}
        result = play({**job, "url": us.server.socket_url}, start, stop)
        messages: int = result["phases"][0]["messages"]
        return messages

    return load


def _log_in(members: Members) -> Load:
    def load(us: Contestant, start: Callable[[], Any], stop: Callable[[], Any]) -> int:
        with generate(crowd_job(us, members, [WARM, len(members)])) as generator:
            generator.wait_for_crowd()
            start()
            generator.go_on()
            generator.wait_for_crowd()
            stop()
            generator.go_on()
        return LOGINS

    return load


def _time(look: samples.Look, number: int) -> str:
    threads = samples.by_thread(look).most_common(MOST_THREADS)
    return "\n\n".join(
        [
            f"py-spy, {samples.PER_SECOND} looks a second at what holds the GIL. CPU is what the"
            " kernel counts, with what runs beside the GIL.",
            _threads(look, number),
            "Each look goes to the innermost function of this project (what it calls in"
            " libraries included), or to the library where there is none:",
            _shares("place", samples.by_place(look), 20),
            *(_functions(samples.of_thread(look, name), name) for name, _ in threads),
        ]
    )


def _threads(look: samples.Look, number: int) -> str:
    looks, total = samples.by_thread(look), sum(count for _, count in look.stacks)
    rows = [
        [name, f"{1e6 * seconds / number:.0f}", f"{looks[name] / total:.1%}"]
        for name, seconds in look.cpu.most_common()
    ]
    return table(["thread", "CPU us each", "share of the looks"], rows)


def _functions(look: samples.Look, thread: str) -> str:
    """Those with most time of their own, and those with most time in all."""
    own, total = samples.by_function(look), samples.by_caller(look)
    looks = sum(count for _, count in look.stacks)
    names = dict.fromkeys([*dict(own.most_common(20)), *dict(total.most_common(30))])
    rows = [
        [name, f"{own[name] / looks:.1%}", f"{total[name] / looks:.1%}"]
        for name in sorted(names, key=lambda name: (-own[name], -total[name]))
    ]
    return f"{thread}, alone:\n\n" + table(["function", "own", "with its calls"], rows)


def _counts(counts: dict[str, Any], number: int, unit: str) -> str:
    statements = Counter(counts["statements"])
    collections = ", ".join(short(1000 * one / number) for one in counts["collections"])
    rows = [[f"`{sql}`", short(count / number)] for sql, count in statements.most_common(15)]
    batches = sum(n for sql, n in statements.items() if sql.startswith(ONCE_A_BATCH))
    together = f"; {short(number / batches)} {unit}s a batch" if batches else ""
    return "\n\n".join(
        [
            f"{short(sum(statements.values()) / number)} statements a {unit}{together}:",
            table(["statement", f"a {unit}"], rows),
            f"Collections of garbage in 1000, by generation: {collections}; they take"
            f" {1e6 * counts['collecting'] / number:.0f} us a {unit}."
            f" {short(counts['kept'] / number)} memory blocks a {unit} are kept.",
        ]
    )


def _fetch(url: str) -> Any:
    with urlopen(url) as answer:
        return json.load(answer)


def _shares(head: str, counts: Counter[str], most: int) -> str:
    total = sum(counts.values())
    rows = [[name, f"{count / total:.1%}"] for name, count in counts.most_common(most)]
    return table([head, "share"], rows)
