"""The channel layer, which tells the other processes that there is something new."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import redis
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register

from .options import TAG, valid, value_of

MEMORY = "channels.layers.InMemoryChannelLayer"
QUEUED = "channels_redis.core.RedisChannelLayer"
PUBSUB = "channels_redis.pubsub.RedisPubSubChannelLayer"
# How long a process waits at Redis for its next message (RedisChannelLayer.brpop_timeout).
BLOCKING_SECONDS = 5


@register(TAG)
def check_name(**_: Any) -> list[CheckMessage]:
    alias, layers = _alias(), _layers()
    named = bool(layers) or "CHANNEL_LAYER" in valid()
    if alias is None or alias in layers or not named:
        return []
    return [
        Error(
            f'CHANNEL_LAYERS has no entry "{alias}", which LIVECHAT["CHANNEL_LAYER"] names.',
            hint=f"Add one: {_recommended()}; or name another, or None for a single process.",
            id="livechat_widget.E040",
        )
    ]


@register(TAG)
def check_hosts(**_: Any) -> list[CheckMessage]:
    if not isinstance(_config().get("hosts", []), str | bytes):
        return []
    return [
        Error(
            f'CHANNEL_LAYERS["{_alias()}"]: “hosts” is a text, not a list.',
            hint='Set "hosts": ["redis://127.0.0.1:6379"].',
            id="livechat_widget.E041",
        )
    ]


@register(TAG)
def check_kind(**_: Any) -> list[CheckMessage]:
    if _backend() != QUEUED:
        return []
    return [
        Warning(
            "RedisChannelLayer drops what exceeds its capacity, of 100 messages by default, and"
            " forgets its groups when Redis restarts.",
            hint=f'Set "BACKEND": "{PUBSUB}", which has neither limit.',
            id="livechat_widget.W042",
        )
    ]


@register(TAG)
def check_timeout(**_: Any) -> list[CheckMessage]:
    if _backend() != QUEUED or int(redis.VERSION[0]) < 8:
        return []
    hosts = _config().get("hosts") or [{}]
    if isinstance(hosts, str | bytes) or all(_is_patient(host) for host in hosts):
        return []
    return [
        Warning(
            f"redis-py {redis.__version__} gives up after 5 seconds, just when RedisChannelLayer"
            " would have had its answer: a quiet process loses its connection again and again.",
            hint='Type pip install "redis<8", or set "hosts":'
            ' [{"address": "redis://127.0.0.1:6379", "socket_timeout": 15}].',
            id="livechat_widget.W043",
        )
    ]


@register(TAG, deploy=True)
def check_reach(**_: Any) -> list[CheckMessage]:
    if django_settings.DEBUG or _alias() is None or _backend() not in ("", MEMORY):
        return []
    if check_name():
        return []
    return [
        Warning(
            "The channel layer stays inside one process. With several, typing is not seen"
            " between them and messages come some seconds late.",
            hint=f"Set {_recommended()}. Where one process is all there is, say so:"
            ' LIVECHAT = {"CHANNEL_LAYER": None}.',
            id="livechat_widget.W044",
        )
    ]


@register(TAG, deploy=True)
def check_prefix(**_: Any) -> list[CheckMessage]:
    if _backend() not in (QUEUED, PUBSUB) or _config().get("prefix"):
        return []
    return [
        Warning(
            "The channel layer has no prefix of its own: another site on the same Redis would"
            " hear what visitors are typing here.",
            hint=f'Add "prefix": "mysite-livechat" to the CONFIG of'
            f' CHANNEL_LAYERS["{_alias()}"], different for every site.',
            id="livechat_widget.W045",
        )
    ]


def _recommended() -> str:
    alias = _alias() or "default"
    return (
        f'CHANNEL_LAYERS = {{"{alias}": {{"BACKEND": "{PUBSUB}", "CONFIG":'
        ' {"hosts": ["redis://127.0.0.1:6379"], "prefix": "mysite-livechat"}}}'
    )


def _is_patient(host: Any) -> bool:
    """Whether a Redis connection waits longer than the layer does."""
    if isinstance(host, str):
        host = {"address": host}
    if not isinstance(host, dict):
        return False
    query = parse_qs(urlsplit(str(host.get("address", ""))).query)
    seconds = host.get("socket_timeout", query.get("socket_timeout", [BLOCKING_SECONDS])[-1])
    return seconds is None or float(seconds) > BLOCKING_SECONDS


def _alias() -> str | None:
    alias: str | None = value_of("CHANNEL_LAYER")
    return alias


def _layers() -> dict[str | None, Any]:
    return getattr(django_settings, "CHANNEL_LAYERS", None) or {}


def _backend() -> str:
    return str(_layers().get(_alias(), {}).get("BACKEND", ""))


def _config() -> dict[str, Any]:
    return _layers().get(_alias(), {}).get("CONFIG") or {}
