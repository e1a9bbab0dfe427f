"""Who is here: written down for all connections of a process together, now and then."""

import time
from typing import Protocol

from ..delivery.threads import run
from ..domain import census
from ..models import Agent
from .rounds import Rounds


class Counted(Protocol):
    """A connection; ``person`` is an agent, or the id of a customer."""

    @property
    def person(self) -> Agent | str: ...


class Census(Rounds[Counted]):
    _next_at = 0.0

    async def look(self, asking: set[Counted]) -> None:
        if time.monotonic() < self._next_at:
            return
        people = [one.person for one in asking]
        await run(census.renew_agents, [one for one in people if isinstance(one, Agent)])
        await run(census.renew_customers, [one for one in people if isinstance(one, str)])
        self._next_at = time.monotonic() + census.renew_seconds()


_census: Census | None = None


def get_census() -> Census:
    """This process's own; to be called from the server's loop."""
    global _census
    if _census is None or _census.loop.is_closed():
        _census = Census()
    return _census
