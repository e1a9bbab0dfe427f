"""Whether the sockets are served. Without them the chat still works, by polling."""

import asyncio
import sys
from threading import Thread
from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.management import get_commands, load_command_class
from django.utils.module_loading import import_string

from .options import TAG, valid
from .site import socket_path

ANSWER_SECONDS = 5


@register(TAG)
def check_asgi(**_: Any) -> list[CheckMessage]:
    if getattr(django_settings, "ASGI_APPLICATION", None):
        return []
    project = str(django_settings.ROOT_URLCONF).rpartition(".")[0] or "mysite"
    return [
        Warning(
            "ASGI_APPLICATION is not set: messages arrive by polling, some seconds late.",
            hint=f'For real time set ASGI_APPLICATION = "{project}.asgi.application" and add to'
            f" the end of {project.replace('.', '/')}/asgi.py: {_WRAP} Where polling is"
            ' what you want: SILENCED_SYSTEM_CHECKS = ["livechat_widget.W030"].',
            id="livechat_widget.W030",
        )
    ]


@register(TAG)
def check_runserver(**_: Any) -> list[CheckMessage]:
    if sys.argv[1:2] != ["runserver"] or _runserver_is_asgi():
        return []
    return [
        Warning(
            "This runserver does not speak WebSocket: the chat falls back to polling.",
            hint='Put "daphne" first in INSTALLED_APPS; its runserver does.',
            id="livechat_widget.W031",
        )
    ]


@register(TAG, deploy=True)
def check_handshake(**_: Any) -> list[CheckMessage]:
    dotted, path = getattr(django_settings, "ASGI_APPLICATION", None), socket_path()
    # Without a host every request is refused; security.W020 says so.
    if not dotted or not path or not _host():
        return []
    reason = _try(dotted, path)
    if not reason:
        return []
    return [
        Error(
            f"{dotted} does not serve the sockets of the chat at {path}: {reason}.",
            hint=f"Add to the end of the module: {_WRAP} docs/install.md has two other ways.",
            id="livechat_widget.E032",
        )
    ]


_WRAP = "from livechat_widget.asgi import with_livechat; application = with_livechat(application)."


def _runserver_is_asgi() -> bool:
    command = load_command_class(get_commands()["runserver"], "runserver")
    return any(kind.__module__.startswith("daphne.") for kind in type(command).__mro__)


def _try(dotted: str, path: str) -> str:
    """Open the socket inside this process; gives the reason why that failed, or nothing.

    It has a thread to itself: the caller may be inside an event loop, and what is tried may hang.
    """
    from django.test.utils import override_settings  # only here: a server does not need it

    reasons = [f"it did not answer within {ANSWER_SECONDS} seconds"]
    # The trial is no server: it neither does timed jobs nor listens to other processes.
    quiet = {**valid(), "IN_PROCESS_TICKER": False, "CHANNEL_LAYER": None}
    with override_settings(LIVECHAT=quiet):
        thread = Thread(target=lambda: reasons.append(_open(dotted, path)), daemon=True)
        thread.start()
        thread.join(ANSWER_SECONDS + 1)
    return reasons[-1]


def _open(dotted: str, path: str) -> str:
    try:
        application = import_string(dotted)
        answer = asyncio.run(_shake_hands(application, _scope(path)))
    except Exception as error:
        return f"{type(error).__name__}: {error}".rstrip(".")
    if answer["type"] == "websocket.accept":
        return ""
    return f"it refused the connection with code {answer.get('code', 1000)}"


async def _shake_hands(application: Any, scope: dict[str, Any]) -> dict[str, Any]:
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    ours: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    ours.put_nowait({"type": "websocket.connect"})
    served = asyncio.ensure_future(application(scope, ours.get, said.put))
    heard = asyncio.ensure_future(said.get())
    await asyncio.wait({served, heard}, timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if heard.done():
        return heard.result()
    if served.done():
        served.result()
        raise ConnectionError("it ended without an answer")
    raise TimeoutError(f"no answer within {ANSWER_SECONDS} seconds")


def _scope(path: str) -> dict[str, Any]:
    host = _host()
    return {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "wss",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", host.encode()), (b"origin", f"https://{host}".encode())],
        "client": ("127.0.0.1", 1),
        "server": (host, 443),
        "subprotocols": [],
    }


def _host() -> str:
    """A host that the site answers to; empty when it answers to none."""
    hosts = django_settings.ALLOWED_HOSTS or (["localhost"] if django_settings.DEBUG else [])
    first: str = hosts[0].lstrip(".") if hosts else ""
    return "localhost" if first == "*" else first
