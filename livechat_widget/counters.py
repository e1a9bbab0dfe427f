"""What this process has done, as plain numbers: counting costs a hot path no more than an addition.

``collector`` reads them when somebody asks. Nothing is locked: where threads meet, a count may be
lost, which no reader of a rate will ever see.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Gauge = Callable[[], float | Mapping[str, float]]
# Seconds of a transaction: from a fast disk to STATEMENT_TIMEOUT_MS.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SIZES = (1, 2, 5, 10, 20, 50, 100)


class Spread:
    """How many observations were at most so large, for each bound; the last are above all."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


def _number(meaning: str) -> Any:
    return field(default=0, metadata={"meaning": meaning})


def _by(label: str, meaning: str) -> Any:
    return field(default_factory=Counter, metadata={"meaning": meaning, "label": label})


def _spread(bounds: tuple[float, ...], meaning: str) -> Any:
    return field(default_factory=lambda: Spread(bounds), metadata={"meaning": meaning})


@dataclass
class Counters:
    """Since the process began; the meanings are what a reader of the metrics is told."""

    sockets_opened: Counter[str] = _by("door", "Sockets that were let in.")
    handshakes_refused: int = _number("Sockets that were not let in.")
    refusals: Counter[str] = _by("type", "Requests on sockets that were refused, by error type.")
    pushes: int = _number("Pushes put on the way to sockets.")
    batch_size: Spread = _spread(SIZES, "Commands that the writer committed together.")
    commit_seconds: Spread = _spread(SECONDS, "How long the writer took for a batch.")
    hints_sent: int = _number("Hints that the channel layer took for the other processes.")
    hints_failed: int = _number("Hints that it did not take, or was not given while it is paused.")
    ephemera_dropped: int = _number("Typing and the like that was in such a hint.")
    gaps_found: int = _number("Streams found to be ahead of every hint.")
    resumes: int = _number("Logins that went on where the client had stopped.")
    sync_resets: int = _number("Clients that were told to read everything afresh.")
    uploads: Counter[str] = _by("outcome", "Files sent to us: taken, or by error type.")
    slow_consumers: int = _number("Sockets closed because the other side did not keep up.")


# How things stand at this moment: name, meaning, and the label where there is one.
GAUGES: dict[str, tuple[str, str]] = {
    "sockets": ("Sockets that are open.", "door"),
    "sockets_logged_in": ("Sockets that are logged in.", "door"),
    "streams_followed": ("Streams that somebody in this process follows.", ""),
    "subscribers": ("Sockets times the streams that each of them follows.", ""),
    "writer_queue": ("Commands that wait for the writer.", ""),
    "database_threads_busy": ("Threads of the pool that are at work.", ""),
    "database_threads_waiting": ("Calls that wait for such a thread.", ""),
    "hints_paused": ("1 while the channel layer is left alone after failures.", ""),
    "stopping": ("1 while the process sees its sockets off.", ""),
}

counters = Counters()
gauges: dict[str, Gauge] = {}
