"""Everybody comes back at the same moment, as after the proxy was restarted."""

import asyncio
import time
from dataclasses import dataclass

from .crowd import Member, at_once, patiently, quantile
from .fleet import Fleet

# Chats that go on while the others come back.
SURVIVORS = 20
STARTING = 50


@dataclass(frozen=True)
class Storm:
    """Seconds, but for ``statements``: those of PostgreSQL per client that came back."""

    clients: int
    all_synced: float
    handshake_p50: float
    handshake_p99: float
    synced_p50: float
    synced_p99: float
    statements: float
    sends_p99: float

    def within_limits(self) -> bool:
        # A hundredth or two is the reconcilers', which ask with the same words.
        return self.all_synced <= 30 and round(self.statements) <= 6 and self.sends_p99 <= 2


async def brew(fleet: Fleet, clients: int) -> Storm:
    """Each lacks one push when it comes back. First all alone, for the statements; then again,
    while the survivors talk."""
    [cast] = await fleet.draw_casts(1, clients + SURVIVORS)
    members = [Member(record, fleet.port) for record in cast["customers"]]
    crowd, survivors = members[:clients], members[clients:]
    await at_once(members, _settle_in, STARTING)
    before = await fleet.statements()
    await _drop_and_return(crowd)
    asked = await fleet.statements() - before
    # What the workers ask for themselves does not grow with the clients.
    theirs = [calls for calls in asked.values() if calls > clients / 2]
    talking = [asyncio.create_task(_talk(one)) for one in survivors]
    seconds = await _drop_and_return(crowd)
    for task in talking:
        task.cancel()
    sends = [took for one in await asyncio.gather(*talking) for took in one]
    await at_once(members, Member.close, STARTING)
    handshakes, synced = ([getattr(m, name) for m in crowd] for name in ("handshake", "synced"))
    return Storm(
        clients,
        seconds,
        quantile(handshakes, 0.5),
        quantile(handshakes, 0.99),
        quantile(synced, 0.5),
        quantile(synced, 0.99),
        sum(theirs) / clients,
        quantile(sends, 0.99),
    )


async def _settle_in(member: Member) -> None:
    await member.open()
    await member.start_chat()
    await member.say("hello again")
    await member.catch_up(2)


async def _drop_and_return(crowd: list[Member]) -> float:
    """How long it takes until the last of them has everything."""
    for member in crowd:
        member.drop()
        member.seq -= 1  # the last push never got here
    began = time.monotonic()
    await at_once(crowd, patiently)
    return time.monotonic() - began


async def _talk(member: Member) -> list[float]:
    """A message now and then, until cancelled; gives how long each took to be acknowledged."""
    took: list[float] = []
    try:
        while True:
            took.append(await member.say(f"still here {len(took)}"))
            await asyncio.sleep(0.2)
    except asyncio.CancelledError:
        return took
