"""Whether somebody is there, and who waits where: looked up for a process's customers together.

Many things change it (a switch in the console, a form of the admin, a user who is deactivated), so
it is compared rather than announced.
"""

from typing import Protocol

from ..actions.registry import Caller
from ..delivery.threads import run
from ..domain import groups, queue
from ..domain.groups import Statuses
from ..domain.queue import Place
from .rounds import Rounds


class Waiting(Protocol):
    """A connection of a customer's."""

    organization_key: int

    caller: Caller

    def notice(self, statuses: Statuses) -> None:
        """The statuses of all groups of the organization, as they are now."""

    def take_place(self, place: Place | None) -> None:
        """Where the customer waits now; None for one who does not."""


class Availability(Rounds[Waiting]):
    async def look(self, asking: set[Waiting]) -> None:
        organizations = {one.organization_key for one in asking}
        found = await run(groups.statuses, organizations)
        places = await run(queue.places, organizations)
        for one in asking:
            one.notice(found.get(one.organization_key, {}))
            one.take_place(places.get(one.caller.customer.author_id))


_availability: Availability | None = None


def get_availability() -> Availability:
    """This process's own; to be called from the server's loop."""
    global _availability
    if _availability is None or _availability.loop.is_closed():
        _availability = Availability()
    return _availability
