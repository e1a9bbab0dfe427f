"""The timed jobs inside the server, as a task on its loop; one process of all does them."""

import asyncio
import logging
import os
import socket
from contextlib import suppress
from functools import partial

from .conf import settings
from .delivery.threads import run
from .domain import alarm
from .domain.jobs import run_due

logger = logging.getLogger("livechat_widget.ticker")

INTERVAL_SECONDS = 5.0
_task: asyncio.Task[None] | None = None


def start_ticker() -> None:
    """ASGI servers without a lifespan start it at the first connection."""
    global _task
    if settings.IN_PROCESS_TICKER and (_task is None or _task.done()):
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        alarm.wake(partial(loop.call_soon_threadsafe, woken.set))
        _task = loop.create_task(_tick(woken))


async def _tick(woken: asyncio.Event) -> None:
    holder = f"{socket.gethostname()}:{os.getpid()}"
    while True:
        try:
            await run(run_due, holder)
        except Exception:
            logger.exception("The timed jobs failed and are tried again")
        with suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), INTERVAL_SECONDS)
        woken.clear()
