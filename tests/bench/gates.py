"""The twelve gates: what was measured, what it has to be, and whether it is."""

from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import median

from .figures import Figures, Values, cpu, open_p99, rate
from .pages import Load
from .runs import Tally


@dataclass(frozen=True)
class Part:
    """A figure of a gate, one value a round; ``unmeasured`` says why there are none."""

    name: str
    values: Values
    gate: float
    goal: float
    at_least: bool = True
    unmeasured: str = ""
    # Without it the gate is judged by its other parts.
    optional: bool = False

    @property
    def median(self) -> float:
        return median(self.values)

    def reaches(self, limit: float) -> bool:
        if not self.values:
            return self.optional
        return self.median >= limit if self.at_least else self.median <= limit


@dataclass(frozen=True)
class Gate:
    """``source`` is the part of the bench that measures it, empty where all of them do."""

    number: int
    source: str
    parts: list[Part] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(part.reaches(part.gate) for part in self.parts)


def judge(figures: Figures, tally: Tally, measured: Collection[str]) -> list[Gate]:
    """The gates of these parts of the bench."""
    figure = "messages/s, PostgreSQL: ours / control"
    groups = [
        ("rate", [Part(figure, _rate(figures, "control"), 4, 8)]),
        ("rate", [Part("messages/s, SQLite: ours / control", _on_sqlite(figures), 3, 5)]),
        ("rate", [Part("CPU a message: control / ours", _cpu(figures), 4, 8)]),
        ("rate", _against_others(figures)),
        ("rate", _lateness(figures)),
        ("logins", [_at_most("memory a connection: ours / echo", _memory(figures), 1.5, 1)]),
        ("idle", [Part("messages/s: with idle connections / without", _idle(figures), 0.8, 0.95)]),
        ("logins", [_at_most("CPU a login: of all / of the first", _logins(figures), 1.8, 1.2)]),
        ("fan", [Part("last of a large room, p50: stock / ours", _fan(figures), 3, 6)]),
        ("", [_at_most("lost, duplicated, misordered", _faults(tally), 0, 0)]),
        ("pages", _page(figures.before, "before the click", (6, 3), (2, 1))),
        ("pages", _page(figures.after, "until one can type", (35, 32), (6, 4))),
    ]
    gates = [Gate(number, *group) for number, group in enumerate(groups, 1)]
    return [gate for gate in gates if gate.source in {"", *measured}]


def why_not(figures: Figures, gate: Gate, part: Part) -> str:
    """Why a figure is missing."""
    return part.unmeasured or figures.missing.get(gate.source, "it did not come to it")


def _at_most(name: str, values: Values, gate: float, goal: float) -> Part:
    return Part(name, values, gate, goal, at_least=False)


def _rate(figures: Figures, other: str) -> Values:
    return figures.ratio("ours", other, rate)


def _on_sqlite(figures: Figures) -> Values:
    return figures.ratio("ours, SQLite", "control, SQLite", rate)


def _cpu(figures: Figures) -> Values:
    return figures.ratio("control", "ours", cpu)


def _against_others(figures: Figures) -> list[Part]:
    reason = figures.missing.get("socket.io", "")
    node = "messages/s: ours / socket.io with pg"
    return [
        Part("messages/s: ours / stock echo", _rate(figures, "echo"), 0.5, 0.8),
        Part(node, _rate(figures, "socket.io"), 0.5, 1, unmeasured=reason, optional=bool(reason)),
    ]


def _lateness(figures: Figures) -> list[Part]:
    return [
        _at_most(f"delivery p99, 200/s: ours / {other}", _late(figures, other), gate, goal)
        for other, gate, goal in (("echo", 6, 4), ("control", 0.8, 0.6))
    ]


def _late(figures: Figures, other: str) -> Values:
    return figures.ratio("ours", other, open_p99)


def _memory(figures: Figures) -> Values:
    pairs = zip(figures.ours, figures.echo, strict=False)
    return [ours.memory / echo.memory for ours, echo in pairs]


def _idle(figures: Figures) -> Values:
    return [crowded / alone for crowded, alone in figures.idle]


def _logins(figures: Figures) -> Values:
    return [one.cpu_all / one.cpu_first for one in figures.ours]


def _fan(figures: Figures) -> Values:
    return [theirs / ours for theirs, ours in figures.fan]


def _faults(tally: Tally) -> Values:
    return [float(sum(tally.faults.values()))] if tally.sent else []


def _page(
    load: Load | None, when: str, size: tuple[float, float], requests: tuple[int, int]
) -> list[Part]:
    return [
        _at_most(f"{when}: kB gzip", [load.size / 1000] if load else [], *size),
        _at_most(f"{when}: requests", [load.requests] if load else [], *requests),
    ]
