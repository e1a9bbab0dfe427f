"""The one way out: what happened is handed to this process's bus, which tells the others."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from ..models import Stream, StreamEntry
from ..protocol.views import View
from .database import after_commit
from .layer import send_from_thread

FRESH_SECONDS = 5


class Hint(NamedTuple):
    """Entries ``first`` to ``last`` of a stream are committed.

    ``opens``: a chat began with them, which agents do not follow yet. ``entries`` are the rows
    themselves, with their events: for this process only.
    """

    organization_id: int
    stream_id: int
    first: int
    last: int
    opens: bool = False
    entries: Sequence[StreamEntry] = ()


class Ephemeral(NamedTuple):
    """Something for whoever listens to a stream right now; ``sent_at`` in seconds of the epoch."""

    stream_id: int
    view: str
    action: str
    payload: dict[str, Any]
    sent_at: float

    def is_fresh(self) -> bool:
        """What a slow layer brings much later, nobody does any more."""
        return time.time() - self.sent_at < FRESH_SECONDS


News = Hint | Ephemeral
KINDS: dict[str, type[Hint] | type[Ephemeral]] = {"Hint": Hint, "Ephemeral": Ephemeral}
_listener: Callable[[News], bool] | None = None
_thread = threading.local()


def entries(written: Sequence[tuple[Stream, Sequence[StreamEntry]]]) -> None:
    """Announce entries, stream by stream, once they are committed. A failure here is only a lost
    hint."""
    hints = [_hint(stream, rows) for stream, rows in written]
    after_commit(partial(_announce_all, hints))


def _hint(stream: Stream, rows: Sequence[StreamEntry]) -> Hint:
    opens = any(row.action == "incoming_chat" for row in rows)
    return Hint(stream.organization_id, stream.pk, rows[0].seq, rows[-1].seq, opens, rows)


def without_saving(stream_id: int, view: View, action: str, payload: dict[str, Any]) -> None:
    """Announce something that is not kept, may be lost and lapses by itself, such as typing."""
    _announce(Ephemeral(stream_id, view, action, payload, time.time()))


def hand_over_to(listener: Callable[[News], bool]) -> None:
    """From now on the bus of this process hears everything; it says False once it is gone."""
    global _listener
    _listener = listener


@contextmanager
def collected() -> Iterator[list[News]]:
    """What this thread would announce goes into a list instead, for the caller to hand on.

    The writer answers first and announces then: no push may overtake the response to its cause.
    """
    news: list[News] = []
    _thread.news = news
    try:
        yield news
    finally:
        _thread.news = None


def as_message(news: News) -> list[Any]:
    """How news travels on the channel layer: rows stay behind, numbers go."""
    fields = news[:5] if isinstance(news, Hint) else news
    return [type(news).__name__, *fields]


def _announce_all(hints: Sequence[Hint]) -> None:
    for hint in hints:
        _announce(hint)


def _announce(news: News) -> None:
    collecting: list[News] | None = getattr(_thread, "news", None)
    if collecting is not None:
        collecting.append(news)
        return
    if _listener is None or not _listener(news):
        send_from_thread([as_message(news)])  # no bus here: a command, a shell, a WSGI worker
