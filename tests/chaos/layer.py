"""A channel layer that loses, doubles, delays, disorders, refuses or swallows hints, as told."""

import asyncio
import random
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

# The gauge of a worker's tasks leaves those of this name out.
OURS = "chaos"
ALIEN = {"type": "livechat.from_the_future", "items": [["Unheard", 1, 2], ["Hint"], 7], "extra": {}}


class ChaosLayer:
    """In front of a real layer, named by the option ``real``; works on the sending side."""

    def __init__(self, real: str, **options: Any) -> None:
        self._real = import_string(real)(**options)
        self._kept_back: tuple[str, Any] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def group_send(self, group: str, message: Any) -> None:
        chaos = apps.get_app_config("chaos")
        how, note, send = chaos.switches.get("layer", {}), chaos.effects.note, self._real.group_send
        if random.random() < how.get("drop", 0):
            note("hint dropped")
        elif how.get("raise"):
            note("hint refused")
            raise ConnectionError("the layer is told to refuse")
        elif how.get("hang"):
            note("hint swallowed")
            await asyncio.Event().wait()
        elif delay := how.get("delay"):
            note("hint delayed")
            asyncio.get_running_loop().create_task(_later(delay, send, group, message), name=OURS)
        elif how.get("reorder"):
            await self._swap(group, message, note)
        else:
            await self._repeat(how, group, message, note)

    async def _repeat(self, how: Any, group: str, message: Any, note: Any) -> None:
        for _ in range(how.get("times", 1)):
            await self._real.group_send(group, message)
        if how.get("times", 1) > 1:
            note("hint doubled")
        if how.get("alien"):
            await self._real.group_send(group, ALIEN)
            note("alien hint sent")

    async def _swap(self, group: str, message: Any, note: Any) -> None:
        """Every second hint overtakes the one before it."""
        if self._kept_back is None:
            self._kept_back = (group, message)
            return
        earlier, self._kept_back = self._kept_back, None
        await self._real.group_send(group, message)
        await self._real.group_send(*earlier)
        note("hint overtaken")


async def _later(delay: float, send: Any, group: str, message: Any) -> None:
    await asyncio.sleep(delay)
    await send(group, message)
