"""The channel layer."""

from collections.abc import Callable
from typing import Any

import pytest
import redis

Numbers = Callable[..., list[str]]
URL = "redis://127.0.0.1:6379"
BACKENDS = {
    "memory": "channels.layers.InMemoryChannelLayer",
    "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "queued": "channels_redis.core.RedisChannelLayer",
}


def layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"BACKEND": BACKENDS[kind], "CONFIG": config}


RIGHT = layer("pubsub", hosts=[URL], prefix="shop")


def test_it_is_silent_with_what_the_docs_say(numbers: Numbers) -> None:
    assert numbers(deploy=True, CHANNEL_LAYERS={"default": RIGHT}) == []


def test_it_reports_a_name_that_is_not_there(numbers: Numbers) -> None:
    assert numbers(deploy=True, CHANNEL_LAYERS={"chat": RIGHT}, LIVECHAT={}) == ["E040"]
    assert numbers(deploy=True, LIVECHAT={"CHANNEL_LAYER": "chat"}) == []
    assert numbers(deploy=True, CHANNEL_LAYERS={}) == ["E040"]


def test_it_reports_hosts_that_are_no_list(numbers: Numbers) -> None:
    assert numbers(CHANNEL_LAYERS={"default": layer("pubsub", hosts=URL)}) == ["E041"]
    assert numbers(CHANNEL_LAYERS={"default": layer("pubsub", hosts=[URL])}) == []


def test_it_reports_the_layer_that_drops_messages(numbers: Numbers) -> None:
    assert numbers(CHANNEL_LAYERS={"default": layer("queued", hosts=[URL])}) == ["W042"]


@pytest.mark.parametrize(
    ("version", "host", "expected"),
    [
        (8, URL, ["W042", "W043"]),
        (8, ("127.0.0.1", 6379), ["W042", "W043"]),
        (8, {"address": URL, "socket_timeout": 5}, ["W042", "W043"]),
        (8, {"address": URL, "socket_timeout": 15}, ["W042"]),
        (8, {"address": URL, "socket_timeout": None}, ["W042"]),
        (8, f"{URL}/0?socket_timeout=15", ["W042"]),
        (7, URL, ["W042"]),
    ],
)
def test_it_reports_a_timeout_as_short_as_the_wait(
    numbers: Numbers,
    monkeypatch: pytest.MonkeyPatch,
    version: int,
    host: Any,
    expected: list[str],
) -> None:
    monkeypatch.setattr(redis, "VERSION", (version, 0, 0))
    assert numbers(CHANNEL_LAYERS={"default": layer("queued", hosts=[host])}) == expected


@pytest.mark.parametrize("layers", [{}, {"default": layer("memory")}])
def test_it_reports_processes_that_cannot_hear_each_other(numbers: Numbers, layers: Any) -> None:
    assert numbers(deploy=True, CHANNEL_LAYERS=layers) == ["W044"]
    assert numbers(deploy=True, LIVECHAT={"CHANNEL_LAYER": None}) == []
    assert numbers(deploy=True, LIVECHAT={}, DEBUG=True) == []


def test_it_reports_a_layer_that_another_site_may_share(numbers: Numbers) -> None:
    shared = layer("pubsub", hosts=[URL])
    assert numbers(deploy=True, CHANNEL_LAYERS={"default": shared}) == ["W045"]
