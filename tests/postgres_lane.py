"""
The pytest plugin of the PostgreSQL and Redis lane.

Keeps the tests that these can answer differently from SQLite and the in-memory layer: those marked
`postgres` or `redis`, and every test of the rooms that lock, write, publish and push.
"""

import pytest

from tests.services import postgres_url, redis_url, require

ROOMS = {"models", "delivery", "domain", "actions", "sockets"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept = [item for item in items if belongs(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def belongs(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("postgres") or item.get_closest_marker("redis")
    return bool(marked) or not ROOMS.isdisjoint(item.path.parts)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    require("PostgreSQL", postgres_url())
    require("Redis", redis_url())
