"""The twelve gates: what was measured, what it has to be, and whether it is."""

from dataclasses import dataclass, field
from statistics import median

from .figures import Figures, Values, cpu, open_p99, rate
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
    number: int
    parts: list[Part] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(part.reaches(part.gate) for part in self.parts)


def judge(figures: Figures, tally: Tally) -> list[Gate]:
    groups = [
        [Part("messages/s, PostgreSQL: ours / control", _rate(figures, "control"), 4, 8)],
        [Part("messages/s, SQLite: ours / control", _on_sqlite(figures), 3, 5)],
        [Part("CPU a message: control / ours", figures.ratio("control", "ours", cpu), 4, 8)],
        [
            Part("messages/s: ours / stock echo", _rate(figures, "echo"), 0.5, 0.8),
            _against_socket_io(figures),
        ],
        [
            _at_most("delivery p99, 200/s: ours / echo", _late(figures, "echo"), 6, 4),
            _at_most("delivery p99, 200/s: ours / control", _late(figures, "control"), 0.8, 0.6),
        ],
        [_at_most("memory a connection: ours / echo", _memory(figures), 1.5, 1)],
        [Part("messages/s: with idle connections / without", _idle(figures), 0.8, 0.95)],
        [_at_most("CPU a login: of all / of the first", _logins(figures), 1.8, 1.2)],
        [Part("last of a large room, p50: stock / ours", _fan(figures), 3, 6)],
        [_at_most("lost, duplicated, misordered", [float(sum(tally.faults.values()))], 0, 0)],
        *_pages(figures),
    ]
    return [Gate(number, parts) for number, parts in enumerate(groups, 1)]


def _at_most(name: str, values: Values, gate: float, goal: float, unmeasured: str = "") -> Part:
    return Part(name, values, gate, goal, at_least=False, unmeasured=unmeasured)


def _rate(figures: Figures, other: str) -> Values:
    return figures.ratio("ours", other, rate)


def _on_sqlite(figures: Figures) -> Values:
    return figures.ratio("ours, SQLite", "control, SQLite", rate)


def _against_socket_io(figures: Figures) -> Part:
    reason = figures.missing.get("socket.io", "")
    name, values = "messages/s: ours / socket.io with pg", _rate(figures, "socket.io")
    return Part(name, values, 0.5, 1, unmeasured=reason, optional=True)


def _late(figures: Figures, other: str) -> Values:
    return figures.ratio("ours", other, open_p99)


def _memory(figures: Figures) -> Values:
    pairs = zip(figures.ours, figures.echo, strict=True)
    return [ours.memory / echo.memory for ours, echo in pairs]


def _idle(figures: Figures) -> Values:
    return [crowded / alone for crowded, alone in figures.idle]


def _logins(figures: Figures) -> Values:
    return [one.cpu_all / one.cpu_first for one in figures.ours]


def _fan(figures: Figures) -> Values:
    return [theirs / ours for theirs, ours in figures.fan]


def _pages(figures: Figures) -> list[list[Part]]:
    reason = figures.missing.get("pages", "")
    limits = [("before the click", figures.before, 6, 3, 2, 1)]
    limits += [("until one can type", figures.after, 35, 32, 6, 4)]
    return [
        [
            _at_most(f"{when}: kB gzip", [load.size / 1000] if load else [], size, less, reason),
            _at_most(f"{when}: requests", [load.requests] if load else [], most, few, reason),
        ]
        for when, load, size, less, most, few in limits
    ]
