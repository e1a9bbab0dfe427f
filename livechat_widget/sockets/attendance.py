"""Whether customers may stay, and how many there are: looked up for all of a process together."""

import time
from datetime import datetime
from typing import Protocol

from ..delivery.threads import run
from ..domain import presence, standing
from ..domain.standing import Changes
from ..domain.users import SignedIn
from .limits import crowd
from .rounds import Rounds

# The others take a process for gone that has told nothing for ten seconds.
TELL_SECONDS = 4.0


class Present(Protocol):
    """A connection of a customer's."""

    organization_key: int
    signed_in: SignedIn | None

    def heed(self, changes: Changes) -> None:
        """Leave, where these say so."""


class Attendance(Rounds[Present]):
    def __init__(self) -> None:
        super().__init__()
        self._read_at: datetime | None = None
        self._told = (0, dict[str, int]())
        self._told_at = -TELL_SECONDS

    async def look(self, asking: set[Present]) -> None:
        organizations = {one.organization_key for one in asking}
        users = {one.signed_in for one in asking if one.signed_in}
        changes = await run(standing.read_changes, organizations, self._read_at, users)
        self._read_at = changes.read_at
        if changes.concern_anybody():
            for one in asking:
                one.heed(changes)
        await self._tell()
        crowd.hear(await run(presence.read_others, crowd.name))

    async def _tell(self) -> None:
        now = (crowd.size(), crowd.crowded())
        if now != self._told or time.monotonic() - self._told_at > TELL_SECONDS:
            await run(presence.report, crowd.name, *now)
            self._told, self._told_at = now, time.monotonic()


_attendance: Attendance | None = None


def get_attendance() -> Attendance:
    """This process's own; to be called from the server's loop."""
    global _attendance
    if _attendance is None or _attendance.loop.is_closed():
        _attendance = Attendance()
    return _attendance
