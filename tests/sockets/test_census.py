"""Who is here is written down for all connections of a process together."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from livechat_widget.models import Agent
from livechat_widget.sockets import census
from livechat_widget.sockets.census import Census


@pytest.fixture(autouse=True)
def no_traceback() -> None:
    """There is no server here."""


class Connection:
    person = "vera"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []

    async def run(function: Any, people: Any) -> None:
        found.append((function.__name__, people))

    monkeypatch.setattr(census, "run", run)
    return found


def test_it_works(written: list[Any]) -> None:
    ann = Agent(name="Ann")
    here: Any = [SimpleNamespace(person=ann), SimpleNamespace(person="vera")]

    async def look(times: int) -> None:
        one = Census()
        for _ in range(times):
            await one.look(here)

    asyncio.run(look(3))  # keepers come by more often than is worth a write
    assert written == [("renew_agents", [ann]), ("renew_customers", ["vera"])]


def test_what_failed_is_tried_in_the_next_round(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    async def run(function: Any, people: Any) -> None:
        tries.append(function.__name__)
        raise OSError

    monkeypatch.setattr(census, "run", run)

    async def look() -> None:
        one = Census()
        for _ in range(2):
            one.look_after(Connection())
            while one._task and not one._task.done():
                await asyncio.gather(one._task)

    asyncio.run(look())
    assert tries == ["renew_agents", "renew_agents"]
