"""The timed jobs inside the server, as a task on its loop; one process of all does them."""

import asyncio
import logging
import os
import socket

from .conf import settings
from .delivery.threads import run
from .domain.jobs import run_due

logger = logging.getLogger("livechat_widget.ticker")

INTERVAL_SECONDS = 5.0
_task: asyncio.Task[None] | None = None


def start_ticker() -> None:
    """ASGI servers without a lifespan start it at the first connection."""
    global _task
    if settings.IN_PROCESS_TICKER and (_task is None or _task.done()):
        _task = asyncio.get_running_loop().create_task(_tick())


async def _tick() -> None:
    holder = f"{socket.gethostname()}:{os.getpid()}"
    while True:
        try:
            await run(run_due, holder)
        except Exception:
            logger.exception("The timed jobs failed and are tried again")
        await asyncio.sleep(INTERVAL_SECONDS)
