"""Whoever says something: one operation, tried again under the same custom_id until it is known."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable
from typing import Any

from .history import History, digest
from .line import Lost

# Answers that are final: the operation was not, and will not be, carried out.
FINAL = {
    "validation",
    "authorization",
    "authentication",
    "not_found",
    "chat_inactive",
    "chat_limit_reached",
    "chat_already_active",
    "groups_offline",
}
GIVE_UP_SECONDS = 25.0
Attempt = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Speaker:
    """``retries`` is what our clients do; a plain one leaves a lost request alone."""

    def __init__(self, name: str, author: str, history: History, *, retries: bool = True) -> None:
        self.name, self.author, self.history, self.retries = name, author, history, retries
        self.acked = 0
        self._numbers = itertools.count(1)

    def draw_text(self, size: int = 0) -> str:
        return f"{self.name} says {next(self._numbers)} {'.' * size}".strip()

    async def deliver(
        self, act: str, text: str, attempt: Attempt, custom_id: str | None = None
    ) -> str | None:
        """Gives the event's id once it is acknowledged; None when it was refused or is unknown."""
        op = f"{self.name}:{digest(text)}"
        custom_id = custom_id or (op if self.retries else None)
        event = {"type": "message", "text": text} | ({"custom_id": custom_id} if custom_id else {})
        self.history.note(
            "invoke", op=op, act=act, author=self.author, custom_id=custom_id, hash=digest(text)
        )
        deadline = asyncio.get_running_loop().time() + GIVE_UP_SECONDS
        wait = 0.05
        while asyncio.get_running_loop().time() < deadline:
            outcome, event_id = await self._try(attempt, event)
            if outcome != "unknown":
                self.history.note(outcome, op=op, event=event_id, error=event_id)
                self.acked += outcome == "ok"
                return event_id if outcome == "ok" else None
            if not self.retries:
                break
            await asyncio.sleep(random.uniform(0.5, 1) * wait)
            wait = min(wait * 2, 1)
        self.history.note("info", op=op)
        return None

    async def _try(self, attempt: Attempt, event: dict[str, Any]) -> tuple[str, str | None]:
        try:
            answer = await asyncio.wait_for(attempt(event), GIVE_UP_SECONDS)
        except (Lost, TimeoutError, OSError):
            return "unknown", None
        if answer["success"]:
            payload = answer["payload"]
            return "ok", payload.get("event_id") or next(iter(payload.get("event_ids", ())), None)
        problem = answer["payload"]["error"]["type"]
        return ("fail" if problem in FINAL else "unknown"), problem
