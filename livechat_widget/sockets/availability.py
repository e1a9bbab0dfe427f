"""Whether somebody is there: looked up for the customers of a process together.

Many things change it (a switch in the console, a form of the admin, a user who is deactivated), so
it is compared rather than announced.
"""

from typing import Protocol

from ..delivery.threads import run
from ..domain import groups
from ..domain.groups import Statuses
from .rounds import Rounds


class Waiting(Protocol):
    """A connection of a customer's."""

    organization_key: int

    def notice(self, statuses: Statuses) -> None:
        """The statuses of all groups of the organization, as they are now."""


class Availability(Rounds[Waiting]):
    async def look(self, asking: set[Waiting]) -> None:
        found = await run(groups.statuses, {one.organization_key for one in asking})
        for one in asking:
            one.notice(found.get(one.organization_key, {}))


_availability: Availability | None = None


def get_availability() -> Availability:
    """This process's own; to be called from the server's loop."""
    global _availability
    if _availability is None or _availability.loop.is_closed():
        _availability = Availability()
    return _availability
