"""Named points of the send path where a worker dies or fails when it is told to.

A switch ``failpoint`` is ``{"id", "name", "hit", "action"}``: at the ``hit``-th passage of the
point the action, ``kill`` or ``raise``, happens once per id.
"""

import asyncio
import json
import os
import signal
from collections import Counter
from contextlib import suppress
from functools import wraps
from typing import Any

from django.apps import apps
from django.db import OperationalError, transaction

from .control import Effects, Switches
from .layer import OURS

_passages: Counter[str] = Counter()
_gauge: asyncio.Task[None] | None = None


def install(switches: Switches, effects: Effects) -> None:
    """Patch the product's public functions; a name that is gone raises here, at the start."""
    from livechat_widget.delivery import bus, log, publish

    _pass_before_commit(log)
    _pass_after_commit(publish)
    _fail_on_reading_heads(log)
    _skew_the_clock(log, switches, effects)
    _silence_the_reconciler(bus.Bus, switches, effects)


def reach(name: str) -> None:
    """Pass a point: nothing happens unless it is armed."""
    chaos = apps.get_app_config("chaos")
    armed = chaos.switches.get("failpoint")
    if not armed or armed["name"] != name:
        return
    _passages[armed["id"]] += 1
    if _passages[armed["id"]] != armed["hit"]:
        return
    chaos.effects.note(f"{armed['action']} {name}")
    if armed["action"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise OperationalError(f"failpoint {name}")


def _pass_before_commit(log: Any) -> None:
    append_all = log.append_all

    @wraps(append_all)
    def passing(batch: Any) -> Any:
        rows = append_all(batch)
        if any(row.event and row.event.author for row in rows):
            reach("before commit")
        return rows

    log.append_all = passing


def _pass_after_commit(publish: Any) -> None:
    announce = publish.entries

    @wraps(announce)
    def passing(written: Any) -> None:
        if any(row.event and row.event.author for _, rows in written for row in rows):
            # Registered first, so it is reached before the hint is given out.
            transaction.on_commit(lambda: reach("after commit"))
        announce(written)

    publish.entries = passing


def _fail_on_reading_heads(log: Any) -> None:
    heads = log.heads

    @wraps(heads)
    def passing(stream_ids: Any) -> Any:
        reach("reading heads")
        return heads(stream_ids)

    log.heads = passing


def _skew_the_clock(log: Any, switches: Switches, effects: Effects) -> None:
    real = log.time_ns

    def read_clock() -> int:
        skew = switches.get("skew", 0)
        if skew:
            effects.note("clock skewed")
        return int(real() + skew * 1_000_000_000)

    log.time_ns = read_clock


def _silence_the_reconciler(bus: Any, switches: Switches, effects: Effects) -> None:
    reconcile = bus._reconcile

    async def listening(self: Any) -> None:
        if switches.get("reconciler") == "off":
            effects.note("reconciler silent")
            await asyncio.sleep(0.3)
            return
        await reconcile(self)

    listening.__name__ = reconcile.__name__
    bus._reconcile = listening


# -- what can be seen on the wire --------------------------------------------------------------


def watch(application: Any) -> Any:
    """Wrap the ASGI application: points after a response and amid a replay, and the gauge."""

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        _start_gauge()
        if scope["type"] != "websocket":
            await application(scope, receive, send)
            return
        wire = _Wire(receive, send)
        await application(scope, wire.receive, wire.send)

    return watched


class _Wire:
    """One socket's frames, seen from outside the product."""

    def __init__(self, receive: Any, send: Any) -> None:
        self._receive, self._send = receive, send
        self._resumes = False

    async def receive(self) -> Any:
        message = await self._receive()
        text = message.get("text") or ""
        if '"login"' in text and json.loads(text)["payload"].get("cursor"):
            self._resumes = True
        return message

    async def send(self, message: Any) -> None:
        await self._send(message)
        text = message.get("text") or ""
        if '"type":"response"' in text and '"send_event"' in text and '"success":true' in text:
            reach("after response")
        if self._resumes and '"type":"push"' in text:
            reach("amid a replay")


def _start_gauge() -> None:
    global _gauge
    if _gauge is None and "CHAOS_WORKER" in os.environ:
        _gauge = asyncio.get_running_loop().create_task(_measure())


async def _measure() -> None:
    """What only the process itself knows: its tasks, and the streams that it follows."""
    from livechat_widget.delivery.bus import get_bus

    path = os.path.join(os.environ["CHAOS_WORKER"], "gauge.json")
    while True:
        tasks = [task for task in asyncio.all_tasks() if task.get_name() != OURS]
        gauge = {"tasks": len(tasks), "feeds": len(get_bus().feeds)}
        with suppress(OSError):  # F29 leaves it no file to write into
            with open(f"{path}.draft", "w") as file:
                json.dump(gauge, file)
            os.replace(f"{path}.draft", path)
        await asyncio.sleep(0.2)
