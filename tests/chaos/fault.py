"""What a fault is: something done to a rig, and what must hold and may happen meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from .scene import Scene

Inject = Callable[[Scene], Awaitable[None]]
# A planned end, and the product's own code for a restart.
PLANNED = frozenset({1000, 1001, 1012, 4012})
# A worker, or the way to it, went away without a word.
CUT = frozenset({1006})
# A database that is gone may end what is under way; it is logged with its traceback.
DATABASE = (
    "OperationalError|InterfaceError|AdminShutdown|PoolTimeout|QueryCanceled|LockNotAvailable",
)
# The library logs what it handles.
REDIS = ("redis.exceptions|ConnectionRefusedError|TimeoutError",)


CAST = 6


@dataclass(frozen=True)
class Fault:
    """``effects`` must all have been counted, or the trial proves nothing. Times in seconds.

    ``answers`` bounds the time of an answer per action; ``quantiles`` that of a delivery, for
    the share of them that is given; ``cast`` is how many customers it needs, ``patience`` how
    long the trial waits for everybody to have everything, ``alone`` that nothing else may run,
    ``impossible`` gives why this machine cannot have it.
    """

    id: str
    title: str
    inject: Inject
    effects: tuple[str, ...]
    bound: float = 5.0
    closes: frozenset[int] = frozenset()
    tracebacks: tuple[str, ...] = ()
    answers: dict[str, float] = field(default_factory=dict)
    quantiles: dict[float, float] = field(default_factory=dict)
    all_answered: bool = False
    rig: str = "main"
    cast: int = CAST
    alone: bool = False
    impossible: Callable[[], str] = lambda: ""
    soak_only: bool = False
    patience: float = 17.0

    @property
    def limits(self) -> dict[str, Any]:
        return {
            "bound": self.bound,
            "closes": sorted(PLANNED | self.closes),
            "tracebacks": list(self.tracebacks),
            "answers": self.answers,
            "quantiles": list(self.quantiles.items()),
            "all_answered": self.all_answered,
        }
