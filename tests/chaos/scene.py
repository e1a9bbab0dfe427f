"""One trial's parties on a rig: who is there, where they are connected, what the nemesis may do."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from .agents import Agent, Console
from .checker.ledger import read_heads
from .clients import Customer, Tab
from .history import History
from .line import Line
from .rig import Cast, Rig
from .workers import Worker


@dataclass(frozen=True)
class Pace:
    """How much is said: pauses between turns in seconds, concurrent ``voices`` per customer, in
    which turns they type or have seen; ``waves``: every so many seconds, for so many seconds,
    everybody repeats what was said lately, here and on the listener's worker."""

    talkers: int = 5
    pause: tuple[float, float] = (0.1, 0.3)
    voices: int = 1
    types_every: int = 4
    sees_every: int = 5
    waves: tuple[float, float] = (1.0, 0.0)


CALM = Pace()


@dataclass
class Scene:
    """``effects`` counts what the nemesis did by itself; workers and proxies count their own.

    ``figures`` are measurements that the report prints, by name.
    """

    rig: Rig
    cast: Cast
    history: History
    rng: random.Random
    pace: Pace = CALM
    customers: list[Customer] = field(default_factory=list)
    listeners: list[Tab] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    consoles: list[Console] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)
    effects: Counter[str] = field(default_factory=Counter)
    figures: dict[str, float] = field(default_factory=dict)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def workers(self) -> list[Worker]:
        return self.rig.workers

    @property
    def lines(self) -> list[Line]:
        speaking = [customer.tab for customer in self.customers]
        return [*speaking, *self.listeners, *self.consoles, *self.extra]

    def homes(self, *numbers: int) -> list[Worker]:
        """Distinct workers by number, counted round; on a rig of one there is but the one."""
        chosen = dict.fromkeys(number % len(self.workers) for number in numbers)
        return [self.workers[number] for number in chosen]

    # -- who is there ------------------------------------------------------------------------

    def cast_customers(self, count: int, *, plain: bool = True) -> None:
        """Each speaks through two workers and listens through the third; the last one is plain
        (besides the one of group 7, which is the last of the cast)."""
        chosen = [*self.cast["customers"][: count - 1], self.cast["customers"][-1]]
        for number, record in enumerate(chosen):
            simple = plain and number == count - 2
            homes = self.homes(number, number + 1)
            tab = Tab(f"c{number}", record, homes, self.history, plain=simple)
            self.customers.append(Customer(f"c{number}", tab, self.history))
            listener = f"c{number} listens"
            homes = self.homes(number + 2)
            self.listeners.append(Tab(listener, record, homes, self.history, plain=simple))

    def cast_agents(self) -> None:
        for number, (name, record) in enumerate(
            zip(("ann", "bob"), self.cast["agents"], strict=True)
        ):
            homes = self.homes(number + 2)
            self.consoles.append(Console(f"{name} listens", record, homes, self.history))
            hands = self.homes(number, number + 1)
            self.agents.append(Agent(name, record, hands, self.history))

    async def open(self) -> None:
        for line in self.lines:
            line.open()
        for line in self.lines:
            await asyncio.wait_for(line.online.wait(), 30)

    async def close(self) -> None:
        await asyncio.gather(*(line.close() for line in self.lines))

    # -- how far everybody is ----------------------------------------------------------------

    async def settle(self, seconds: float) -> bool:
        """Wait until everybody holds everything; False when the time is over."""
        deadline = asyncio.get_running_loop().time() + seconds
        while await self.behind():
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.1)
        return True

    async def behind(self) -> list[str]:
        """The parties that lack something, or are away."""
        heads = await asyncio.to_thread(read_heads, self.rig.store, self.cast["organization"])
        groups = {one["id"]: one["group"] for one in self.cast["customers"]}
        lacking = [line.party for line in self.lines if not line.online.is_set()]
        for line in self.lines:
            if isinstance(line, Tab) and line.seq < heads[line.customer["id"]][1]:
                lacking.append(line.party)
            if isinstance(line, Console):
                held = {line.customers[chat]: seq for chat, seq in line.known.items()}
                mine = [one for one in heads if groups[one] in line.agent["groups"]]
                if any(held.get(one, 0) < heads[one][0] for one in mine):
                    lacking.append(line.party)
        return lacking

    # -- what the nemesis notes --------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def outage(self, name: str) -> AsyncIterator[None]:
        """Something that is promised to work is down; what is due then is due afterwards."""
        self.history.note("outage", name=name, phase="start")
        try:
            yield
        finally:
            self.history.note("outage", name=name, phase="stop")
