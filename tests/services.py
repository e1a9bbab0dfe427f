"""
What the machine offers to the tests, found once per process.

A test that needs a service says `require("PostgreSQL", postgres_url())`: without the service it is
skipped, or fails where LIVECHAT_TEST_REQUIRE=all.
"""

import functools
import os
import shutil
from pathlib import Path

import pytest

POSTGRES_URL = os.environ.get("LIVECHAT_TEST_POSTGRES", "postgresql://127.0.0.1:5432")
REDIS_URL = os.environ.get("LIVECHAT_TEST_REDIS", "redis://127.0.0.1:6379/9")
BROWSERS = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
]


@functools.cache
def postgres_url() -> str | None:
    """The server's URL when it answers."""
    import psycopg

    try:
        psycopg.connect(f"{POSTGRES_URL}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return None
    return POSTGRES_URL


@functools.cache
def redis_url() -> str | None:
    """The server's URL when it answers."""
    import redis

    client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3)
    try:
        client.ping()
    except redis.RedisError:
        return None
    finally:
        client.close()
    return REDIS_URL


@functools.cache
def chromium_path() -> str | None:
    """The first Chromium, Chrome or Edge of this machine; LIVECHAT_TEST_CHROMIUM names another."""
    named = os.environ.get("LIVECHAT_TEST_CHROMIUM")
    found = (shutil.which(name) for name in ([named] if named else BROWSERS))
    return next((str(Path(path)) for path in found if path), None)


def require(name: str, value: str | None) -> str:
    """The value, or the end of the test: skipped, or failed where everything is required."""
    if value is not None:
        return value
    if os.environ.get("LIVECHAT_TEST_REQUIRE") == "all":
        pytest.fail(f"{name} is required (LIVECHAT_TEST_REQUIRE=all) and not to be found")
    pytest.skip(f"{name} is not to be found")


if __name__ == "__main__":
    raise SystemExit(0 if chromium_path() else 1)
