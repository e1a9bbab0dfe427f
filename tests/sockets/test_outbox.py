"""What goes out on a connection, whatever the server does with a send."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from livechat_widget.sockets.outbox import Outbox


class Wire:
    """A server's ``send``: takes frames at once, or only when it is let, or never again."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.open = asyncio.Event()
        self.open.set()
        self.broken = False

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        if self.broken:
            raise OSError("the other side is gone")
        self.sent.append(message.get("text") or message["code"])


def play(story: Callable[[Outbox, Wire], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        wire = Wire()
        await story(Outbox(wire.send), wire)

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0)


def test_it_sends_at_once_what_the_server_takes() -> None:
    async def story(outbox: Outbox, wire: Wire) -> None:
        outbox.put(b"one")
        outbox.put(b"two")
        assert wire.sent == ["one", "two"]
        assert len(asyncio.all_tasks()) == 1  # this test

    play(story)


def test_what_comes_while_a_send_waits_goes_after_it() -> None:
    async def story(outbox: Outbox, wire: Wire) -> None:
        wire.open.clear()
        for frame in (b"one", b"two", b"three"):
            outbox.put(frame)
        outbox.close(4000)
        await asyncio.sleep(0)
        assert wire.sent == []
        wire.open.set()
        await until(lambda: len(wire.sent) == 4)
        assert wire.sent == ["one", "two", "three", 4000]

    play(story)


def test_nothing_goes_out_after_a_close() -> None:
    async def story(outbox: Outbox, wire: Wire) -> None:
        outbox.close(4000)
        outbox.put(b"late")
        outbox.close(4001)
        assert wire.sent == [4000]

    play(story)


@pytest.mark.parametrize("waits", [False, True])
def test_a_send_that_fails_harms_nobody_who_puts(waits: bool) -> None:
    async def story(outbox: Outbox, wire: Wire) -> None:
        wire.broken = True
        if waits:
            wire.open.clear()
        outbox.put(b"one")
        wire.open.set()
        await until(lambda: len(asyncio.all_tasks()) == 1)
        outbox.put(b"two")
        assert wire.sent == []
        assert not outbox.is_blocked()

    play(story)


def test_one_that_waits_for_a_lost_connection_is_given_up() -> None:
    async def story(outbox: Outbox, wire: Wire) -> None:
        wire.open.clear()
        outbox.put(b"one")
        outbox.abandon()
        await until(lambda: len(asyncio.all_tasks()) == 1)
        wire.open.set()
        outbox.put(b"two")
        assert wire.sent == []

    play(story)
