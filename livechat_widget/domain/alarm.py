"""Wakes the timed jobs of this process before their time: something is due at once."""

from collections.abc import Callable

from ..delivery.database import after_commit

_ring: Callable[[], object] | None = None


def wake(ring: Callable[[], object]) -> None:
    """Whoever runs the timed jobs in this process says how to be woken, from any thread."""
    global _ring
    _ring = ring


def set_off() -> None:
    """After the commit; where nobody listens, the job waits for its time."""
    after_commit(_sound)


def _sound() -> None:
    if _ring is not None:
        _ring()
