"""Everything that one bench measured, round by round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from .crowds import Sweep
from .pages import Load
from .runs import Run

Values = list[float]


@dataclass
class Figures:
    """Lists have one entry a round, in the order of the rounds."""

    runs: dict[str, list[Run]] = field(default_factory=dict)
    ours: list[Sweep] = field(default_factory=list)
    echo: list[Sweep] = field(default_factory=list)
    idle: list[tuple[float, float]] = field(default_factory=list)
    fan: list[tuple[float, float]] = field(default_factory=list)
    before: Load | None = None
    after: Load | None = None
    missing: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, run: Run) -> None:
        self.runs.setdefault(name, []).append(run)

    def ratio(self, above: str, below: str, figure: Callable[[Run], float]) -> Values:
        """Round by round; empty where one of the two was not measured."""
        pairs = zip(self.runs.get(above, []), self.runs.get(below, []), strict=False)
        return [figure(one) / figure(other) for one, other in pairs]

    def median(self, name: str, figure: Callable[[Run], float]) -> float:
        return median(figure(run) for run in self.runs[name])


def rate(run: Run) -> float:
    return run.rate


def cpu(run: Run) -> float:
    return run.cpu


def open_p99(run: Run) -> float:
    return run.open_delivery["p99"]
