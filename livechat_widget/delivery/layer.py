"""The channel layer, kept at arm's length: it carries hints and may fail in any way it likes."""

import asyncio
import logging
import secrets
import time
from functools import cache
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from ..conf import settings
from ..counters import counters
from .epoch import read_epoch

logger = logging.getLogger("livechat_widget.delivery")

TYPE = "livechat.hints"
# Known to this process alone: a group brings its own hints back.
SENDER = secrets.token_hex(8)
SEND_TIMEOUT = 0.25
PING_TIMEOUT = 1.0
FAILURES_BEFORE_PAUSE = 3
PAUSE_SECONDS = 5.0


@cache
def group_name() -> str:
    """One group per deployment, so that two that share a Redis by mistake hear nothing of each
    other. Runs a query the first time."""
    return f"livechat_widget.{read_epoch()}"


def get_layer() -> Any:
    """The layer between processes; None where there is one process only."""
    layer = get_channel_layer(settings.CHANNEL_LAYER) if settings.CHANNEL_LAYER else None
    return None if isinstance(layer, InMemoryChannelLayer) else layer


async def ping() -> None:
    """A hint to nobody, where there is a layer; raises whatever the layer raises."""
    if layer := get_layer():
        message = {"type": TYPE, "items": []}
        await asyncio.wait_for(layer.group_send("livechat_widget.ping", message), PING_TIMEOUT)


class Sender:
    """Sends batches with a short timeout; after some failures in a row it pauses."""

    def __init__(self) -> None:
        self._failures = 0
        self._closed_until = 0.0

    def is_paused(self) -> bool:
        return time.monotonic() < self._closed_until

    async def send(self, group: str, items: list[Any]) -> None:
        layer = get_layer()
        if layer is None:
            return
        if self.is_paused():
            _count_lost(items)  # the reconcilers of the other processes find the entries
            return
        message = {"type": TYPE, "sender": SENDER, "items": items}
        try:
            await asyncio.wait_for(layer.group_send(group, message), SEND_TIMEOUT)
            self._failures = 0
            counters.hints_sent += 1
        except Exception as error:
            self._failures += 1
            if self._failures >= FAILURES_BEFORE_PAUSE:
                self._closed_until = time.monotonic() + PAUSE_SECONDS
            _count_lost(items)
            logger.warning("The channel layer did not take a hint: %r", error)


def _count_lost(items: list[Any]) -> None:
    counters.hints_failed += 1
    counters.ephemera_dropped += sum(item[0] == "Ephemeral" for item in items)


def send_from_thread(items: list[Any]) -> None:
    """For processes without a bus: management commands, WSGI workers, a shell."""
    if get_layer() is not None:
        async_to_sync(Sender().send)(group_name(), items)
