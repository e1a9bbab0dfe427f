"""The bus, without sockets: who is let in, what wakes a feed, what cannot hurt it."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from livechat_widget.delivery import bus as bus_module
from livechat_widget.delivery import feed as feed_module
from livechat_widget.delivery import log
from livechat_widget.delivery.bus import Bus
from livechat_widget.delivery.encode import Encoding, Item, Page
from livechat_widget.delivery.publish import FRESH_SECONDS, Ephemeral, Hint
from livechat_widget.protocol.views import View

STREAM = 7
ENCODING = Encoding(View.CUSTOMER, "3.5")


class Subscriber:
    """A connection as the bus knows it."""

    encoding = ENCODING
    desk = None

    def __init__(self) -> None:
        self.items: list[int] = []
        self.gone = False
        self.lagging: set[int] = set()

    def deliver(self, item: Item) -> None:
        if item.seq > self.holds(STREAM):
            self.items.append(item.seq)

    def deliver_ephemeral(self, stream_id: int, action: str, frame: bytes) -> None:
        self.items.append(-1)

    def holds(self, stream_id: int) -> int:
        return self.items[-1] if self.items else 0

    def start_at(self, stream_id: int, number: int) -> None: ...

    def is_lagging(self, stream_id: int) -> bool:
        return stream_id in self.lagging

    def lag(self, stream_id: int) -> None:
        self.lagging.add(stream_id)

    def streams(self) -> list[int]:
        return [STREAM]

    def is_gone(self) -> bool:
        return self.gone


class Log:
    """A log of so many entries, instead of the database."""

    def __init__(self) -> None:
        self.last = 0
        self.fails = False

    async def run(self, function: Callable[..., Any], *args: Any) -> Any:
        await asyncio.sleep(0)
        if self.fails:
            raise ConnectionError("no database")
        if function is log.heads:
            return {stream: log.Head(self.last, self.last) for stream in args[0]}
        _, _, number, encodings = args
        frames = dict.fromkeys(encodings, b"{}")
        rest = range(number + 1, min(self.last, number + log.PAGE) + 1)
        return Page([Item(STREAM, "incoming_event", seq, seq, frames) for seq in rest])


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Log:
    fake = Log()
    monkeypatch.setattr(bus_module, "run", fake.run)
    monkeypatch.setattr(feed_module, "run", fake.run)
    monkeypatch.setattr(bus_module, "get_layer", lambda: None)
    return fake


def within_a_bus(test: Callable[[Bus], Coroutine[Any, Any, None]]) -> None:
    async def go() -> None:
        bus = Bus()
        try:
            await test(bus)
        finally:
            for task in list(bus._tasks):
                task.cancel()

    asyncio.run(go())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


def test_it_replays_and_goes_on(entries: Log) -> None:
    async def test(bus: Bus) -> None:
        one, entries.last = Subscriber(), 2 * log.PAGE + 5
        await bus.join(one, STREAM)
        assert one.items == list(range(1, entries.last + 1))
        entries.last += 1
        bus.hear(Hint(1, STREAM, entries.last, entries.last))
        await until(lambda: one.items[-1] == entries.last)

    within_a_bus(test)


def test_a_ping_finds_what_no_hint_told(entries: Log) -> None:
    async def test(bus: Bus) -> None:
        one = Subscriber()
        await bus.join(one, STREAM)
        entries.last = 3
        heads = await asyncio.gather(bus.look([STREAM]), bus.look([STREAM]))
        assert heads[0][STREAM].public_seq == 3
        await until(lambda: one.items == [1, 2, 3])

    within_a_bus(test)


def test_who_left_while_being_let_in_is_not_kept(entries: Log) -> None:
    async def test(bus: Bus) -> None:
        one = Subscriber()
        joining = bus.rejoin(one, STREAM)
        await asyncio.sleep(0)
        one.gone = True
        bus.leave(one)
        await joining
        assert bus.feeds == {}

    within_a_bus(test)


def test_a_join_that_fails_is_left_to_the_keeper(entries: Log) -> None:
    async def test(bus: Bus) -> None:
        one, entries.fails = Subscriber(), True
        await bus.rejoin(one, STREAM)
        assert one.is_lagging(STREAM)
        entries.fails, entries.last = False, 1
        one.lagging.clear()
        await bus.rejoin(one, STREAM)
        assert one.items == [1]

    within_a_bus(test)


def test_a_read_that_fails_is_made_up_for(entries: Log) -> None:
    async def test(bus: Bus) -> None:
        one = Subscriber()
        await bus.join(one, STREAM)
        entries.fails, entries.last = True, 1
        bus.hear(Hint(1, STREAM, 1, 1))
        await until(lambda: not bus.feeds[STREAM]._is_reading())
        entries.fails = False
        await bus.look([STREAM])
        await until(lambda: one.items == [1])

    within_a_bus(test)


def test_typing_that_a_slow_layer_brings_is_over(entries: Log) -> None:
    payload = {"chat_id": "c", "thread_id": "t", "typing_indicator": {"author_id": "a"}}

    def typing(age: float) -> Ephemeral:
        action = "incoming_typing_indicator"
        return Ephemeral(STREAM, View.CUSTOMER, action, payload, time.time() - age)

    async def test(bus: Bus) -> None:
        one = Subscriber()
        await bus.join(one, STREAM)
        bus.hear(typing(age=FRESH_SECONDS))
        assert one.items == []
        bus.hear(typing(age=0))
        assert one.items == [-1]

    within_a_bus(test)


@pytest.mark.parametrize("items", [[["Hint"]], [[]], [["Alien", 1]], [["Hint", 1, STREAM, 1, 1]]])
def test_a_strange_hint_does_not_deafen_it(entries: Log, items: list[Any]) -> None:
    class Layer:
        messages = [{"items": items}, {}, {"items": [["Hint", 1, STREAM, 1, 1, False]]}]

        async def receive(self, channel: str) -> Any:
            if self.messages:
                return self.messages.pop(0)
            raise TimeoutError

    async def test(bus: Bus) -> None:
        one = Subscriber()
        await bus.join(one, STREAM)
        entries.last = 1
        with pytest.raises(TimeoutError):
            await bus._hear_from(Layer(), "channel")
        await until(lambda: one.items == [1])

    within_a_bus(test)
