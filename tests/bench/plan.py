"""How much is measured: all of it, or what fits into four minutes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Seconds, numbers of connections, and rounds, in each of which every server has its turn."""

    name: str
    rounds: int = 5
    warm: float = 1
    closed: float = 5
    open: float = 8
    # The open loop's messages a second, over all rooms.
    rate: int = 200
    # Connections of one sweep: CPU is compared at the first and last, memory taken at the second.
    sweep: tuple[int, int, int] = (500, 2000, 5000)
    idle: int = 3000
    fan: int = 100
    fan_messages: int = 100


FULL = Plan("full")
QUICK = Plan(
    "quick",
    rounds=3,
    warm=0.5,
    closed=2,
    open=3,
    sweep=(200, 500, 1000),
    idle=500,
    fan_messages=40,
)
