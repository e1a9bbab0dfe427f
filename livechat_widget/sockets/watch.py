"""Whether those at the console may still be there: looked up for all of a process together."""

import asyncio
import logging
from collections.abc import Collection
from typing import Protocol

from ..delivery.threads import run
from ..domain import agents
from ..domain.agents import Rights
from ..models import Agent
from .session import belongs_to, read_sessions

logger = logging.getLogger("livechat_widget.sockets")


class Watched(Protocol):
    """A connection of an agent's."""

    agent: Agent
    session_key: str

    def heed(self, rights: Rights | None) -> None:
        """What the agent may do now; None where the session or the agent may not be here."""


class Watch:
    """Gathers all connections that the keeper looks after in one round."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._asking: set[Watched] = set()
        self._task: asyncio.Task[None] | None = None

    def look_after(self, connection: Watched) -> None:
        self._asking.add(connection)
        if self._task is None or self._task.done():
            # It starts when the keeper has called on every connection.
            self._task = self.loop.create_task(self._look())

    async def _look(self) -> None:
        asking, self._asking = self._asking, set()
        try:
            found = await run(read_rights, {(one.agent.pk, one.session_key) for one in asking})
        except Exception as error:
            logger.warning("Rights could not be looked up; the next round does it: %r", error)
            return
        for one in asking:
            one.heed(found.get((one.agent.pk, one.session_key)))


def read_rights(asking: Collection[tuple[int, str]]) -> dict[tuple[int, str], Rights]:
    """By agent and session key, where both may be here; as many queries for many as for one."""
    sessions = read_sessions({key for _, key in asking})
    rights = agents.rights_of({agent_id for agent_id, _ in asking})
    return {
        (agent_id, key): rights[agent_id]
        for agent_id, key in asking
        if agent_id in rights and belongs_to(sessions.get(key, {}), rights[agent_id])
    }


_watch: Watch | None = None


def get_watch() -> Watch:
    """This process's watch; to be called from the server's loop."""
    global _watch
    if _watch is None or _watch.loop.is_closed():
        _watch = Watch()
    return _watch
