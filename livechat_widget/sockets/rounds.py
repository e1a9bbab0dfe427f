"""Questions that every connection has every two seconds, asked once for all of a process."""

import asyncio
import logging
from typing import Generic, TypeVar

logger = logging.getLogger("livechat_widget.sockets")
C = TypeVar("C")


class Rounds(Generic[C]):
    """Gathers all connections that the keeper looks after in one round."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._asking: set[C] = set()
        self._task: asyncio.Task[None] | None = None

    def look_after(self, connection: C) -> None:
        self._asking.add(connection)
        if self._task is None or self._task.done():
            # It starts when the keeper has called on every connection.
            self._task = self.loop.create_task(self._round())

    async def look(self, asking: set[C]) -> None:
        """Ask, and tell each connection what it should know."""
        raise NotImplementedError

    async def _round(self) -> None:
        asking, self._asking = self._asking, set()
        try:
            await self.look(asking)
        except Exception as error:
            logger.warning("%s failed; the next round does it: %r", type(self).__name__, error)
