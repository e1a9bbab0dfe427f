"""Whether those at the console may still be there: looked up for all of a process together."""

from collections.abc import Collection
from typing import Protocol

from ..delivery.threads import run
from ..domain import agents
from ..domain.agents import Rights
from ..models import Agent
from .rounds import Rounds
from .session import belongs_to, read_sessions


class Watched(Protocol):
    """A connection of an agent's."""

    agent: Agent
    session_key: str

    def heed(self, rights: Rights | None) -> None:
        """What the agent may do now; None where the session or the agent may not be here."""


class Watch(Rounds[Watched]):
    async def look(self, asking: set[Watched]) -> None:
        found = await run(read_rights, {(one.agent.pk, one.session_key) for one in asking})
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
